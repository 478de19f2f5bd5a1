#include "fetch/address_guard.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>

#include "base/text.h"

namespace newswire::fetch {
namespace {

struct Block4 {
  std::uint32_t network;
  unsigned bits;
  const char* name;
};

// IANA IPv4 special-purpose address registry, what of it is not globally reachable, and multicast.
constexpr Block4 kBlocks4[] = {
    {0x00000000, 8, "this host (0.0.0.0/8)"},
    {0x0a000000, 8, "private (10.0.0.0/8)"},
    {0x64400000, 10, "shared address space (100.64.0.0/10)"},
    {0x7f000000, 8, "loopback (127.0.0.0/8)"},
    {0xa9fe0000, 16, "link-local (169.254.0.0/16)"},
    {0xac100000, 12, "private (172.16.0.0/12)"},
    {0xc0000000, 24, "protocol assignments (192.0.0.0/24)"},
    {0xc0000200, 24, "documentation (192.0.2.0/24)"},
    {0xc0586300, 24, "6to4 relay (192.88.99.0/24)"},
    {0xc0a80000, 16, "private (192.168.0.0/16)"},
    {0xc6120000, 15, "benchmarking (198.18.0.0/15)"},
    {0xc6336400, 24, "documentation (198.51.100.0/24)"},
    {0xcb007100, 24, "documentation (203.0.113.0/24)"},
    {0xe0000000, 4, "multicast (224.0.0.0/4)"},
    {0xf0000000, 4, "reserved (240.0.0.0/4)"},
};

struct Block6 {
  std::array<std::uint8_t, 8> network;  // no block of the table is longer than 64 bits
  unsigned bits;
  const char* name;
};

// IANA IPv6 special-purpose address registry, likewise.
constexpr Block6 kBlocks6[] = {
    {{0x00, 0x64, 0xff, 0x9b, 0x00, 0x01, 0, 0}, 48, "local NAT64 (64:ff9b:1::/48)"},
    {{0x01, 0x00, 0, 0, 0, 0, 0, 0}, 64, "discard (100::/64)"},
    {{0x01, 0x00, 0, 0, 0, 0, 0, 0x01}, 64, "dummy prefix (100:0:0:1::/64)"},
    {{0x20, 0x01, 0x00, 0x02, 0, 0, 0, 0}, 48, "benchmarking (2001:2::/48)"},
    {{0x20, 0x01, 0x00, 0x10, 0, 0, 0, 0}, 28, "ORCHID (2001:10::/28)"},
    {{0x20, 0x01, 0x00, 0x20, 0, 0, 0, 0}, 28, "ORCHIDv2 (2001:20::/28)"},
    {{0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0}, 32, "documentation (2001:db8::/32)"},
    {{0x3f, 0xff, 0, 0, 0, 0, 0, 0}, 20, "documentation (3fff::/20)"},
    {{0x5f, 0x00, 0, 0, 0, 0, 0, 0}, 16, "segment routing (5f00::/16)"},
    {{0xfc, 0x00, 0, 0, 0, 0, 0, 0}, 7, "unique local (fc00::/7)"},
    {{0xfe, 0x80, 0, 0, 0, 0, 0, 0}, 10, "link-local (fe80::/10)"},
    {{0xfe, 0xc0, 0, 0, 0, 0, 0, 0}, 10, "site-local (fec0::/10)"},
    {{0xff, 0x00, 0, 0, 0, 0, 0, 0}, 8, "multicast (ff00::/8)"},
};

bool starts_with_bits(const AddressBytes& address, const std::array<std::uint8_t, 8>& network, unsigned bits) {
  const unsigned whole = bits / 8;
  if (!std::equal(network.begin(), network.begin() + whole, address.begin())) return false;
  const unsigned rest = bits % 8;
  if (rest == 0) return true;
  const auto mask = static_cast<std::uint8_t>(0xff00u >> rest);
  return ((address[whole] ^ network[whole]) & mask) == 0;
}

bool zeros(const AddressBytes& address, std::size_t from, std::size_t to) {
  return std::all_of(address.begin() + static_cast<std::ptrdiff_t>(from),
                     address.begin() + static_cast<std::ptrdiff_t>(to), [](std::uint8_t byte) { return byte == 0; });
}

std::uint32_t word_at(const AddressBytes& address, std::size_t at) {
  return static_cast<std::uint32_t>(address[at]) << 24 | static_cast<std::uint32_t>(address[at + 1]) << 16 |
         static_cast<std::uint32_t>(address[at + 2]) << 8 | address[at + 3];
}

std::optional<std::string> refused4(std::uint32_t address) {
  if (address == 0xffffffff) return "broadcast (255.255.255.255)";
  for (const auto& block : kBlocks4) {
    if ((address ^ block.network) >> (32 - block.bits) == 0) return block.name;
  }
  return std::nullopt;
}

std::optional<std::string> refused_inside(std::uint32_t address, const char* form) {
  auto reason = refused4(address);
  if (reason) *reason += form;
  return reason;
}

}  // namespace

std::optional<std::string> refused_address(const AddressBytes& address) {
  const std::uint32_t last = word_at(address, 12);
  if (zeros(address, 0, 10) && address[10] == 0xff && address[11] == 0xff) return refused4(last);
  if (zeros(address, 0, 12)) {
    if (last == 0) return "unspecified (::)";
    if (last == 1) return "loopback (::1)";
    return "IPv4-compatible (::/96)";
  }
  if (zeros(address, 0, 8) && word_at(address, 8) == 0xffff0000)
    return refused_inside(last, " in IPv4-translated form");
  if (word_at(address, 0) == 0x0064ff9b && zeros(address, 4, 12)) return refused_inside(last, " behind NAT64");
  for (const auto& block : kBlocks6) {
    if (starts_with_bits(address, block.network, block.bits)) return block.name;
  }
  if (address[0] == 0x20 && address[1] == 0x02) return refused_inside(word_at(address, 2), " behind 6to4");
  if (word_at(address, 0) == 0x20010000) {  // Teredo: the server's address, and the client's with its bits inverted
    auto reason = refused_inside(word_at(address, 4), " as Teredo server");
    return reason ? reason : refused_inside(~last, " behind Teredo");
  }
  if ((word_at(address, 8) & 0xfdffffff) == 0x00005efe) return refused_inside(last, " in ISATAP form");
  return std::nullopt;
}

std::optional<std::string> refused_address(std::string_view text) {
  const auto address = parse_address(text);
  return address ? refused_address(*address) : std::nullopt;
}

std::optional<AddressBytes> parse_address(std::string_view text) {
  if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
  text = text.substr(0, text.find('%'));  // zone
  if (text.empty() || text.size() > INET6_ADDRSTRLEN || std::any_of(text.begin(), text.end(), is_space))
    return std::nullopt;
  const std::string copy(text);
  AddressBytes bytes{};
  if (copy.find(':') != std::string::npos) {
    in6_addr six{};
    if (inet_pton(AF_INET6, copy.c_str(), &six) != 1) return std::nullopt;
    std::memcpy(bytes.data(), six.s6_addr, bytes.size());
    return bytes;
  }
  in_addr four{};
  if (inet_aton(copy.c_str(), &four) == 0) return std::nullopt;
  bytes[10] = bytes[11] = 0xff;
  std::memcpy(bytes.data() + 12, &four.s_addr, 4);  // network order on both sides
  return bytes;
}

}  // namespace newswire::fetch
