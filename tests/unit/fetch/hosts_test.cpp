#include "fetch/hosts.h"

#include <gtest/gtest.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/async.h"
#include "loop.h"

namespace newswire::fetch::test {
namespace {

using Timer = asio::steady_timer;

// Takes a permit, notes whose it is, keeps it for a while, or until `leave` is cancelled.
asio::awaitable<void> visit(Hosts& hosts, std::string url, std::vector<std::string>& order,
                            std::chrono::milliseconds stay, Timer* leave) {
  auto permit = co_await hosts.acquire(url);
  if (!permit) {
    order.push_back(std::string(to_string(permit.error().code)));
    co_return;
  }
  order.push_back(std::move(url));
  Timer timer(co_await asio::this_coro::executor, stay);
  auto& watched = leave != nullptr ? *leave : timer;
  co_await watched.async_wait(asio::as_tuple(asio::use_awaitable));
}

struct Visits {
  explicit Visits(HostLimits limits) : hosts(loop.executor(), limits) {}
  void start(const std::string& url, std::chrono::milliseconds stay = 0ms, Timer* leave = nullptr) {
    ++open;
    asio::co_spawn(loop.context(), visit(hosts, url, order, stay, leave), [this](std::exception_ptr error) {
      EXPECT_FALSE(error);
      --open;
    });
  }
  void finish() {
    loop.drive([this] { return open == 0; });
  }
  Loop loop;
  Hosts hosts;
  std::vector<std::string> order;
  int open = 0;
};

TEST(H1_Hosts, RequestsToOneHostGoOneByOneInOrder) {
  Visits visits({1, 0ms});
  for (const auto* path : {"/1", "/2", "/3", "/4"}) visits.start(std::string("http://a.example") + path, 5ms);
  visits.loop.drive([&] { return visits.order.size() == 2; });
  EXPECT_EQ(visits.open, 3);
  visits.finish();
  const std::vector<std::string> wanted = {"http://a.example/1", "http://a.example/2", "http://a.example/3",
                                           "http://a.example/4"};
  EXPECT_EQ(visits.order, wanted);
}

TEST(H1_Hosts, StartsAreSpaced) {
  Visits visits({1, 30ms});
  const auto before = std::chrono::steady_clock::now();
  for (int i = 0; i < 4; ++i) visits.start("http://a.example/");
  visits.finish();
  EXPECT_GE(std::chrono::steady_clock::now() - before, 90ms);
}

TEST(H1_Hosts, ACrowdOfOneHostIsGivenTurnsInsteadOfAQueue) {
  Visits visits({1, 1h});  // so long that no pause of the machine counts
  EXPECT_EQ(visits.hosts.turn("http://a.example/"), 0ms);
  for (int i = 0; i < 9; ++i) visits.start("http://a.example/");
  visits.loop.drive([&] { return visits.hosts.waiting() == 8; });
  const auto first = visits.hosts.turn("http://a.example/");
  const auto second = visits.hosts.turn("http://a.example/");
  EXPECT_GT(first, 7h);  // after the eight that wait
  EXPECT_LE(first, 8h);
  EXPECT_GT(second - first, 59min);
  EXPECT_LE(second - first, 1h);
  EXPECT_EQ(visits.hosts.turn("http://b.example/"), 0ms);
  visits.hosts.stop();
  visits.finish();
}

asio::awaitable<Errc> try_for(Hosts& hosts, std::chrono::milliseconds limit) {
  auto permit = co_await with_timeout(hosts.acquire("http://a.example/"), limit);
  co_return permit ? Errc::invalid : permit.error().code;
}

TEST(Hosts, AWaitCanBeCancelledAndLeavesTheQueueInOrder) {
  Visits visits({1, 0ms});
  Timer leave(visits.loop.executor(), Timer::time_point::max());
  visits.start("http://a.example/first", 0ms, &leave);
  visits.loop.drive([&] { return visits.order.size() == 1; });
  EXPECT_EQ(visits.loop.run(try_for(visits.hosts, 1ms)), Errc::timeout);
  EXPECT_EQ(visits.hosts.waiting(), 0U);
  visits.start("http://a.example/second");
  visits.loop.drive([&] { return visits.hosts.waiting() == 1; });
  leave.cancel();
  visits.finish();
  EXPECT_EQ(visits.order.back(), "http://a.example/second");
}

TEST(Hosts, StopEndsEveryWait) {
  Visits visits({1, 1h});
  visits.start("http://a.example/1");
  visits.start("http://a.example/2");
  visits.start("http://a.example/3");
  visits.loop.drive([&] { return visits.hosts.waiting() == 2; });
  visits.hosts.stop();
  visits.finish();
  EXPECT_EQ(visits.order, (std::vector<std::string>{"http://a.example/1", "cancelled", "cancelled"}));
}

}  // namespace
}  // namespace newswire::fetch::test
