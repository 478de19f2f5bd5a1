#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>

#include "faulty_file_system.h"
#include "spool/spool.h"
#include "spool/verify.h"
#include "support.h"

/// The promise of Spool, held against a crash or a failure at every single call that the spool makes.
namespace newswire::spool {
namespace {

using Fault = FaultyFileSystem::Fault;
using Loss = FaultyFileSystem::Loss;

/// What a publisher with a state store knows. It survives the crash as SQLite would: the high-water mark is that of
/// some commit that was answered, not always the last one.
struct Publisher {
  std::uint64_t next_article = 1;
  std::map<std::uint64_t, std::uint64_t> answered;  ///< seq -> article, of commits that succeeded
  std::vector<Seq> marks{Seq{}};                    ///< after each of them
};

struct Scenario {
  std::uint64_t articles = 60;
  std::uint64_t segment = 4096;
  bool compress = true;
};

Options options_of(const Scenario& scenario) {
  auto options = small(scenario.segment);
  options.compress = scenario.compress;
  options.compression_level = 1;
  return options;
}

/// Publishes until all articles are in, or the disk is gone. A commit that fails is tried again, as ingest does.
/// False: gave up.
bool publish(Spool& spool, Publisher& publisher, const Scenario& scenario, const FaultyFileSystem& files) {
  int failures = 0;
  for (int round = 0; publisher.next_article <= scenario.articles; ++round) {
    const auto batch =
        std::min<std::uint64_t>(1 + publisher.next_article % 5, scenario.articles - publisher.next_article + 1);
    std::map<std::uint64_t, std::uint64_t> sent;
    for (std::uint64_t i = 0; i < batch; ++i) {
      const auto article = publisher.next_article + i;
      const auto seq = spool.append(tail(article, 150 + article * 37 % 700));
      if (!seq) return false;
      sent[seq->value] = article;
    }
    if (spool.commit()) {
      publisher.answered.insert(sent.begin(), sent.end());
      publisher.next_article += batch;
      publisher.marks.push_back(spool.next_seq().previous());
    } else if (files.crashed() || ++failures > 30) {
      return false;
    }
    for (int i = 0; i < 2; ++i) {
      (void)spool.maintain(at(static_cast<std::int64_t>(round) * 120), std::nullopt);  // its errors are the disk's
    }
    if (files.crashed()) return false;
  }
  return true;
}

/// After reopening: all that was answered is there under its number, once, without a hole; what is there beyond it are
/// whole articles that were on their way. The publisher goes on behind what it finds.
void check_and_resume(const Published& published, Publisher& publisher) {
  const auto lines = read_all(published);
  std::set<std::uint64_t> articles;
  std::uint64_t expected = 1;
  for (const auto& line : lines) {
    ASSERT_EQ(line.seq.value, expected++) << "a hole or a repeat";
    ASSERT_TRUE(articles.insert(line.number).second) << "article " << line.number << " twice";
    const auto known = publisher.answered.find(line.seq.value);
    if (known != publisher.answered.end()) {
      ASSERT_EQ(known->second, line.number) << "another article under its number";
    }
  }
  ASSERT_GE(lines.size(), publisher.answered.size()) << "answered and lost";
  ASSERT_EQ(articles.size(), articles.empty() ? 0 : *articles.rbegin());
  publisher.next_article = articles.empty() ? 1 : *articles.rbegin() + 1;
  publisher.answered.clear();
  for (const auto& line : lines) publisher.answered[line.seq.value] = line.number;
}

void finish_and_verify(const std::string& directory, Publisher& publisher, const Scenario& scenario,
                       std::optional<Seq> high_water) {
  FaultyFileSystem healthy(directory);
  {
    auto options = options_of(scenario);
    options.high_water = high_water;
    const auto spool = open(directory, options, healthy);
    ASSERT_NO_FATAL_FAILURE(check_and_resume(spool->published(), publisher));
    ASSERT_TRUE(publish(*spool, publisher, scenario, healthy));
    ASSERT_EQ(runs(spool->published()), "1-" + std::to_string(scenario.articles));
  }
  const auto report = verify(directory);
  ASSERT_TRUE(report);
  EXPECT_TRUE(report->ok());
}

/// One run: a crash at call `at` with `loss`; false when the scenario never makes so many calls.
bool crash_once(std::uint64_t at_call, Loss loss, const Scenario& scenario, std::mt19937_64& random, bool state_lost) {
  Folder folder;
  FaultyFileSystem files(folder.path());
  files.fail_at(at_call, Fault::crash);
  Publisher publisher;
  {
    auto spool = Spool::open(folder.path(), options_of(scenario), files);
    if (spool) (void)publish(**spool, publisher, scenario, files);
  }
  if (!files.failed()) return false;
  files.lose(loss, random);
  std::optional<Seq> mark;
  if (!state_lost) mark = publisher.marks[random() % publisher.marks.size()];
  finish_and_verify(folder.path(), publisher, scenario, mark);
  return true;
}

struct CrashCase {
  const char* name;
  Loss loss;
  bool state_lost;
};

class Crash : public testing::TestWithParam<CrashCase> {};

TEST_P(Crash, AtEveryCallLosesNothingAndRepeatsNothing) {
  const Scenario scenario;
  std::mt19937_64 random(1);
  std::uint64_t call = 0;
  while (crash_once(call, GetParam().loss, scenario, random, GetParam().state_lost)) {
    ASSERT_FALSE(HasFailure()) << "crash at call " << call;
    ++call;
  }
  EXPECT_GT(call, 100U);
}

INSTANTIATE_TEST_SUITE_P(Spool, Crash,
                         testing::Values(CrashCase{"kill", Loss::none, false}, CrashCase{"power", Loss::all, false},
                                         CrashCase{"power_with_a_part_written", Loss::part, false},
                                         CrashCase{"power_with_holes", Loss::holes, false},
                                         CrashCase{"kill_and_state_lost", Loss::none, true},
                                         CrashCase{"power_and_state_lost", Loss::all, true},
                                         CrashCase{"part_written_and_state_lost", Loss::part, true}),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST(CrashTwice, DuringRecoveryToo) {
  // A crash while publishing, then one at every call of the recovery from it.
  std::mt19937_64 random(2);
  const Scenario scenario;
  for (std::uint64_t first = 20; first < 200; first += 23) {
    for (std::uint64_t second = 0;; ++second) {
      Folder folder;
      Publisher publisher;
      FaultyFileSystem files(folder.path());
      files.fail_at(first, Fault::crash);
      {
        auto spool = Spool::open(folder.path(), options_of(scenario), files);
        if (spool) (void)publish(**spool, publisher, scenario, files);
      }
      files.lose(Loss::holes, random);
      const auto mark = publisher.marks.back();
      FaultyFileSystem again(folder.path());
      again.fail_at(second, Fault::crash);
      auto options = options_of(scenario);
      options.high_water = mark;
      { (void)Spool::open(folder.path(), options, again); }
      if (!again.failed()) break;
      again.lose(Loss::part, random);
      ASSERT_NO_FATAL_FAILURE(finish_and_verify(folder.path(), publisher, scenario, mark))
          << "crashes at calls " << first << " and " << second;
    }
  }
}

TEST(CrashAtRandom, ManyTimesInOneSpoolsLife) {
  const char* const given = std::getenv("NEWSWIRE_SEED");
  const char* const wanted = std::getenv("NEWSWIRE_CRASH_RUNS");
  const auto seed = given == nullptr ? std::random_device{}() : std::strtoull(given, nullptr, 10);
  const auto runs_wanted = wanted == nullptr ? 20ULL : std::strtoull(wanted, nullptr, 10);
  std::cout << "NEWSWIRE_SEED=" << seed << '\n';
  std::mt19937_64 random(seed);
  for (std::uint64_t run = 0; run < runs_wanted; ++run) {
    Folder folder;
    Publisher publisher;
    const Scenario scenario{.articles = 400, .segment = 4096 + random() % 20'000, .compress = random() % 2 == 0};
    bool complete = false;
    while (!complete) {
      FaultyFileSystem files(folder.path());
      files.fail_at(random() % 400, Fault::crash);
      auto options = options_of(scenario);
      options.high_water =
          publisher.marks[publisher.marks.size() - 1 - random() % std::min<std::size_t>(3, publisher.marks.size())];
      {
        auto spool = Spool::open(folder.path(), options, files);
        if (spool) {
          ASSERT_NO_FATAL_FAILURE(check_and_resume((*spool)->published(), publisher)) << "seed " << seed;
          complete = publish(**spool, publisher, scenario, files);
        }
      }
      files.lose(static_cast<Loss>(random() % 4), random);
    }
    ASSERT_NO_FATAL_FAILURE(finish_and_verify(folder.path(), publisher, scenario, publisher.marks.back()))
        << "seed " << seed << ", run " << run;
  }
}

struct FailureCase {
  const char* name;
  Fault fault;
  std::uint64_t count;
};

class Failure : public testing::TestWithParam<FailureCase> {};

TEST_P(Failure, AtEveryCallRollsTheCommitBackAndGoesOn) {
  const Scenario scenario;
  for (std::uint64_t call = 0;; ++call) {
    Folder folder;
    FaultyFileSystem files(folder.path());
    files.fail_at(call, GetParam().fault, GetParam().count);
    Publisher publisher;
    {
      auto spool = Spool::open(folder.path(), options_of(scenario), files);
      if (!spool && files.failed()) continue;  // refused to start, which is fair; nothing was written
      ASSERT_TRUE(spool) << to_string(spool.error());
      ASSERT_TRUE(publish(**spool, publisher, scenario, files)) << "failure at call " << call;
      ASSERT_EQ(runs((*spool)->published()), "1-60") << "failure at call " << call;
      for (const auto& [seq, article] : publisher.answered) ASSERT_EQ(seq, article);
    }
    ASSERT_EQ(runs(open(folder.path(), options_of(scenario))->published()), "1-60") << "failure at call " << call;
    const auto report = verify(folder.path());
    ASSERT_TRUE(report);
    ASSERT_TRUE(report->ok()) << "failure at call " << call;
    if (!files.failed()) break;
  }
}

INSTANTIATE_TEST_SUITE_P(Spool, Failure,
                         testing::Values(FailureCase{"once", Fault::io, 1}, FailureCase{"for_a_while", Fault::io, 15},
                                         FailureCase{"no_space_once", Fault::no_space, 1},
                                         FailureCase{"no_space_for_a_while", Fault::no_space, 25}),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST(FailedSync, FollowedByACrashKeepsWhatWasAnswered) {
  // The sync fails, the kernel has dropped the pages, the process goes on and is then killed by a power loss.
  std::mt19937_64 random(3);
  const Scenario scenario;
  for (std::uint64_t call = 5; call < 120; ++call) {
    Folder folder;
    FaultyFileSystem files(folder.path());
    files.fail_at(call, Fault::io);
    Publisher publisher;
    {
      auto spool = Spool::open(folder.path(), options_of(scenario), files);
      if (!spool) continue;
      Scenario half = scenario;
      half.articles = 40;
      (void)publish(**spool, publisher, half, files);
    }
    files.lose(Loss::part, random);
    ASSERT_NO_FATAL_FAILURE(finish_and_verify(folder.path(), publisher, scenario, publisher.marks.back()))
        << "failure at call " << call;
  }
}

}  // namespace
}  // namespace newswire::spool
