// Whatever a server writes into its headers: dates, cache directives, rate limits, and what is made of them.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "fetch/cache_headers.h"
#include "fetch/outcome.h"
#include "fetch/retry_after.h"
#include "fetch/validators.h"

namespace fetch = newswire::fetch;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

const std::chrono::sys_seconds kNow{std::chrono::seconds{1'795'507'200}};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(static_cast<const char*>(static_cast<const void*>(data)), size);
  if (const auto wait = fetch::parse_retry_after(text, kNow)) require(wait->count() >= 0);

  fetch::Response response;
  response.final_url = "https://example.org/feed.xml";
  response.status = static_cast<int>(size % 600);
  response.sent_validators = size % 2 == 0;
  for (const auto line : newswire::split(text, '\n')) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) {
      response.body += line;
      continue;
    }
    response.headers.push_back(
        {newswire::lower(newswire::trim(line.substr(0, colon))), std::string(newswire::trim(line.substr(colon + 1)))});
  }
  if (const auto reset = fetch::rate_limit_reset(response.headers, kNow)) require(reset->count() >= 0);
  response.cache = fetch::read_cache_headers(response.headers);
  if (const auto fresh = fetch::fresh_for(response.cache)) require(fresh->count() > 0 && *fresh <= fetch::kForever);
  if (const auto* etag = response.header("etag")) response.etag = *etag;

  const auto stored = fetch::updated_validators({}, response);
  const auto sent = fetch::conditional_headers(stored, response.final_url, true);
  require(sent.empty() == (stored.etag.empty() && stored.last_modified.empty()));

  const auto outcome = fetch::classify(newswire::Result<fetch::Response>(std::move(response)));
  require(!outcome.failed || !outcome.message.empty());
  return 0;
}
