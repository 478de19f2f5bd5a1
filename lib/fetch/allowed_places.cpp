#include "fetch/allowed_places.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/text.h"

namespace newswire::fetch {
namespace {

constexpr unsigned kIpv4Offset = 96;  // bits before the IPv4 address of an AddressBytes

std::optional<unsigned> prefix_length(std::string_view text, bool ipv6) {
  unsigned bits = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), bits);
  if (failed != std::errc{} || end != text.data() + text.size() || bits > (ipv6 ? 128U : 32U)) return std::nullopt;
  return ipv6 ? bits : bits + kIpv4Offset;
}

bool shares_prefix(const AddressBytes& a, const AddressBytes& b, unsigned bits) {
  const auto whole = static_cast<std::ptrdiff_t>(bits / 8);
  if (!std::equal(a.begin(), a.begin() + whole, b.begin())) return false;
  if (bits % 8 == 0) return true;
  const auto at = static_cast<std::size_t>(whole);
  return (a[at] ^ b[at]) >> (8 - bits % 8) == 0;
}

bool names(std::string_view place, std::string_view host, const AddressBytes& address) {
  if (iequals(place, host)) return true;
  const auto slash = place.find('/');
  const auto listed = parse_address(place.substr(0, slash));
  if (!listed) return false;
  if (slash == std::string_view::npos) return *listed == address;
  const auto bits = prefix_length(place.substr(slash + 1), place.find(':') < slash);
  return bits && shares_prefix(*listed, address, *bits);
}

}  // namespace

bool is_place_allowed(std::span<const std::string> places, std::string_view host, const AddressBytes& address) {
  return std::any_of(places.begin(), places.end(),
                     [&](const std::string& place) { return names(place, host, address); });
}

}  // namespace newswire::fetch
