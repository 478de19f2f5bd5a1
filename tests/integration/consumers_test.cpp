// What reads articles in earnest: the examples in every language, `newswirectl tail --exec`, and a log collector that
// only listens.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "daemon_process.h"
#include "http_server/http_server.h"

namespace newswire::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

const std::string kExamples = NEWSWIRE_SOURCE_DIR "/examples/";

// Two articles are there; more are published as a test goes.
class Consumers : public testing::Test {
 protected:
  Consumers() : feeds_("  - {id: one, url: '" + server_.url("/feed") + "'}\n"), daemon_(feeds_) {
    publish("First");
    publish("Second");
  }

  void start() {
    daemon_.start();
    ASSERT_TRUE(daemon_.wait_for_commit(items_.size()));
  }
  void publish(const std::string& title) {
    items_.insert(items_.begin(), {"id-" + title, title});
    server_.serve_feed("/feed", rss(items_));
  }
  /// Until the consumer's position is stored. A connection alone says nothing of where it will begin.
  bool wait_for_position(const std::string& consumer, int acked) {
    const auto wanted = R"("kind":"position","consumer":")" + consumer + R"(","acked":)" + std::to_string(acked) + ",";
    return eventually([&] { return daemon_.ctl({"consumers", "--json"}).output.find(wanted) != std::string::npos; });
  }

  HttpServer server_;
  std::vector<Item> items_;
  std::string feeds_;
  Daemon daemon_;
};

struct Example {
  std::string name;
  std::vector<std::string> command;  // the consumer's name and the socket are appended
};
void PrintTo(const Example& example, std::ostream* out) { *out << example.name; }

class NamedConsumer : public Consumers, public testing::WithParamInterface<Example> {};

// The number of an article at the start of a printed line: "3 Third", or the line itself.
std::string number_in(const std::string& line) {
  const std::string member = "\"seq\":";
  const auto at = line.find(member);
  const auto digits = at == line.npos ? line : line.substr(at + member.size());
  return digits.substr(0, digits.find_first_not_of("0123456789"));
}

TEST_P(NamedConsumer, GoesOnBehindWhatItAcknowledgedWhenTheDaemonComesBack) {
  start();
  auto command = GetParam().command;
  command.insert(command.end(), {"worker", daemon_.articles_socket()});
  Process consumer(command);
  ASSERT_TRUE(wait_for_position("worker", 2)) << consumer.errors();
  publish("Third");
  const auto first = consumer.wait_for_lines(1);
  ASSERT_FALSE(first.empty()) << consumer.errors();
  EXPECT_EQ(number_in(first[0]), "3");
  // The position is durable before the daemon dies.
  ASSERT_TRUE(wait_for_position("worker", 3)) << daemon_.ctl({"consumers", "--json"}).output;
  daemon_.kill();
  publish("Fourth");
  publish("Fifth");
  start();
  const auto lines = consumer.wait_for_lines(3);
  std::vector<std::string> numbers;
  std::transform(lines.begin(), lines.end(), std::back_inserter(numbers), number_in);
  EXPECT_THAT(numbers, ElementsAre("3", "4", "5")) << consumer.errors();
  daemon_.stop();
}

INSTANTIATE_TEST_SUITE_P(Examples, NamedConsumer,
                         testing::Values(Example{"python", {"python3", "-u", kExamples + "consumer.py"}},
                                         Example{"node", {"node", kExamples + "consumer.mjs"}},
                                         Example{"cpp", {EXAMPLE_CONSUMER}}),
                         [](const auto& tested) { return tested.param.name; });

TEST_F(Consumers, TheShellExampleKeepsItsPlaceInItsOwnFile) {
  start();
  const auto file = daemon_.folder() / "followed.ndjson";
  const auto lines = [&] { return lines_of(read_file(file)); };
  {
    Process follow({"sh", kExamples + "follow.sh", file, daemon_.articles_socket()});
    ASSERT_TRUE(eventually([&] { return lines().size() == 2; })) << follow.errors();
    publish("Third");
    ASSERT_TRUE(eventually([&] { return lines().size() == 3; })) << follow.errors();
    follow.signal(SIGTERM);
    follow.wait();  // before its connection breaks, so that it does not make another one
    daemon_.kill();
  }
  publish("Fourth");
  start();
  Process again({"sh", kExamples + "follow.sh", file, daemon_.articles_socket()});
  ASSERT_TRUE(eventually([&] { return lines().size() == 4; })) << again.errors();
  std::vector<std::string> numbers;
  const auto followed = lines();
  std::transform(followed.begin(), followed.end(), std::back_inserter(numbers), number_in);
  EXPECT_THAT(numbers, ElementsAre("1", "2", "3", "4"));
  daemon_.stop();
}

