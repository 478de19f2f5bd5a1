#include "ctl_verify.h"

#include <cstdio>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/count_of.h"
#include "base/json_text.h"
#include "progress.h"
#include "spool/verify.h"
#include "spool_dir.h"

namespace newswire::daemon {
namespace {

std::string lines_of(const spool::CheckedFile& file) {
  if (file.first == Seq{}) return "empty";
  return std::to_string(file.first.value) + "-" + std::to_string(file.last.value);
}

void print(const spool::CheckedFile& file, bool quiet) {
  if (!quiet || !file.problems.empty()) {
    std::printf("%-38s %12llu bytes  lines %-23s %s\n", file.name.c_str(), static_cast<unsigned long long>(file.bytes),
                lines_of(file).c_str(), file.problems.empty() ? "sound" : "NOT SOUND");
  }
  for (const auto& problem : file.problems) std::printf("  %s\n", problem.c_str());
  if (quiet) return;
  for (const auto& note : file.notes) std::printf("  note: %s\n", note.c_str());
}

void print_summary(const spool::VerifyReport& report) {
  std::uint64_t lines = 0;
  std::uint64_t bytes = 0;
  for (const auto& file : report.files) {
    lines += file.lines;
    bytes += file.bytes;
  }
  std::printf("%s: %s in %s, %s%s\n", report.ok() ? "sound" : "NOT SOUND", count_of(lines, "line").c_str(),
              count_of(report.files.size(), "file").c_str(), count_of(bytes, "byte").c_str(),
              report.running ? "; newswired is running" : "");
}

void append_texts(JsonWriter& json, std::string_view name, const std::vector<std::string>& texts) {
  json.key(name).begin_array();
  for (const auto& text : texts) json.value(text);
  json.end_array();
}

void print_json(const spool::VerifyReport& report) {
  std::string line;
  JsonWriter json(line);
  json.begin_object();
  json.key("sound").value(report.ok());
  json.key("running").value(report.running);
  json.key("files").begin_array();
  for (const auto& file : report.files) {
    json.begin_object();
    json.key("name").value(file.name);
    json.key("first").value(file.first.value);
    json.key("last").value(file.last.value);
    json.key("lines").value(file.lines);
    json.key("bytes").value(file.bytes);
    append_texts(json, "problems", file.problems);
    append_texts(json, "notes", file.notes);
    json.end_object();
  }
  json.end_array();
  append_texts(json, "problems", report.problems);
  append_texts(json, "set_aside", report.set_aside);
  json.end_object();
  std::printf("%s\n", line.c_str());
}

int run_verify(const SpoolPlace& place, bool quiet, bool as_json) {
  const auto dir = spool_dir(place);
  auto report = Result<spool::VerifyReport>(Error{});
  if (dir) {
    auto sink = progress_on_stderr();
    sink.silent = quiet;
    Progress progress(sink, "verify", Progress::Clock::now());
    report = spool::verify(*dir, [&progress](std::uint64_t done, std::uint64_t total) {
      progress.advance(done, total, Progress::Clock::now());
    });
  } else {
    report = dir.error();
  }
  if (!report) {
    std::cerr << "newswirectl: " << to_string(report.error()) << '\n';
    return 1;
  }
  if (as_json) {
    print_json(*report);
    return report->ok() ? 0 : 1;
  }
  for (const auto& file : report->files) print(file, quiet);
  for (const auto& problem : report->problems) std::printf("%s\n", problem.c_str());
  for (const auto& name : report->set_aside) {
    if (!quiet) std::printf("set aside earlier: set-aside/%s\n", name.c_str());
  }
  if (!quiet || !report->ok()) print_summary(*report);
  if (!report->ok() && !report->running) {
    std::printf("newswired sets aside what is not sound when it starts, and serves the rest.\n");
  }
  return report->ok() ? 0 : 1;
}

}  // namespace

void add_verify(CLI::App& app, int& status) {
  auto* command = app.add_subcommand("verify", "Check every line of a spool, running daemon or not")->group("Offline");
  const auto place = add_spool_options(*command);
  const auto quiet = std::make_shared<bool>(false);
  command->add_flag("-q,--quiet", *quiet, "Print only what is wrong");
  const auto json = std::make_shared<bool>(false);
  command->add_flag("--json", *json, "What was found as one JSON object");
  command->footer(
      "Reads every segment, compressed or not, and changes nothing: sums, numbers without gap or repeat, UTF-8.\n"
      "Exit status: 0 sound, 1 not sound or not readable.");
  command->callback([place, quiet, json, &status] { status = run_verify(*place, *quiet, *json); });
}

}  // namespace newswire::daemon
