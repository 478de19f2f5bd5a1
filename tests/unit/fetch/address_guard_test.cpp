#include "fetch/address_guard.h"

#include <gtest/gtest.h>

namespace newswire::fetch {
namespace {

struct Case {
  const char* name;
  const char* address;
  const char* reason;  // the first word of it; "" for an address that may be used
};

class AddressGuard : public testing::TestWithParam<Case> {};

TEST_P(AddressGuard, KnowsWhereFeedsMayNotLead) {
  const auto reason = refused_address(std::string_view(GetParam().address));
  if (*GetParam().reason == '\0') {
    EXPECT_FALSE(reason) << *reason;
  } else {
    ASSERT_TRUE(reason);
    EXPECT_EQ(reason->substr(0, std::string_view(GetParam().reason).size()), GetParam().reason);
  }
}

const auto kName = [](const auto& tested) { return std::string(tested.param.name); };

INSTANTIATE_TEST_SUITE_P(
    IPv4, AddressGuard,
    testing::Values(Case{"public_dns", "8.8.8.8", ""}, Case{"example", "93.184.216.34", ""},
                    Case{"this_host", "0.0.0.0", "this host"}, Case{"this_network", "0.1.2.3", "this host"},
                    Case{"ten", "10.255.0.1", "private"}, Case{"before_ten", "9.255.255.255", ""},
                    Case{"after_ten", "11.0.0.0", ""}, Case{"shared", "100.64.0.1", "shared"},
                    Case{"shared_end", "100.127.255.255", "shared"}, Case{"after_shared", "100.128.0.0", ""},
                    Case{"loopback", "127.0.0.1", "loopback"}, Case{"loopback_far", "127.255.255.254", "loopback"},
                    Case{"metadata", "169.254.169.254", "link-local"}, Case{"private_16", "172.16.0.1", "private"},
                    Case{"private_31", "172.31.255.255", "private"}, Case{"public_32", "172.32.0.0", ""},
                    Case{"protocol", "192.0.0.8", "protocol"}, Case{"doc", "192.0.2.1", "documentation"},
                    Case{"relay", "192.88.99.1", "6to4"}, Case{"home", "192.168.1.1", "private"},
                    Case{"bench", "198.19.255.255", "benchmarking"}, Case{"doc2", "198.51.100.7", "documentation"},
                    Case{"doc3", "203.0.113.7", "documentation"}, Case{"multicast", "224.0.0.1", "multicast"},
                    Case{"multicast_end", "239.255.255.255", "multicast"}, Case{"reserved", "240.0.0.1", "reserved"},
                    Case{"broadcast", "255.255.255.255", "broadcast"}),
    kName);

INSTANTIATE_TEST_SUITE_P(OldIPv4Spellings, AddressGuard,
                         testing::Values(Case{"decimal", "2130706433", "loopback"},
                                         Case{"hexadecimal", "0x7f000001", "loopback"},
                                         Case{"octal", "017700000001", "loopback"},
                                         Case{"short_form", "127.1", "loopback"}, Case{"mixed", "0x7f.1", "loopback"},
                                         Case{"octal_private", "012.0.0.1", "private"}, Case{"zero", "0", "this host"}),
                         kName);

INSTANTIATE_TEST_SUITE_P(
    IPv6, AddressGuard,
    testing::Values(Case{"public_dns", "2001:4860:4860::8888", ""}, Case{"unspecified", "::", "unspecified"},
                    Case{"loopback", "::1", "loopback"}, Case{"brackets", "[::1]", "loopback"},
                    Case{"unique_local", "fd12:3456::1", "unique local"},
                    Case{"unique_local_fc", "fc00::1", "unique local"}, Case{"link_local", "fe80::1", "link-local"},
                    Case{"link_local_zone", "fe80::1%eth0", "link-local"},
                    Case{"link_local_end", "febf::1", "link-local"}, Case{"site_local", "fec0::1", "site-local"},
                    Case{"multicast", "ff02::1", "multicast"}, Case{"documentation", "2001:db8::1", "documentation"},
                    Case{"documentation_new", "3fff::1", "documentation"}, Case{"discard", "100::1", "discard"},
                    Case{"benchmarking", "2001:2::1", "benchmarking"}, Case{"orchid", "2001:20::1", "ORCHID"},
                    Case{"segments", "5f00::1", "segment"}),
    kName);

INSTANTIATE_TEST_SUITE_P(EmbeddedIPv4, AddressGuard,
                         testing::Values(Case{"mapped_loopback", "::ffff:127.0.0.1", "loopback"},
                                         Case{"mapped_hex", "::ffff:7f00:1", "loopback"},
                                         Case{"mapped_metadata", "::ffff:169.254.169.254", "link-local"},
                                         Case{"mapped_public", "::ffff:8.8.8.8", ""},
                                         Case{"compatible", "::127.0.0.1", "IPv4-compatible"},
                                         Case{"translated", "::ffff:0:10.0.0.1", "private"},
                                         Case{"nat64_private", "64:ff9b::10.0.0.1", "private"},
                                         Case{"nat64_public", "64:ff9b::8.8.8.8", ""},
                                         Case{"nat64_local", "64:ff9b:1::8.8.8.8", "local NAT64"},
                                         Case{"six_to_four_private", "2002:c0a8:101::1", "private"},
                                         Case{"six_to_four_public", "2002:808:808::1", ""},
                                         Case{"teredo_client", "2001:0:4136:e378:8000:63bf:3f57:fefe", "private"},
                                         Case{"teredo_server", "2001:0:a00:1:8000:63bf:f7f7:f7f7", "private"},
                                         Case{"teredo_public", "2001:0:4136:e378:8000:63bf:f7f7:f7f7", ""},
                                         Case{"isatap_private", "2001:4860::5efe:192.168.0.1", "private"},
                                         Case{"isatap_unique", "2001:4860::200:5efe:10.0.0.1", "private"},
                                         Case{"isatap_public", "2001:4860::5efe:8.8.8.8", ""}),
                         kName);

INSTANTIATE_TEST_SUITE_P(NoAddress, AddressGuard,
                         testing::Values(Case{"name", "localhost", ""}, Case{"empty", "", ""},
                                         Case{"garbage", "127.0.0.1 x", ""}, Case{"too_many_parts", "1.2.3.4.5", ""},
                                         Case{"half", "::g", ""}),
                         kName);

}  // namespace
}  // namespace newswire::fetch
