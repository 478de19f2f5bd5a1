#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace newswire::fetch {

/// An IP address as 16 bytes; IPv4 as ::ffff:a.b.c.d.
using AddressBytes = std::array<std::uint8_t, 16>;

/// Why no feed may make us connect there, for example "loopback" or "private (10.0.0.0/8)"; nothing for an ordinary
/// public address. Covers the IANA special-purpose registries (RFC 6890): this host, private, shared (CGNAT), loopback,
/// link-local, documentation, benchmarking, multicast, reserved, broadcast; IPv6 unspecified, loopback, unique and
/// site-local, link-local, multicast, discard, documentation, ORCHID; and the IPv4 address inside IPv4-mapped and
/// -compatible, NAT64 (64:ff9b::/96, 64:ff9b:1::/48), 6to4, Teredo and ISATAP forms. Pure, any thread.
std::optional<std::string> refused_address(const AddressBytes& address);

/// The same for text, as libcurl prints addresses (zone and brackets allowed); text that is no address gives nothing.
std::optional<std::string> refused_address(std::string_view text);

/// Text to bytes; nothing if it is no IPv4 or IPv6 literal. IPv4 also in the old forms that resolvers accept
/// (2130706433, 0x7f.1, 017700000001), since they would reach the same place.
std::optional<AddressBytes> parse_address(std::string_view text);

}  // namespace newswire::fetch
