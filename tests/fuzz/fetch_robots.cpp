// robots.txt of anybody; and addresses of pages and hosts of any shape.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/url.h"
#include "fetch/address_guard.h"
#include "fetch/discovery.h"
#include "fetch/host_book.h"
#include "fetch/robots.h"

namespace fetch = newswire::fetch;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(static_cast<const char*>(static_cast<const void*>(data)), size);
  const auto robots = fetch::Robots::parse(text, "newswire");
  if (!robots.allows("/robots.txt")) std::abort();
  const auto end = text.find('\n');
  const auto path = text.substr(0, end);
  const auto once = robots.allows(path);
  if (robots.allows(path) != once) std::abort();

  for (const auto& feed : fetch::known_feeds(path)) {
    if (!newswire::is_http_url(feed.url)) std::abort();
  }
  const auto address = fetch::parse_address(path);
  if (!address && fetch::refused_address(path)) std::abort();
  if (fetch::host_key(path).parallel == 0) std::abort();
  return 0;
}
