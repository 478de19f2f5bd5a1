#include "while_telling.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <stdexcept>
#include <vector>

namespace newswire::daemon {
namespace {

namespace asio = boost::asio;
using testing::ElementsAre;
using testing::IsEmpty;

// Work that ends when it has been told of so often, and a client that goes after so many lines.
class WhileTelling : public testing::Test, public serve::ControlReply {
 protected:
  asio::awaitable<Result<void>> send(std::string line) override {
    sent.push_back(std::move(line));
    if (sent.size() < goes_after) co_return Result<void>{};
    ending.cancel();
    co_return Error{Errc::cancelled, "gone"};
  }
  unsigned uid() const noexcept override { return 0; }
  int pid() const noexcept override { return 0; }

  std::string line() {
    if (++asked == ends_after) ending.cancel();
    return "line " + std::to_string(asked);
  }
  asio::awaitable<std::string> work() {
    if (ends_after > 0) co_await ending.async_wait(asio::as_tuple(asio::use_awaitable));
    if (sent.size() >= goes_after) {  // it takes three lines more
      ending.expires_after(std::chrono::milliseconds{700});
      co_await ending.async_wait(asio::as_tuple(asio::use_awaitable));
    }
    if (throws) throw std::runtime_error("torn");
    co_return std::string("done");
  }
  std::string run(serve::ControlReply* reply) {
    std::string out;
    std::exception_ptr escaped;
    asio::co_spawn(loop, while_telling(work(), reply, [this] { return line(); }),
                   [&](std::exception_ptr failed, std::string given) {
                     escaped = std::move(failed);
                     out = std::move(given);
                   });
    loop.run();
    if (escaped) std::rethrow_exception(escaped);
    return out;
  }

  asio::io_context loop{1};
  asio::steady_timer ending{loop, asio::steady_timer::time_point::max()};
  std::vector<std::string> sent;
  int asked = 0;
  int ends_after = 0;
  std::size_t goes_after = 1000;
  bool throws = false;
};

TEST_F(WhileTelling, QuickWorkIsNotTold) {
  EXPECT_EQ(run(this), "done");
  EXPECT_THAT(sent, IsEmpty());
}

TEST_F(WhileTelling, LongWorkIsToldUntilItEnds) {
  ends_after = 2;
  EXPECT_EQ(run(this), "done");
  EXPECT_THAT(sent, ElementsAre("line 1", "line 2"));
}

TEST_F(WhileTelling, WorkIsAwaitedThoughTheClientHasGone) {
  ends_after = 1000;
  goes_after = 1;
  EXPECT_EQ(run(this), "done");
  EXPECT_THAT(sent, ElementsAre("line 1"));
}

TEST_F(WhileTelling, NobodyAsked) {
  EXPECT_EQ(run(nullptr), "done");
  EXPECT_EQ(asked, 0);
}

TEST_F(WhileTelling, AnExceptionOfTheWorkIsOurs) {
  ends_after = 1;
  throws = true;
  EXPECT_THROW(run(this), std::runtime_error);
}

}  // namespace
}  // namespace newswire::daemon
