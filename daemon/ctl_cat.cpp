#include "ctl_cat.h"

#include <charconv>
#include <cstdint>
#include <cstdio>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "spool/cursor.h"
#include "spool/line_reader.h"
#include "spool/published.h"
#include "spool_dir.h"

namespace newswire::daemon {
namespace {

struct CatCommand {
  std::shared_ptr<SpoolPlace> place;
  std::string from = "earliest";
  std::uint64_t to = 0;     ///< last line wanted; 0: to the end
  std::uint64_t count = 0;  ///< 0: all
};

int complain(const Error& error) {
  std::cerr << "newswirectl: " << to_string(error) << '\n';
  return 1;
}

/// A number, a time, or "earliest".
Result<spool::Cursor> cursor_from(const spool::Published& published, const std::string& from) {
  const auto snapshot = published.snapshot();
  if (from == "earliest") return spool::Cursor::at(published, snapshot->first());
  Seq seq;
  const auto [end, ec] = std::from_chars(from.data(), from.data() + from.size(), seq.value);
  const bool number = ec == std::errc{} && end == from.data() + from.size();
  const auto time = number ? std::nullopt : parse_rfc3339(from);
  if (!number && !time) return Error{Errc::invalid, "--from wants earliest, a line's number or an RFC 3339 time", from};
  auto cursor = number ? spool::Cursor::at(published, seq) : spool::Cursor::at(published, time->utc);
  if (cursor || cursor.error().code != Errc::gone) return cursor;
  auto error = cursor.error();
  const auto next = number ? snapshot->earliest_from(seq) : snapshot->first();
  error.what += "; the earliest after it is line " + std::to_string(next.value);
  return error;
}

int run_cat(const CatCommand& command) {
  const auto dir = spool_dir(*command.place);
  if (!dir) return complain(dir.error());
  const auto published = spool::open_for_reading(*dir);
  if (!published) return complain(published.error());
  auto cursor = cursor_from(**published, command.from);
  if (!cursor) return complain(cursor.error());
  spool::LineReader reader(*std::move(cursor));
  int status = 0;
  for (std::uint64_t written = 0; command.count == 0 || written < command.count;) {
    const auto line = reader.next();
    if (!line && line.error().code == Errc::gone) {
      const auto gap = reader.skip_gap();
      if (!gap) return complain(gap.error());
      std::fflush(stdout);  // in its place between the lines, should both go to a terminal
      status = complain(
          {Errc::gone,
           "lines " + std::to_string(gap->from.value) + " to " + std::to_string(gap->to.value) + " are missing", *dir});
      continue;
    }
    if (!line && line.error().code == Errc::corrupt) {
      std::fflush(stdout);
      status = complain(line.error());
      continue;
    }
    if (!line) return complain(line.error());
    if (!*line || (command.to != 0 && (*line)->seq.value > command.to)) break;
    const auto text = (*line)->text;
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fputc('\n', stdout) == EOF) return 1;
    ++written;
  }
  return std::fflush(stdout) == 0 ? status : 1;
}

}  // namespace

void add_cat(CLI::App& app, int& status) {
  auto* sub =
      app.add_subcommand("cat", "Print the lines of a spool, compressed or not, without the daemon")->group("Offline");
  auto command = std::make_shared<CatCommand>();
  command->place = add_spool_options(*sub);
  sub->add_option("--from", command->from, "earliest, a line's number, or an RFC 3339 time")
      ->type_name("FROM")
      ->capture_default_str();
  sub->add_option("--to", command->to, "The number of the last line")->type_name("SEQ")->check(CLI::PositiveNumber);
  sub->add_option("-n,--count", command->count, "At most so many lines")->check(CLI::PositiveNumber);
  sub->footer(
      "Changes and locks nothing; a running daemon is not disturbed.\n"
      "  newswirectl cat --from 2026-11-24T08:00:00Z | jq -r .title\n"
      "Exit status: 1 if lines are missing or do not verify (standard error says which).");
  sub->callback([command, &status] { status = run_cat(*command); });
}

}  // namespace newswire::daemon
