// The configuration file: values, and what is said about a wrong one.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/config.h"

namespace newswire::config {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Loaded parse(std::string_view text) { return parse_yaml(text, "/etc/newswire/newswire.yaml"); }

std::vector<std::string> errors_of(std::string_view text) {
  std::vector<std::string> out;
  for (const auto& error : parse(text).errors) out.push_back(to_string(error));
  return out;
}

TEST(Configuration, OfAnEmptyFileIsTheDefault) {
  for (const auto* text : {"", "# nothing\n", "---\n", "feeds:\n", "spool:\nfeeds: []\n"}) {
    const auto loaded = parse(text);
    EXPECT_TRUE(loaded.ok()) << text;
    EXPECT_EQ(loaded.config.spool, SpoolConfig{});
    EXPECT_EQ(*loaded.config.defaults, FeedSettings{});
  }
}

TEST(Configuration, ReadsSectionsInEitherStyle) {
  const auto loaded = parse(R"(
spool: {dir: spool, segment_size: 1MiB, retain: {age: 7d}}
state:
  dir: /srv/state
fetch: {host_spacing: 250ms, allow_hosts: [wiki.lan, 10.0.0.0/8, "fd00::/8"]}
schedule: {jitter: 5%, polls_per_day: 12.5}
http: {listen: "[::1]:9898"}
log: {level: debug}
)");
  ASSERT_TRUE(loaded.ok()) << to_string(loaded.errors[0]);
  const auto& config = loaded.config;
  EXPECT_EQ(config.spool.dir, "/etc/newswire/spool");
  EXPECT_EQ(config.spool.segment_size, mebibytes(1));
  EXPECT_EQ(config.spool.retain.age, 7 * 24h);
  EXPECT_EQ(config.spool.retain.size, gibibytes(10));
  EXPECT_EQ(config.state.dir, "/srv/state");
  EXPECT_EQ(config.fetch.host_spacing, 250ms);
  EXPECT_THAT(config.fetch.allow_hosts, ElementsAre("wiki.lan", "10.0.0.0/8", "fd00::/8"));
  EXPECT_DOUBLE_EQ(config.schedule.jitter, 0.05);
  EXPECT_DOUBLE_EQ(config.schedule.polls_per_day, 12.5);
  EXPECT_EQ(config.http.listen, "[::1]:9898");
  EXPECT_EQ(config.log.level, LogConfig::Level::debug);
}

struct Case {
  const char* name;
  std::string_view text;
  std::string_view message;  // of the only error
};
class Mistake : public testing::TestWithParam<Case> {};
TEST_P(Mistake, IsNamedWithItsPlace) {
  EXPECT_THAT(errors_of(GetParam().text), ElementsAre(HasSubstr(GetParam().message)));
}
INSTANTIATE_TEST_SUITE_P(
    Messages, Mistake,
    testing::Values(
        Case{"mistyped_key", "spool:\n  segment_sze: 1MiB\n",
             R"(newswire.yaml:2:3: unknown key "segment_sze"; did you mean "segment_size"?)"},
        Case{"mistyped_section", "spol: {dir: x}", R"(newswire.yaml:1:1: unknown key "spol"; did you mean "spool"?)"},
        Case{"mistyped_feed_key", "feeds:\n  - url: https://a.b/\n    intervall: 5m",
             R"(newswire.yaml:3:5: unknown key "intervall"; did you mean "interval"?)"},
        Case{"feed_setting_at_the_top", "interval: 5m", R"(write "interval" under "defaults")"},
        Case{"feed_setting_in_a_section", "fetch: {max_body: 1MiB}", R"(write "max_body" under "defaults")"},
        Case{"key_of_another_section", "spool: {host_spacing: 1s}", R"(did you mean "fetch.host_spacing"?)"},
        Case{"key_twice", "workers: 1\nworkers: 2", R"(:2:1: key "workers" is here twice, first in line 1)"},
        Case{"wrong_type", "workers: [1]", ":1:10: here must stand a number, not a list"},
        Case{"value_where_a_section_stands", "spool: /var/spool", ":1:8: \"spool\" is a section"},
        Case{"not_a_number", "workers: many", R"("many" is not a whole number)"},
        Case{"too_many", "workers: 99999", "is more than 1024"},
        Case{"duration_without_unit", "defaults: {timeout: 60}", R"("60" is not a duration)"},
        Case{"wrong_word", "log: {level: wran}", R"(unknown value "wran"; did you mean "warn"?)"},
        Case{"wrong_bool", "spool: {compress: maybe}", R"("maybe" is neither true nor false)"},
        Case{"minimum_over_maximum", "defaults: {interval: {min: 2h, max: 1h}}",
             ":1:22: interval.min 2h is over interval.max 1h"},
        Case{"open_listener", "http:\n  listen: 0.0.0.0:9898\n",
             ":2:11: http.listen 0.0.0.0:9898 is open to other machines"},
        Case{"listener_without_port", "http: {listen: 127.0.0.1}", "is no address to listen on"},
        Case{"second_document", "workers: 1\n---\nworkers: 2\n", "a second YAML document"},
        Case{"list_at_the_top", "- https://a.b/\n", "the configuration is a map"},
        Case{"syntax", "spool: {dir: x\n", "newswire.yaml:"},
        Case{"question_mark_in_braces", "feeds: [{url: https://a.b/?x=1}]",
             R"(a value with "?" stands in double quotes)"},
        Case{"secret_written_out", "defaults: {auth: {bearer: abc}}", "a secret does not stand in this file"},
        Case{"password_written_out", "defaults: {auth: {basic: {user: u, password: p}}}",
             "a secret does not stand in this file"},
        Case{"header_injection", "defaults: {headers: {X: \"a\\r\\nHost: b\"}}", "control character or line break"},
        Case{"header_of_ours", "defaults: {headers: {If-None-Match: x}}",
             "header If-None-Match is set by newswire itself"},
        Case{"cookie_header", "defaults: {headers: {Cookie: a=b}}", "use \"cookies:"},
        Case{"header_name", "defaults: {headers: {\"a b\": x}}", "cannot be a header's name"},
        Case{"proxy", "defaults: {proxy: localhost}", "is no proxy"},
        Case{"initial", "defaults: {initial: last}", "is none of: all, none, last 10, 7d"},
        Case{"network", "fetch: {allow_hosts: [10.0.0.0/33]}", "is no network"},
        Case{"output_address", "outputs: [{connect: \"tcp:localhost:1\"}]", "write unix:/absolute/path.sock"},
        Case{"outputs_with_one_name", "outputs: [{connect: unix:/a/x.sock}, {connect: unix:/b/x.sock}]",
             "two outputs have the consumer"},
        Case{"missing_include", "include: /nonexistent/feeds.txt", ":1:10: there is no file /nonexistent/feeds.txt"},
        Case{"key_that_is_a_list", "? [a]\n: b\n", "a key must be a plain word"}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(Configuration, ReportsAllErrorsAtOnceInOrder) {
  EXPECT_THAT(errors_of("workers: x\nfeeds:\n  - url: ftp://a.b/\n  - id: y\nlog: {level: 3}\n"),
              ElementsAre(HasSubstr(":1:10:"), HasSubstr(":3:10:"), HasSubstr(":4:5: this feed has no \"url\""),
                          HasSubstr(":5:14:")));
}

TEST(Configuration, CountsErrorsPastTheHundredth) {
  std::string text = "feeds:\n";
  for (int i = 0; i < 150; ++i) text += "  - url: gopher:x\n";
  const auto errors = errors_of(text);
  ASSERT_EQ(errors.size(), 101U);
  EXPECT_EQ(errors.back(), "and 50 more errors");
}

TEST(Configuration, MergesAnchoredMaps) {
  const auto loaded = parse(R"(
feeds:
  - &base {url: https://a.b/1, interval: {min: 1h, max: 2h}, headers: &h {X-A: b}}
  - url: https://a.b/2
    headers: *h
  - {<<: *base, url: https://a.b/3}
)");
  ASSERT_TRUE(loaded.ok()) << to_string(loaded.errors[0]);
  ASSERT_EQ(loaded.config.feeds.size(), 3U);
  EXPECT_EQ(loaded.config.feeds[1].settings->headers[0].value, "b");
  EXPECT_EQ(loaded.config.feeds[2].settings->interval.max, 2h);
  EXPECT_EQ(loaded.config.feeds[2].settings, loaded.config.feeds[0].settings);
}

TEST(Configuration, RefusesAnAliasBomb) {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    const auto before = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int j = 0; j < 10; ++j) text += (j == 0 ? "" : ", ") + before;
    text += "]\n";
  }
  EXPECT_THAT(errors_of(text), ElementsAre(HasSubstr("too much YAML")));
}

TEST(Configuration, RefusesDepth) {
  EXPECT_THAT(errors_of("a: " + std::string(100, '[') + std::string(100, ']')),
              ElementsAre(HasSubstr("nested deeper than 64")));
  EXPECT_THAT(errors_of("a: " + std::string(100'000, '[')), testing::SizeIs(1));
}

TEST(Configuration, RefusesAnAliasInsideItsOwnNode) { EXPECT_THAT(errors_of("a: &a [1, *a]"), testing::SizeIs(1)); }

TEST(Configuration, OfAMissingFileIsAnError) {
  const auto loaded = load("/nonexistent/newswire.yaml");
  ASSERT_EQ(loaded.errors.size(), 1U);
  EXPECT_EQ(loaded.errors[0].code, Errc::not_found);
  EXPECT_THAT(to_string(loaded.errors[0]), HasSubstr("/nonexistent/newswire.yaml: cannot be opened"));
  EXPECT_FALSE(load("/").ok());
}

TEST(Configuration, ReadsOutputs) {
  const auto loaded = parse(R"(
outputs:
  - connect: unix:/run/vector/in.sock
  - {connect: unix:/run/x.sock, consumer: second, from: earliest, feeds: [a], tags: [t, s], health: true}
)");
  ASSERT_TRUE(loaded.ok());
  ASSERT_EQ(loaded.config.outputs.size(), 2U);
  EXPECT_EQ(loaded.config.outputs[0].consumer, "output-in.sock");
  EXPECT_EQ(loaded.config.outputs[1].from, OutputConfig::From::earliest);
  EXPECT_THAT(loaded.config.outputs[1].tags, ElementsAre("s", "t"));
  EXPECT_THAT(loaded.warnings, ElementsAre(HasSubstr("this output waits for feed \"a\"")));
}

}  // namespace
}  // namespace newswire::config
