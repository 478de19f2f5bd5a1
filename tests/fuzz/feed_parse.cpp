// A feed writes itself out as a JSON Feed that reads back as the same; streamed and whole output agree.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/text.h"
#include "feed/detail/double_encoding.h"
#include "feed/json.h"
#include "feed/parse.h"

namespace {

// Garbage can happen to be UTF-8 encoded twice; every reading undoes one layer of that, this one of our own too.
bool reads_back_as(const std::string& read, const std::string& written) {
  if (read == written) return true;
  for (const bool had_controls : {false, true}) {
    auto undone = written;
    if (newswire::feed::detail::undo_double_encoding(undone, had_controls) && read == newswire::fold_space(undone))
      return true;
  }
  return false;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace newswire::feed;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const ParseOptions options{.content_type = {}, .base_url = "http://example.org/a/b"};
  static Parser parser;  // its memory is reused, as by everybody who parses many documents
  auto feed = parser.parse(input, options);
  if (!feed) {
    if (feed.error().what.empty()) std::abort();
    return 0;
  }
  std::string whole;
  append_json_feed(whole, *feed);
  std::string streamed;
  if (parser.append_json(streamed, input, options) || streamed != whole) std::abort();
  if (!newswire::is_utf8(whole) || whole.find('\n') != std::string::npos) std::abort();
  const auto again = parser.parse(whole, {});
  if (!again || !reads_back_as(again->title, newswire::fold_space(feed->title))) std::abort();
  if (again->entries.size() != feed->entries.size()) std::abort();
  return 0;
}
