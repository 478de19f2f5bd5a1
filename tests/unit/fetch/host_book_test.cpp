#include "fetch/host_book.h"

#include <gtest/gtest.h>

namespace newswire::fetch {
namespace {

using namespace std::chrono_literals;
using Kind = Admission::Kind;

const HostBook::Moment kStart{1000h};

TEST(HostKey, IsTheHostWhateverPortSchemeAndCase) {
  EXPECT_EQ(host_key("https://Example.ORG:8443/a").limit, "example.org");
  EXPECT_EQ(host_key("http://example.org/b").limit, "example.org");
  EXPECT_EQ(host_key("http://www.example.org/").limit, "www.example.org");
}

TEST(H1_HostKey, FarmsCountAsOnePlace) {
  const auto a = host_key("https://a.substack.com/feed");
  const auto b = host_key("https://b.substack.com/feed");
  EXPECT_EQ(a.limit, b.limit);
  EXPECT_GT(a.parallel, 1U);
  EXPECT_EQ(host_key("https://notsubstack.com/").parallel, 1U);
}

TEST(H1_HostBook, OneInFlightAndASecondBetweenStarts) {
  HostBook book({1, 1000ms});
  const auto key = host_key("https://example.org/");
  EXPECT_EQ(book.admit(key, kStart).kind, Kind::go);
  const auto busy = book.admit(key, kStart + 5s);
  EXPECT_EQ(busy.kind, Kind::later);
  EXPECT_EQ(busy.until, HostBook::Moment::max());
  book.finished(key, kStart + 200ms);
  const auto early = book.admit(key, kStart + 300ms);
  EXPECT_EQ(early.kind, Kind::later);
  EXPECT_EQ(early.until, kStart + 1s);
  EXPECT_EQ(book.admit(key, kStart + 1s).kind, Kind::go);
}

TEST(H1_HostBook, HostsDoNotHinderEachOther) {
  HostBook book({1, 1000ms});
  EXPECT_EQ(book.admit(host_key("https://a.example/"), kStart).kind, Kind::go);
  EXPECT_EQ(book.admit(host_key("https://b.example/"), kStart).kind, Kind::go);
}

TEST(H1_HostBook, AFarmTakesSeveralAtATime) {
  HostBook book({1, 1000ms});
  const auto parallel = host_key("https://a.wordpress.com/").parallel;
  auto now = kStart;
  for (unsigned i = 0; i < parallel; ++i, now += 1000ms / parallel) {
    EXPECT_EQ(book.admit(host_key("https://b" + std::to_string(i) + ".wordpress.com/"), now).kind, Kind::go) << i;
  }
  EXPECT_EQ(book.admit(host_key("https://c.wordpress.com/"), now).kind, Kind::later);
}

TEST(H1_HostBook, TurnsFollowEachOtherAtTheSpacing) {
  HostBook book({1, 1000ms});
  const auto key = host_key("https://example.org/");
  EXPECT_EQ(book.next_turn(key, 3, kStart), kStart + 3s);
  EXPECT_EQ(book.next_turn(key, 3, kStart), kStart + 4s);
  EXPECT_EQ(book.next_turn(key, 3, kStart + 1h), kStart + 1h + 3s);
}

TEST(H1_HostBook, AShorterSpacingCountsForThoseWhoWaitToo) {
  HostBook book({1, 1h});
  const auto key = host_key("https://example.org/");
  ASSERT_EQ(book.admit(key, kStart).kind, Kind::go);
  book.finished(key, kStart);
  EXPECT_EQ(book.admit(key, kStart + 1s).until, kStart + 1h);
  book.set_limits({1, 2000ms}, kStart + 1s);
  EXPECT_EQ(book.admit(key, kStart + 1s).until, kStart + 3s);
  EXPECT_EQ(book.admit(key, kStart + 3s).kind, Kind::go);
}

TEST(HostBook, ForgetsIdleHosts) {
  HostBook book({1, 1000ms});
  auto now = kStart;
  for (int i = 0; i < 20'000; ++i, now += 1ms) {
    const auto key = host_key("https://h" + std::to_string(i) + ".example/");
    ASSERT_EQ(book.admit(key, now).kind, Kind::go);
    book.finished(key, now);
  }
  EXPECT_LT(book.size(), 5'000U);  // a second's worth is 1000
}

}  // namespace
}  // namespace newswire::fetch
