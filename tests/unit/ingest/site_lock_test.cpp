#include "ingest/site_lock.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

namespace newswire::ingest {
namespace {

TEST(SiteLock, LetsOneInAtATimeAndEverybodyInTheEnd) {
  asio::io_context loop(1);
  SiteLock lock;
  int inside = 0;
  int most = 0;
  int done = 0;
  auto visit = [](SiteLock& sites, std::string site, int& in, int& peak, int& finished) -> asio::awaitable<void> {
    const auto held = co_await sites.acquire(std::move(site));
    peak = std::max(peak, ++in);
    for (int i = 0; i < 3; ++i) co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
    --in;
    ++finished;
  };
  for (int i = 0; i < 10; ++i) asio::co_spawn(loop, visit(lock, "one.example", inside, most, done), asio::detached);
  loop.run();
  EXPECT_EQ(most, 1);
  EXPECT_EQ(done, 10);
}

TEST(SiteLock, SitesDoNotWaitForEachOther) {
  asio::io_context loop(1);
  SiteLock lock;
  int inside = 0;
  int most = 0;
  auto visit = [](SiteLock& sites, std::string site, int& in, int& peak) -> asio::awaitable<void> {
    const auto held = co_await sites.acquire(std::move(site));
    peak = std::max(peak, ++in);
    for (int i = 0; i < 3; ++i) co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
    --in;
  };
  asio::co_spawn(loop, visit(lock, "one.example", inside, most), asio::detached);
  asio::co_spawn(loop, visit(lock, "two.example", inside, most), asio::detached);
  loop.run();
  EXPECT_EQ(most, 2);
}

}  // namespace
}  // namespace newswire::ingest
