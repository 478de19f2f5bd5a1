// Whatever the bytes are, extraction ends, gives UTF-8, and what it gives is safe: sanitizing it changes nothing.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/text.h"
#include "clean/extract.h"
#include "clean/sanitize.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  newswire::clean::ExtractOptions options;
  options.url = "https://news.example/a/b";
  options.fetched_at = newswire::Time{std::chrono::hours{500000}};
  const auto got = newswire::clean::extract({reinterpret_cast<const char*>(data), size}, options);
  if (!got) return 0;
  if (!newswire::is_utf8(got->content_text) || !newswire::is_utf8(got->content_html)) std::abort();
  if (newswire::clean::sanitize_html(got->content_html, options.url) != got->content_html) std::abort();
  return 0;
}
