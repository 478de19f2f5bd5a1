#include "ingest/writer.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <functional>
#include <optional>
#include <stdexcept>
#include <thread>
#include <vector>

#include "spool/line_reader.h"

namespace newswire::ingest {
namespace {

using namespace std::chrono_literals;

// Asks again and again until it holds; nothing waits that long when it works.
bool eventually(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + 30s;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

constexpr Time kMorning{std::chrono::sys_days{std::chrono::year{2026} / 11 / 24}};

class WriterTest : public testing::Test {
 protected:
  WriterTest() {
    EXPECT_NE(::mkdtemp(folder_.data()), nullptr);
    config_.spool.dir = folder_ + "/spool";
    config_.state.dir = folder_ + "/state";
  }
  ~WriterTest() override { std::filesystem::remove_all(folder_); }

  std::unique_ptr<Writer> open() {
    auto writer = Writer::open(config_, [this] { return now_.load(); });
    if (!writer) throw std::runtime_error(to_string(writer.error()));
    return *std::move(writer);
  }

  std::string folder_ = (std::filesystem::temp_directory_path() / "newswire-writer-XXXXXX").string();
  config::Config config_;
  std::atomic<Time> now_ = kMorning;
};

TEST_F(WriterTest, CountsJumpsOfTheClock) {
  const auto writer = open();
  writer->start();
  ASSERT_TRUE(eventually([&] { return writer->stats().state_bytes > 0; })) << "the first look at the clock";
  EXPECT_EQ(writer->stats().clock_steps, 0U);
  now_ = now_.load() + 3h;
  EXPECT_TRUE(eventually([&] { return writer->stats().clock_steps == 1; }));
  now_ = now_.load() - 5h;
  EXPECT_TRUE(eventually([&] { return writer->stats().clock_steps == 2; }));
}

TEST_F(WriterTest, ForgetsTheLeastRecentSites) {
  {
    const auto writer = open();
    state::Batch batch;
    batch.models = {
        {"old.example", "m", kMorning}, {"new.example", "m", kMorning + 2h}, {"mid.example", "m", kMorning + 1h}};
    ASSERT_TRUE(writer->store_before_start().apply(batch));
  }
  config_.clean.learned_sites = 2;
  const auto writer = open();
  auto& store = writer->store_before_start();
  EXPECT_FALSE(store.model("old.example").value());
  EXPECT_TRUE(store.model("mid.example").value());
  EXPECT_TRUE(store.model("new.example").value());
}

// The line that an article of `letters` becomes.
std::string committed_line(Writer& writer, std::size_t letters) {
  auto work = std::make_shared<Work>();
  work->articles.emplace_back();
  work->articles.back().uid = "u" + std::to_string(letters);
  work->articles.back().content_text = std::string(letters, 'x');
  asio::io_context loop;
  Seq seq;
  asio::co_spawn(loop, writer.commit(std::move(work)), [&seq](std::exception_ptr escaped, Result<Committed> committed) {
    ASSERT_FALSE(escaped);
    ASSERT_TRUE(committed) << to_string(committed.error());
    seq = committed->first;
  });
  loop.run();
  auto cursor = spool::Cursor::at(writer.published(), seq);
  if (!cursor) throw std::runtime_error(to_string(cursor.error()));
  spool::LineReader reader(*std::move(cursor));
  const auto line = reader.next();
  if (!line || !*line) throw std::runtime_error("no line");
  return std::string((*line)->text);
}

TEST_F(WriterTest, TakesOtherOptionsOfTheSpoolWhileItRuns) {
  const auto writer = open();
  writer->start();
  EXPECT_GT(committed_line(*writer, 200'000).size(), 200'000U);
  config_.spool.max_line.count = 64 << 10;
  writer->set_options(config_);
  const auto line = committed_line(*writer, 200'001);
  EXPECT_LT(line.size(), std::size_t{64} << 10);
  EXPECT_NE(line.find("\"truncated\""), std::string::npos);
}

state::Batch row_of(std::uint64_t feed, std::uint64_t polls) {
  state::Batch rows;
  rows.hot.emplace_back();
  rows.hot.back().id = "f" + std::to_string(feed);
  rows.hot.back().polls = polls;
  return rows;
}

std::uint64_t polls_of(state::Store& store, const std::string& feed) {
  const auto row = store.hot(feed);
  return row && *row ? (*row)->polls : 0;
}

TEST_F(WriterTest, AQuestionSeesTheRowsStoredBeforeIt) {
  const auto writer = open();
  writer->start();
  asio::io_context loop;
  std::vector<std::uint64_t> seen;
  const auto ask = [&](std::uint64_t polls) -> asio::awaitable<void> {
    writer->store_soon(row_of(1, polls));
    std::function<Result<std::uint64_t>(state::Store&)> question = [](state::Store& store) -> Result<std::uint64_t> {
      return polls_of(store, "f1");
    };
    const auto found = co_await writer->ask<std::uint64_t>(std::move(question));
    if (found) seen.push_back(*found);
  };
  for (std::uint64_t polls = 1; polls <= 20; ++polls) {
    asio::co_spawn(loop, ask(polls), [](std::exception_ptr escaped) { EXPECT_FALSE(escaped); });
    loop.run();
    loop.restart();
    ASSERT_EQ(seen.size(), polls);
    EXPECT_EQ(seen.back(), polls);
  }
}

TEST_F(WriterTest, RowsStoredSoonAreThereAfterTheEnd) {
  {
    const auto writer = open();
    writer->start();
    for (std::uint64_t feed = 0; feed < 1000; ++feed) writer->store_soon(row_of(feed, feed + 1));
    writer->stop();
  }
  const auto writer = open();
  for (std::uint64_t feed = 0; feed < 1000; ++feed)
    EXPECT_EQ(polls_of(writer->store_before_start(), "f" + std::to_string(feed)), feed + 1);
}

TEST_F(WriterTest, RowsStoredSoonAreWrittenWithoutBeingAskedFor) {
  const auto writer = open();
  writer->start();
  ASSERT_TRUE(eventually([&] { return writer->stats().state_bytes > 0; })) << "the first tick";
  const auto before = writer->stats().state_bytes;
  writer->store_soon(row_of(1, 1));
  EXPECT_TRUE(eventually([&] { return writer->stats().state_bytes > before; }));
}

TEST_F(WriterTest, WhatIsForgottenAfterItsRowsInOneCommitStaysForgotten) {
  const auto names = [](state::Store& store) {
    std::vector<std::string> found;
    const auto consumers = store.consumers();
    if (!consumers) throw std::runtime_error(to_string(consumers.error()));
    for (const auto& consumer : *consumers) found.push_back(consumer.name);
    return found;
  };
  {
    const auto writer = open();
    asio::io_context loop;
    const auto commit = [&](state::Batch rows) {
      auto work = std::make_shared<Work>();
      work->rows = std::move(rows);
      work->sync_state = true;
      asio::co_spawn(loop, writer->commit(std::move(work)),
                     [](std::exception_ptr escaped, Result<Committed> committed) {
                       EXPECT_FALSE(escaped);
                       EXPECT_TRUE(committed);
                     });
    };
    state::Batch stored;
    stored.consumers = {{"mail", Seq{0}, kMorning}, {"index", Seq{0}, kMorning}};
    state::Batch forgotten;
    forgotten.forget_consumers = {"mail", "again"};
    state::Batch again;
    again.consumers = {{"again", Seq{0}, kMorning}};
    for (auto* rows : {&stored, &forgotten, &again}) commit(std::move(*rows));
    loop.poll();  // they wait for the writer, together
    writer->start();
    loop.run();
    EXPECT_EQ(writer->stats().commits, 1U);
    writer->stop();
  }
  EXPECT_EQ(names(open()->store_before_start()), (std::vector<std::string>{"again", "index"}));
}

// While it lives no file of this process grows, as on a full disk; without a signal for it.
class NoGrowth {
 public:
  NoGrowth() {
    EXPECT_EQ(::getrlimit(RLIMIT_FSIZE, &before_), 0);
    const rlimit none{1, before_.rlim_max};
    EXPECT_EQ(::setrlimit(RLIMIT_FSIZE, &none), 0);
  }
  ~NoGrowth() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }
  NoGrowth(const NoGrowth&) = delete;
  NoGrowth& operator=(const NoGrowth&) = delete;

 private:
  void (*handler_)(int) = std::signal(SIGXFSZ, SIG_IGN);
  rlimit before_{};
};

TEST_F(WriterTest, AnAcknowledgementThatTheStateCannotTakeIsAnErrorAndIsStoredLater) {
  auto writer = open();
  writer->start();
  ASSERT_TRUE(eventually([&] { return writer->stats().state_bytes > 0; })) << "the first tick";
  asio::io_context loop;
  const auto acknowledge = [&](std::uint64_t seq) {
    auto work = std::make_shared<Work>();
    work->rows.consumers = {{"mail", Seq{seq}, kMorning}};
    work->sync_state = true;
    std::optional<Errc> failed;
    asio::co_spawn(loop, writer->commit(std::move(work)),
                   [&failed](std::exception_ptr escaped, Result<Committed> committed) {
                     EXPECT_FALSE(escaped);
                     if (!committed) failed = committed.error().code;
                   });
    loop.run();
    loop.restart();
    return failed;
  };
  {
    const NoGrowth full;
    for (std::uint64_t seq = 1; seq <= 3; ++seq) EXPECT_TRUE(acknowledge(seq).has_value()) << seq;
    EXPECT_FALSE(writer->stats().last_error.empty());
  }
  EXPECT_TRUE(eventually([&] { return writer->stats().last_error.empty(); })) << "it is tried again by itself";
  writer->stop();
  writer.reset();
  const auto consumers = open()->store_before_start().consumers();
  ASSERT_TRUE(consumers);
  ASSERT_EQ(consumers->size(), 1U);
  EXPECT_EQ(consumers->front().acknowledged, Seq{3});
}

TEST_F(WriterTest, OfEachFeedTheLatestRowsWait) {
  {
    const auto writer = open();
    for (std::uint64_t polls = 1; polls <= 3000; ++polls) {  // not started yet: as slow as a disk can be
      writer->store_soon(row_of(1, polls));
      writer->store_soon(row_of(polls % 7 + 2, polls));
    }
    writer->start();
    writer->stop();
  }
  const auto writer = open();
  EXPECT_EQ(polls_of(writer->store_before_start(), "f1"), 3000U);
  EXPECT_EQ(polls_of(writer->store_before_start(), "f" + std::to_string(2999 % 7 + 2)), 2999U);
}

}  // namespace
}  // namespace newswire::ingest