TEST_F(Consumers, ExecRunsTheCommandForEachArticleAndBuriesWhatKeepsFailing) {
  start();
  const auto done = daemon_.folder() / "done";
  const auto failed = daemon_.folder() / "failed.ndjson";
  // Refuses the second article always; notes the others by what stands in the environment and on its input.
  const auto command =
      "test \"$NEWSWIRE_TITLE\" != Second || exit 7; jq -r '[._newswire.seq, .title] | @tsv' >> " + done;
  const auto finished =
      run({NEWSWIRECTL, "tail", "--sockets", daemon_.folder() / "run", "--consumer", "hook", "--from", "earliest", "-n",
           "2", "--exec", command, "--retries", "1", "--retry-delay", "0", "--dead-letter", failed});
  EXPECT_EQ(finished.status, 0) << finished.errors;
  EXPECT_THAT(finished.errors, HasSubstr("article 2: exit status 7; put into "));
  EXPECT_EQ(read_file(done), "1\tFirst\n");
  EXPECT_THAT(lines_of(read_file(failed)), ElementsAre(daemon_.spool_lines()[1]));
  // Both are acknowledged: the next run gets the third first.
  publish("Third");
  const auto next = run(
      {NEWSWIRECTL, "tail", "--sockets", daemon_.folder() / "run", "--consumer", "hook", "-n", "1", "--exec", command});
  EXPECT_EQ(next.status, 0) << next.errors;
  EXPECT_EQ(read_file(done), "1\tFirst\n3\tThird\n");
  daemon_.stop();
}

TEST_F(Consumers, ExecWithoutADeadLetterFileStopsAndTheArticleComesAgain) {
  start();
  const std::vector<std::string> tail{
      NEWSWIRECTL, "tail", "--sockets", daemon_.folder() / "run", "--consumer", "hook", "--from", "earliest", "-n", "1",
      "--retries", "0",    "--exec"};
  auto failing = tail;
  failing.push_back("exit 9");
  EXPECT_EQ(run(failing).status, 2);
  auto working = tail;
  working.erase(std::find(working.begin(), working.end(), "--from"), std::find(working.begin(), working.end(), "-n"));
  working.push_back("printf %s \"$NEWSWIRE_SEQ\"");
  const auto finished = run(working);
  EXPECT_EQ(finished.status, 0) << finished.errors;
  EXPECT_EQ(finished.output, "1");
  daemon_.stop();
}

TEST_F(Consumers, ACollectorIsToldOfTheFeedsHealthIfItAsks) {
  const auto socket = daemon_.folder() / "collector.sock";
  server_.handle("/flapping", [turn = std::make_shared<int>(0)](const Seen&) {
    return ++*turn % 2 == 1 ? Answer(500) : Answer(200, rss({}));
  });
  daemon_.configure("  - {id: flapping, url: '" + server_.url("/flapping") + "'}\n",
                    "outputs: [{connect: 'unix:" + socket + "', health: true}]\n");
  Process collector({"socat", "-u", "UNIX-LISTEN:" + socket + ",unlink-early", "STDOUT"});
  daemon_.start();
  const auto lines = collector.wait_for_lines(1);
  ASSERT_FALSE(lines.empty()) << collector.errors() << daemon_.process().errors();
  EXPECT_THAT(lines.front(), HasSubstr("\"op\":\"feed\""));
  EXPECT_THAT(lines.front(), testing::ContainsRegex("\"state\":\"(failing|recovered)\""));
  EXPECT_THAT(lines.front(), HasSubstr("\"feed\":\"flapping\""));
  daemon_.stop();
}

TEST_F(Consumers, SyslogNgGetsEveryArticleAsItStandsInTheSpool) {
  const auto socket = daemon_.folder() / "collector.sock";
  const auto file = daemon_.folder() / "collected.ndjson";
  daemon_.folder().write("syslog-ng.conf",
                         "@version: 3.38\n"
                         "options { log-msg-size(4194304); keep-hostname(yes); };\n"
                         "source articles { unix-stream(\"" +
                             socket +
                             "\" flags(no-parse) create-dirs(no)); };\n"
                             "destination file { file(\"" +
                             file +
                             "\" template(\"$MSG\\n\") flush-lines(1)); };\n"
                             "log { source(articles); destination(file); };\n");
  const auto syslog = [&] {
    return std::vector<std::string>{"/usr/sbin/syslog-ng",
                                    "-F",
                                    "-e",
                                    "--no-caps",
                                    "-f",
                                    daemon_.folder() / "syslog-ng.conf",
                                    "-R",
                                    daemon_.folder() / "syslog-ng.persist",
                                    "-p",
                                    daemon_.folder() / "syslog-ng.pid",
                                    "-c",
                                    daemon_.folder() / "syslog-ng.ctl"};
  };
  const auto collected = [&] { return lines_of(read_file(file)); };
  daemon_.configure(feeds_, "outputs: [{connect: 'unix:" + socket + "', consumer: logs, from: earliest}]\n");
  start();  // before anybody listens
  {
    Process collector(syslog());
    ASSERT_TRUE(eventually([&] { return collected().size() == 2; }))
        << collector.errors() << daemon_.process().errors();
    // What it was given is taken as read once its buffer is empty; the position follows.
    ASSERT_TRUE(wait_for_position("output:logs", 2)) << daemon_.ctl({"consumers", "--json"}).output;
    collector.signal(SIGTERM);
    collector.wait();
  }
  publish("Third");
  ASSERT_TRUE(daemon_.wait_for(3));
  Process collector(syslog());
  ASSERT_TRUE(eventually([&] { return collected().size() >= 3; })) << collector.errors() << daemon_.process().errors();
  EXPECT_EQ(collected(), daemon_.spool_lines());
  daemon_.stop();
}

}  // namespace
}  // namespace newswire::test
