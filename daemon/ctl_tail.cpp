#include "ctl_tail.h"

#include <fcntl.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "article/line.h"
#include "base/text.h"
#include "printable.h"
#include "serve/article_client.h"
#include "serve/line_command.h"
#include "serve/protocol.h"
#include "sockets_dir.h"

namespace newswire::daemon {
namespace {

constexpr auto kFinish = std::chrono::seconds(5);
constexpr auto kMaxRetryDelay = std::chrono::seconds(60);
constexpr std::size_t kMaxVariable = 4096;

volatile sig_atomic_t interrupted = 0;

struct TailCommand {
  std::shared_ptr<SocketsPlace> place;
  std::string from;
  std::string consumer;
  std::vector<std::string> feeds;
  std::vector<std::string> tags;
  std::string format = "json";
  std::string on_gap = "error";
  std::string exec;
  std::string dead_letter;
  unsigned retries = 5;
  unsigned retry_delay = 1;
  std::uint64_t count = 0;
  bool health = false;
};

int complain(std::string_view message, int status = 1) {
  std::cerr << "newswirectl: " << message << '\n';
  return status;
}

/// Signals set a flag and end whatever waits, so that the line in hand is finished and acknowledged.
void catch_signals() {
  struct sigaction action {};
  action.sa_handler = [](int) { interrupted = 1; };
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) ::sigaction(number, &action, nullptr);
}

/// An article for a person: a heading line, the link, the text.
std::string for_people(std::string_view line) {
  const auto article = article::parse_line(line);
  if (!article) return printable(line) + "\n";
  std::string out = to_rfc3339(article->received) + "  " + printable(article->feed.title);
  if (article->feed.title.empty()) out += printable(article->feed.id);
  if (article->event == article::Event::updated) out += "  (updated)";
  out += "\n" + printable(article->title) + "\n";
  if (!article->url.empty()) out += printable(article->url) + "\n";
  const auto& text = article->content_text.empty() ? article->summary : article->content_text;
  if (!text.empty()) out += "\n" + printable(text, true) + "\n";
  out += "\n";
  return out;
}

/// All of it, or false: the reader of a pipe has gone, or a disk is full (errno tells).
bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

/// Onto standard output. False if that fails; unless its reader has just gone, that is said and is a failure.
bool print(std::string_view text, int& status) {
  if (write_all(STDOUT_FILENO, text)) return true;
  if (errno != EPIPE) status = complain("standard output cannot be written: " + std::string(std::strerror(errno)));
  return false;
}

std::vector<std::pair<std::string, std::string>> variables(Seq seq, std::string_view line) {
  std::vector<std::pair<std::string, std::string>> all{{"NEWSWIRE_SEQ", std::to_string(seq.value)}};
  const auto add = [&all](const char* name, std::string_view value) {
    all.emplace_back(name, std::string(cut_utf8(value, kMaxVariable)));
  };
  const auto article = article::parse_line(line);
  if (!article) return all;
  add("NEWSWIRE_UID", article->uid);
  add("NEWSWIRE_FEED", article->feed.id);
  add("NEWSWIRE_TITLE", article->title);
  add("NEWSWIRE_URL", article->url);
  return all;
}

/// The line at the end of the dead-letter file, on the disk.
bool bury(const std::string& path, std::string_view line) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
  if (fd < 0) return false;
  const bool written = write_all(fd, std::string(line) + '\n') && ::fsync(fd) == 0;
  return ::close(fd) == 0 && written;
}

void wait_for(std::chrono::seconds time) {
  timespec left{.tv_sec = time.count(), .tv_nsec = 0};
  while (interrupted == 0 && ::nanosleep(&left, &left) != 0 && errno == EINTR) {
  }
}

enum class Handled { yes, stopped, failed };

/// Runs the command until it succeeds, its tries are used up and the article is buried, or we are to stop.
Handled run_command(const TailCommand& command, Seq seq, std::string_view line) {
  const auto environment = variables(seq, line);
  const auto stop = [] { return interrupted != 0; };
  auto delay = std::chrono::seconds(command.retry_delay);
  for (unsigned attempt = 0;; ++attempt) {
    const auto exit_status = serve::run_line_command(command.exec, line, environment, stop);
    if (exit_status && *exit_status == 0) return Handled::yes;
    if (interrupted != 0) return Handled::stopped;
    const auto why = exit_status ? "exit status " + std::to_string(*exit_status) : to_string(exit_status.error());
    const auto which = "article " + std::to_string(seq.value) + ": " + why;
    if (attempt >= command.retries) {
      if (command.dead_letter.empty()) {
        complain(which + "; giving up. It is not acknowledged and comes again (--dead-letter FILE would go on)");
        return Handled::failed;
      }
      if (bury(command.dead_letter, line)) {
        complain(which + "; put into " + command.dead_letter);
        return Handled::yes;
      }
      complain("cannot write " + command.dead_letter + ": " + std::strerror(errno));
      return Handled::failed;
    }
    complain(which + "; trying again in " + std::to_string(delay.count()) + " s");
    wait_for(delay);
    if (interrupted != 0) return Handled::stopped;
    delay = std::min<std::chrono::seconds>(delay * 2, kMaxRetryDelay);
  }
}

