// Whatever an entry is, cleaning ends, gives UTF-8, never empties it, and cleaning what came out changes nothing.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/text.h"
#include "clean/cleaner.h"

namespace {

newswire::clean::Cleaned clean(std::string_view html) {
  newswire::clean::Options options;
  options.learning = false;
  newswire::clean::Entry entry;
  entry.html = html;
  entry.title = "A title of some words";
  entry.url = "https://news.example/a/b";
  newswire::clean::SiteModel model;
  return newswire::clean::clean_entries({&entry, 1}, options, model, newswire::Time{})[0];
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto once = clean({reinterpret_cast<const char*>(data), size});
  if (!newswire::is_utf8(once.html) || !newswire::is_utf8(once.text)) std::abort();
  const auto twice = clean(once.html);
  if (twice.html != once.html || twice.text != once.text) std::abort();
  return 0;
}
