#include "fetch/allowed_places.h"

#include <gtest/gtest.h>

#include "loop.h"

namespace newswire::fetch::test {
namespace {

struct Case {
  const char* name;
  const char* place;
  const char* host;
  const char* address;
  bool allowed;
};

class AllowedPlaces : public testing::TestWithParam<Case> {};

TEST_P(AllowedPlaces, AreHostsAddressesAndNetworks) {
  const auto& tested = GetParam();
  const std::vector<std::string> places{"other.lan", tested.place, "203.0.113.0/24"};
  EXPECT_EQ(is_place_allowed(places, tested.host, *parse_address(tested.address)), tested.allowed);
}

INSTANTIATE_TEST_SUITE_P(
    Lists, AllowedPlaces,
    testing::Values(Case{"host", "wiki.lan", "wiki.lan", "10.0.0.7", true},
                    Case{"host_of_other_letters", "Wiki.LAN", "wiki.lan", "10.0.0.7", true},
                    Case{"another_host", "wiki.lan", "feeds.example", "10.0.0.7", false},
                    Case{"a_part_of_a_host", "lan", "wiki.lan", "10.0.0.7", false},
                    Case{"address", "10.0.0.7", "feeds.example", "10.0.0.7", true},
                    Case{"another_address", "10.0.0.7", "feeds.example", "10.0.0.8", false},
                    Case{"address_in_mapped_form", "10.0.0.7", "feeds.example", "::ffff:10.0.0.7", true},
                    Case{"address_6", "fd00::7", "feeds.example", "fd00:0:0::7", true},
                    Case{"network", "10.0.0.0/8", "feeds.example", "10.200.3.4", true},
                    Case{"beside_the_network", "10.0.0.0/8", "feeds.example", "11.0.0.0", false},
                    Case{"odd_network", "172.16.0.0/12", "feeds.example", "172.31.255.255", true},
                    Case{"beside_the_odd_network", "172.16.0.0/12", "feeds.example", "172.32.0.0", false},
                    Case{"single", "10.0.0.7/32", "feeds.example", "10.0.0.7", true},
                    Case{"beside_single", "10.0.0.7/32", "feeds.example", "10.0.0.6", false},
                    Case{"all_of_4", "0.0.0.0/0", "feeds.example", "192.168.1.1", true},
                    Case{"all_of_4_is_not_6", "0.0.0.0/0", "feeds.example", "fd00::7", false},
                    Case{"network_6", "fd00::/8", "feeds.example", "fdff::1", true},
                    Case{"beside_network_6", "fd00::/8", "feeds.example", "fc00::1", false},
                    Case{"all_of_6", "::/0", "feeds.example", "10.0.0.7", true},
                    Case{"too_long", "10.0.0.0/33", "feeds.example", "10.0.0.0", false},
                    Case{"no_length", "10.0.0.0/", "feeds.example", "10.0.0.0", false},
                    Case{"nonsense", "10.0.0.0/8x", "feeds.example", "10.0.0.0", false}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(AllowedHost, MayNotLeadElsewhere) {
  Fixture f;
  f.server.on("/feed.xml", Answer(302).header("Location", f.server.url("/there")));
  f.server.on("/there", Answer(200, "<rss/>"));
  auto request = f.request();
  request.url = f.server.url_by_name("/feed.xml");
  request.allow_private = false;
  request.allowed_places = {"localhost"};
  const auto refused = f.get(request);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::refused) << to_string(refused.error());
  EXPECT_EQ(f.server.count("/feed.xml"), 1U) << "its own address is allowed";
  EXPECT_EQ(f.server.count("/there"), 0U);
  request.allowed_places = {"127.0.0.0/8", "::1"};
  const auto got = f.get(std::move(request));
  ASSERT_TRUE(got) << to_string(got.error());
  EXPECT_EQ(got->body, "<rss/>");
}

}  // namespace
}  // namespace newswire::fetch::test