int tail(const TailCommand& command) {
  const auto dir = sockets_dir(*command.place);
  if (!dir) return complain(to_string(dir.error()));
  catch_signals();

  serve::ArticleClientOptions options;
  options.path = *dir + "/articles.sock";
  options.from = command.from;
  options.consumer = command.consumer;
  options.feeds = command.feeds;
  options.tags = command.tags;
  options.health = command.health;
  options.continue_on_gap = command.on_gap == "continue";
  options.stop = [] { return interrupted != 0; };
  options.tell = [](std::string_view message) { complain(message); };
  serve::ArticleClient client(std::move(options));
  if (const auto started = client.start(); !started) {
    return started.error().code == Errc::cancelled ? 0 : complain(to_string(started.error()));
  }

  int status = 0;
  for (std::uint64_t n = 0; command.count == 0 || n < command.count;) {
    const auto line = client.next();
    if (!line) {
      if (line.error().code != Errc::cancelled) status = complain(to_string(line.error()));
      break;
    }
    if (line->seq == Seq{0}) {  // health, or a gap
      if (!command.exec.empty() || command.format == "text")
        complain(line->text);
      else if (!print(std::string(line->text) + '\n', status))
        break;
      continue;
    }
    if (command.exec.empty()) {
      const auto text = command.format == "text" ? for_people(line->text) : std::string(line->text) + '\n';
      if (!print(text, status)) break;  // not acknowledged: it comes again
    } else if (const auto handled = run_command(command, line->seq, line->text); handled != Handled::yes) {
      if (handled == Handled::failed) status = 2;
      break;
    }
    client.done(line->seq, !command.exec.empty());
    ++n;
    if (interrupted != 0) break;
  }
  if (const auto finished = client.finish(kFinish); !finished && status == 0) {
    status = complain(to_string(finished.error()) + "; the last articles may come again");
  }
  return status;
}

}  // namespace

void add_tail(CLI::App& app, int& status) {
  auto command = std::make_shared<TailCommand>();
  auto* sub =
      app.add_subcommand("tail", "Articles as they come, over restarts of the daemon")->group("The running daemon");
  command->place = add_sockets_options(*sub);
  sub->add_option("--from", command->from,
                  "earliest, latest, acked, a number, or an RFC 3339 time; default: acked with --consumer, else latest")
      ->type_name("WHERE");
  sub->add_option("--consumer", command->consumer, "Keep the position under this name, and go on there next time")
      ->type_name("NAME")
      ->check([](const std::string& name) {
        return serve::is_consumer_name(name) ? std::string() : "a name has 1 to 64 of the characters A-Z a-z 0-9 . _ -";
      });
  sub->add_option("--feed", command->feeds, "Only articles of this feed (repeat for several)")->type_name("ID");
  sub->add_option("--tag", command->tags, "Only articles of feeds with this tag (repeat for several)")
      ->type_name("TAG");
  sub->add_option("--format", command->format, "json: the lines as they are; text: for people")
      ->check(CLI::IsMember({"json", "text"}))
      ->capture_default_str();
  sub->add_option("--on-gap", command->on_gap, "When articles are no longer kept: error, or continue behind the gap")
      ->check(CLI::IsMember({"error", "continue"}))
      ->capture_default_str();
  sub->add_option("-n,--count", command->count, "End after so many articles")->type_name("N");
  sub->add_flag("--health", command->health, "Also what happens to feeds, as {\"op\":\"feed\",...} lines");
  auto* exec =
      sub->add_option("--exec", command->exec,
                      "Run this shell command for each article, its line on standard input, NEWSWIRE_SEQ, _UID, "
                      "_FEED, _TITLE and _URL in the environment; acknowledged when it succeeds")
          ->type_name("CMD");
  sub->add_option("--retries", command->retries, "Try a failing command so many times more")
      ->needs(exec)
      ->capture_default_str();
  sub->add_option("--retry-delay", command->retry_delay, "Seconds before the first retry; doubles up to 60")
      ->needs(exec)
      ->check(CLI::Range(0U, 60U))
      ->capture_default_str();
  sub->add_option("--dead-letter", command->dead_letter, "Append articles whose command keeps failing here, and go on")
      ->needs(exec)
      ->type_name("FILE");
  sub->footer(
      "Examples:\n"
      "  newswirectl tail --format text\n"
      "  newswirectl tail --from earliest --tag world | jq -r .title\n"
      "  newswirectl tail --consumer mail --exec 'mail -s \"$NEWSWIRE_TITLE\" me' --dead-letter failed.ndjson");
  sub->callback([command, &status] { status = tail(*command); });
}

}  // namespace newswire::daemon
