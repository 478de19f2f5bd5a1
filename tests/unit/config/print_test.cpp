#include "config/print.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/diff.h"

namespace newswire::config {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kRich = R"(
spool: {segment_size: 1MiB, retain: {size: 0}}
schedule: {jitter: 2.5%, alpha: 0.25}
fetch: {allow_hosts: [wiki.lan, "fd00::/8"], contact: "mail me: <x@y.z>"}
defaults: {interval: {min: 20m}, headers: {Accept-Language: "de, en;q=0.5"}, initial: last 3}
groups: {slow: {interval: {min: 12h}, tags: [slow, "null"]}}
outputs: [{connect: unix:/run/x.sock, feeds: [b], tags: [slow], health: true}]
feeds:
  - {url: "https://a.b/?q=1&r=%20", id: b, title: "it's: \"#1\"", group: slow, initial: 3d}
  - {url: https://c.d/, auth: {bearer: {file: /etc/x}}, cookies: {a: {env: B}}, clean: {keep: ["a > b", "[x=\"y\"]"]}}
  - {url: /srv/with%20.xml, client_certificate: {certificate: /a.pem}, priority: 5}
)";

TEST(EffectiveConfiguration, ReadsBackToTheSame) {
  const auto first = parse_yaml(kRich, "/x/newswire.yaml");
  ASSERT_TRUE(first.ok()) << to_string(first.errors[0]);
  const auto text = effective_yaml(first.config);
  const auto second = parse_yaml(text, "/elsewhere/newswire.yaml");
  ASSERT_TRUE(second.ok()) << to_string(second.errors[0]) << '\n' << text;
  EXPECT_TRUE(diff(first.config, second.config).empty()) << text;
  EXPECT_EQ(effective_yaml(second.config), text);
}

TEST(EffectiveConfiguration, ShowsNoSecrets) {
  const auto loaded = parse_yaml(R"(
defaults: {proxy: "http://user:hunter2@proxy:1", headers: {X-Api-Key: hunter2, Accept-Language: de}, cookies: {c: hunter2}}
feeds: [{url: "https://user:hunter2@a.b/?token=hunter2&page=1", cookies: {d: hunter2}}]
)",
                                 "/x/newswire.yaml");
  ASSERT_TRUE(loaded.ok()) << to_string(loaded.errors[0]);
  const auto text = effective_yaml(loaded.config);
  EXPECT_THAT(text, Not(HasSubstr("hunter2")));
  EXPECT_THAT(text, HasSubstr("page=1"));
  EXPECT_THAT(text, HasSubstr("Accept-Language: de"));
}

TEST(FeedsFile, ReadsBackToTheSameWithItsSecrets) {
  const auto first = parse_yaml(kRich, "/x/newswire.yaml");
  const auto text = feeds_yaml(first.config.feeds, *first.config.defaults);
  const auto second =
      parse_yaml(R"(defaults: {interval: {min: 20m}, headers: {Accept-Language: "de, en;q=0.5"}, initial: last 3})"
                 "\n" +
                     text,
                 "/y/newswire.yaml");
  ASSERT_TRUE(second.ok()) << to_string(second.errors[0]) << '\n' << text;
  const auto difference = diff(first.config, second.config);
  EXPECT_TRUE(difference.added.empty() && difference.removed.empty() && difference.changed.empty()) << text;
  EXPECT_EQ(feeds_yaml({}, FeedSettings{}), "feeds: []\n");
}

}  // namespace
}  // namespace newswire::config
