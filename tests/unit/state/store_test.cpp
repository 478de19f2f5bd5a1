#include "state/store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <set>
#include <string>

#include "folder.h"

namespace newswire::state {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::Field;

constexpr Time at(int number) { return Time(milliseconds(1'700'000'000'000 + number)); }

FeedHot hot_row(const std::string& id, int number = 0) {
  FeedHot hot;
  hot.id = id;
  hot.due = at(number);
  hot.last_poll = at(number + 1);
  hot.last_success = at(number + 2);
  hot.last_new = at(number + 3);
  hot.failures = 3;
  hot.polls = 17;
  hot.articles = 5;
  hot.status = "timeout";
  hot.schedule = std::string("\0\x01\xff", 3);
  return hot;
}

std::unique_ptr<Store> open(const std::string& path) {
  auto store = Store::open(path, {.now = at(0), .cache_bytes = 1 << 20, .vfs = {}});
  if (!store) throw std::runtime_error(to_string(store.error()));
  return *std::move(store);
}

void apply(Store& store, const Batch& batch) {
  const auto done = store.apply(batch);
  ASSERT_TRUE(done) << to_string(done.error());
}

std::set<std::string> ids(const Store& store) {
  std::set<std::string> found;
  const auto done = store.each_hot([&found](FeedHot&& hot) {
    found.insert(hot.id);
    return true;
  });
  EXPECT_TRUE(done);
  return found;
}

class StoreTest : public testing::Test {
 protected:
  Folder folder_;
  std::string path_ = folder_ / "state.db";
};

TEST_F(StoreTest, BeginsEmptyAndSaysSo) {
  const auto store = open(path_);
  EXPECT_TRUE(store->opened().created);
  EXPECT_EQ(store->opened().set_aside, "");
  EXPECT_EQ(store->high_water(), std::nullopt);
  EXPECT_TRUE(ids(*store).empty());
}

TEST_F(StoreTest, CreatesItsFolder) {
  const auto store = open(folder_ / "a/b/state.db");
  EXPECT_TRUE(store->opened().created);
}

TEST_F(StoreTest, GivesBackTheSmallRowAfterReopening) {
  apply(*open(path_), {.hot = {hot_row("a")}});
  const auto store = open(path_);
  EXPECT_FALSE(store->opened().created);
  const auto row = store->hot("a");
  ASSERT_TRUE(row && *row);
  EXPECT_EQ((*row)->due, at(0));
  EXPECT_EQ((*row)->last_poll, at(1));
  EXPECT_EQ((*row)->last_success, at(2));
  EXPECT_EQ((*row)->last_new, at(3));
  EXPECT_EQ((*row)->failures, 3U);
  EXPECT_EQ((*row)->polls, 17U);
  EXPECT_EQ((*row)->articles, 5U);
  EXPECT_EQ((*row)->status, "timeout");
  EXPECT_EQ((*row)->schedule, std::string("\0\x01\xff", 3));
}

TEST_F(StoreTest, GivesBackTheHttpRowVerbatim) {
  FeedHttp http;
  http.id = "a";
  http.configured_url = "https://example.org/feed";
  http.url = "https://example.org/moved";
  http.etag = "W/\"\xe4\x00x\"";
  http.last_modified = "Tue, 24 Nov 2026 08:02:00 GMT";
  http.redirect_url = "https://example.org/next";
  http.redirect_since = at(9);
  http.redirect_count = 2;
  http.title = "A \xF0\x9F\x8D\x8B";
  http.error = "no answer";
  http.body_hash = std::string("\0\1", 2);
  http.extra = "x";
  apply(*open(path_), {.http = {http}});
  const auto store = open(path_);
  const auto row = store->http("a");
  ASSERT_TRUE(row && *row);
  EXPECT_EQ((*row)->configured_url, http.configured_url);
  EXPECT_EQ((*row)->url, http.url);
  EXPECT_EQ((*row)->etag, http.etag);
  EXPECT_EQ((*row)->last_modified, http.last_modified);
  EXPECT_EQ((*row)->redirect_url, http.redirect_url);
  EXPECT_EQ((*row)->redirect_since, http.redirect_since);
  EXPECT_EQ((*row)->redirect_count, 2U);
  EXPECT_EQ((*row)->title, http.title);
  EXPECT_EQ((*row)->error, http.error);
  EXPECT_EQ((*row)->body_hash, http.body_hash);
  EXPECT_EQ((*row)->extra, "x");
}

TEST_F(StoreTest, KeepsSeenEntriesApartFromTheSmallRow) {
  const auto store = open(path_);
  apply(*store, {.seen = {{"a", std::string(100'000, '\x07')}}});
  apply(*store, {.hot = {hot_row("a")}});
  EXPECT_EQ(store->seen("a").value(), std::string(100'000, '\x07'));
  EXPECT_EQ(store->seen("b").value(), std::nullopt);
}

TEST_F(StoreTest, LaterRowsWin) {
  const auto store = open(path_);
  apply(*store, {.hot = {hot_row("a", 1), hot_row("a", 2)}});
  apply(*store, {.hot = {hot_row("a", 3)}});
  EXPECT_EQ((*store->hot("a").value()).due, at(3));
  EXPECT_EQ(ids(*store).size(), 1U);
}

TEST_F(StoreTest, ForgetsAFeedWhole) {
  const auto store = open(path_);
  FeedHttp http;
  http.id = "a";
  apply(*store, {.hot = {hot_row("a"), hot_row("b")}, .http = {http}, .seen = {{"a", "x"}}});
  apply(*store, {.forget_feeds = {"a"}});
  EXPECT_THAT(ids(*store), ElementsAre("b"));
  EXPECT_EQ(store->http("a").value().has_value(), false);
  EXPECT_EQ(store->seen("a").value(), std::nullopt);
  // A feed with the same id begins anew.
  apply(*store, {.hot = {hot_row("a")}});
  EXPECT_EQ(store->seen("a").value(), std::nullopt);
}

TEST_F(StoreTest, DeletionsComeBeforeRowsOfTheSameBatch) {
  const auto store = open(path_);
  apply(*store, {.hot = {hot_row("a")}, .seen = {{"a", "old"}}});
  apply(*store, {.forget_feeds = {"a"}, .hot = {hot_row("a", 4)}});
  EXPECT_EQ((*store->hot("a").value()).due, at(4));
  EXPECT_EQ(store->seen("a").value(), std::nullopt);
}

TEST_F(StoreTest, KeepsConsumersHostsModelsAndTheHighWaterMark) {
  {
    const auto store = open(path_);
    apply(*store, {.consumers = {{"b", Seq{7}, at(1)}, {"a", Seq{9}, at(2)}},
                   .models = {{"example.org", "m", at(3)}},
                   .hosts = {{"example.org", at(4), "h"}},
                   .high_water = Seq{18'000'000'000'000'000'000U}});
    EXPECT_EQ(store->high_water(), Seq{18'000'000'000'000'000'000U});
  }
  const auto store = open(path_);
  EXPECT_EQ(store->high_water(), Seq{18'000'000'000'000'000'000U});
  EXPECT_THAT(store->consumers().value(), ElementsAre(Field(&Consumer::name, "a"), Field(&Consumer::name, "b")));
  EXPECT_EQ(store->consumers().value()[1].acknowledged, Seq{7});
  EXPECT_EQ(store->model("example.org").value(), "m");
  EXPECT_EQ(store->model("example.com").value(), std::nullopt);
  EXPECT_EQ(store->hosts().value().at(0).until, at(4));
  apply(*store, {.forget_consumers = {"a"}, .forget_models = {"example.org"}, .hosts = {{"example.org", Time{}, ""}}});
  EXPECT_EQ(store->consumers().value().size(), 1U);
  EXPECT_EQ(store->model("example.org").value(), std::nullopt);
  EXPECT_TRUE(store->hosts().value().empty());
}

TEST_F(StoreTest, KeepsTheModelsThatWereUsedLast) {
  const auto store = open(path_);
  apply(*store, {.models = {{"a", "1", at(1)}, {"b", "2", at(3)}, {"c", "3", at(2)}}});
  EXPECT_EQ(store->trim_models(2).value(), 1U);
  EXPECT_EQ(store->model("a").value(), std::nullopt);
  EXPECT_EQ(store->model("c").value(), "3");
}

TEST_F(StoreTest, IsForOneProcess) {
  const auto store = open(path_);
  const auto child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const auto second = Store::open(path_, {});
    ::_exit(!second && second.error().code == Errc::busy ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

TEST_F(StoreTest, SurvivesAKillWithEverythingApplied) {
  const auto child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const auto store = open(path_);
    for (int i = 0; i < 100; ++i) {
      (void)store->apply({.hot = {hot_row("f" + std::to_string(i))}, .high_water = Seq{static_cast<std::uint64_t>(i)}});
    }
    ::_exit(0);  // no destructor: the WAL stays as it is
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  const auto store = open(path_);
  EXPECT_EQ(ids(*store).size(), 100U);
  EXPECT_EQ(store->high_water(), Seq{99});
}

TEST_F(StoreTest, SyncKeepsItUsable) {
  const auto store = open(path_);
  apply(*store, {.consumers = {{"a", Seq{1}, at(0)}}});
  ASSERT_TRUE(store->sync());
  ASSERT_TRUE(store->sync());
  apply(*store, {.consumers = {{"a", Seq{2}, at(0)}}});
  EXPECT_EQ(store->consumers().value().at(0).acknowledged, Seq{2});
  EXPECT_GT(store->size_bytes(), 0U);
}

TEST_F(StoreTest, RefusesAStoreOfANewerVersionAndLeavesItAlone) {
  { const auto store = open(path_); }
  {
    std::fstream file(path_, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(60);  // user_version, big-endian (SQLite file format 1.3.11)
    file.write("\0\0\0\x63", 4);
  }
  const auto store = Store::open(path_, {});
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, Errc::unsupported);
  EXPECT_TRUE(std::filesystem::exists(path_));
}

TEST_F(StoreTest, StopsWhenTheVisitorHasEnough) {
  const auto store = open(path_);
  apply(*store, {.hot = {hot_row("a"), hot_row("b"), hot_row("c")}});
  int seen = 0;
  ASSERT_TRUE(store->each_hot([&seen](FeedHot&&) { return ++seen < 2; }));
  EXPECT_EQ(seen, 2);
  apply(*store, {.hot = {hot_row("d")}});  // the unfinished read holds nothing up
}

struct Damage {
  const char* name;
  void (*apply)(const std::string& path);
};

class Corrupt : public testing::TestWithParam<Damage> {};

TEST_P(Corrupt, IsMovedAwayAndBegunAnew) {
  Folder folder;
  const auto path = folder / "state.db";
  {
    const auto store = open(path);
    Batch batch;
    for (int i = 0; i < 500; ++i) batch.hot.push_back(hot_row("feed-" + std::to_string(i)));
    for (int i = 0; i < 500; ++i) batch.seen.push_back({"feed-" + std::to_string(i), std::string(400, 'x')});
    batch.high_water = Seq{12};
    apply(*store, batch);
  }
  GetParam().apply(path);
  {
    const auto store = open(path);
    EXPECT_TRUE(store->opened().created);
    EXPECT_NE(store->opened().why, "");
    EXPECT_EQ(store->opened().set_aside, path + ".corrupt-20231114T221320");
    EXPECT_TRUE(std::filesystem::exists(store->opened().set_aside));
    EXPECT_EQ(store->high_water(), std::nullopt);
    apply(*store, {.hot = {hot_row("a")}});
  }
  EXPECT_FALSE(open(path)->opened().created);
}

void overwrite(const std::string& path, std::streamoff at, const std::string& bytes) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(at);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

INSTANTIATE_TEST_SUITE_P(
    Store, Corrupt,
    testing::Values(
        Damage{"not_a_database",
               [](const std::string& path) { std::ofstream(path, std::ios::binary) << std::string(10'000, 'x'); }},
        Damage{"truncated", [](const std::string& path) { std::filesystem::resize_file(path, 8192); }},
        Damage{"short_header", [](const std::string& path) { std::filesystem::resize_file(path, 60); }},
        Damage{"page_of_zeros", [](const std::string& path) { overwrite(path, 4096, std::string(4096, '\0')); }},
        Damage{"schema_garbage", [](const std::string& path) { overwrite(path, 100, std::string(900, '\xff')); }}),
    [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace newswire::state
