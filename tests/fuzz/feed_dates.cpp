// A date that was read is read again from its own RFC 3339 form.
#include <cstdint>
#include <cstdlib>

#include "feed/dates.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto found = newswire::feed::parse_date({reinterpret_cast<const char*>(data), size});
  if (!found) return 0;
  const auto again = newswire::feed::parse_date(newswire::to_rfc3339(*found));
  // Near the years 0 and 10000 the offset may carry the local time out of what RFC 3339 can say.
  const auto year =
      static_cast<int>(std::chrono::year_month_day{std::chrono::floor<std::chrono::days>(found->utc)}.year());
  if (year > 0 && year < 9999 && (!again || again->utc != found->utc)) std::abort();
  return 0;
}
