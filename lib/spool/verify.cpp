#include "spool/verify.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <utility>

#include "base/count_of.h"
#include "base/text.h"
#include "spool/detail/blocks.h"
#include "spool/detail/salvage.h"
#include "spool/file_system.h"
#include "spool/segment.h"

namespace newswire::spool {
namespace {

constexpr std::size_t kMaxProblems = 20;

void say(CheckedFile& file, std::string problem) {
  if (file.problems.size() < kMaxProblems) file.problems.push_back(std::move(problem));
  if (file.problems.size() == kMaxProblems) file.problems.back() = "and more";
}

bool is_locked(const std::string& directory) {
  const int descriptor = ::open((directory + "/" + std::string(kLockName)).c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return false;
  const bool locked = ::flock(descriptor, LOCK_SH | LOCK_NB) != 0;
  ::close(descriptor);
  return locked;
}

/// What is wrong with a whole line, or nothing.
std::string fault_of(std::string_view line, const std::optional<LineHead>& head) {
  if (!head) return "no line of the spool: " + std::string(cut_utf8(line, 40));
  const auto number = "line " + std::to_string(head->seq.value);
  if (!is_sound(line, *head)) return number + " does not agree with its sum";
  if (!is_utf8(line)) return number + " is not UTF-8";
  return {};
}

void check_block(std::string_view block, bool live, CheckedFile& file) {
  while (!block.empty()) {
    bool whole = false;
    const auto line = take_line(block, whole);
    if (!whole) {
      const auto unfinished = "ends with an unfinished line of " + count_of(line.size(), "byte");
      if (live) {
        file.notes.push_back(unfinished + "; newswired cuts it at its next start");
      } else {
        say(file, unfinished);
      }
      return;
    }
    const auto head = parse_head(line);
    if (auto fault = fault_of(line, head); !fault.empty()) {
      say(file, std::move(fault));
      if (!head) continue;
    } else {
      ++file.lines;
    }
    if (file.first == Seq{}) {
      file.first = head->seq;
    } else if (head->seq != file.last.next()) {
      say(file, "line " + std::to_string(head->seq.value) + " follows line " + std::to_string(file.last.value));
    }
    file.last = std::max(file.last, head->seq);
  }
}

/// Bytes of whole files that have been looked at, and of all.
struct Sum {
  const VerifyProgress& tell;
  std::uint64_t done = 0;
  std::uint64_t total = 0;
  void say(std::uint64_t more) const {
    if (tell) tell(std::min(done + more, total), total);
  }
};

Result<CheckedFile> check_file(const std::string& directory, const std::string& name, bool compressed, bool live,
                               Sum& sum) {
  CheckedFile checked;
  checked.name = name;
  const auto file = ReadFile::open(directory + "/" + name);
  if (!file) return file.error();
  const auto size = (*file)->size();
  if (!size) return size.error();
  checked.bytes = *size;
  BlockSource source(*file, compressed, *size);
  for (;;) {
    const auto block = source.next();
    sum.say(source.offset());
    if (block && block->empty()) break;
    if (block) {
      check_block(*block, live, checked);
    } else {
      say(checked, "at byte " + std::to_string(source.block_offset()) + ": " + block.error().what);
      if (block.error().code != Errc::corrupt) break;  // the device does not give it
    }
  }
  sum.done += *size;
  return checked;
}

/// Holes and repeats between files, which are in order.
void check_order(VerifyReport& report) {
  const CheckedFile* before = nullptr;
  for (const auto& file : report.files) {
    if (file.first == Seq{}) continue;
    if (before != nullptr && file.first > before->last.next()) {
      report.problems.push_back("lines " + std::to_string(before->last.value + 1) + " to " +
                                std::to_string(file.first.value - 1) + " are missing between " + before->name +
                                " and " + file.name);
    } else if (before != nullptr && file.first <= before->last) {
      report.problems.push_back(file.name + " repeats lines of " + before->name);
    }
    before = &file;
  }
}

}  // namespace

bool VerifyReport::ok() const {
  return problems.empty() &&
         std::all_of(files.begin(), files.end(), [](const CheckedFile& file) { return file.problems.empty(); });
}

Result<VerifyReport> verify(const std::string& directory, const VerifyProgress& on_progress) {
  const auto entries = real_file_system().list(directory);
  if (!entries) return entries.error();
  VerifyReport report;
  report.running = is_locked(directory);
  std::map<std::pair<Seq, bool>, std::string> closed;
  bool has_live = false;
  Sum sum{on_progress};
  for (const auto& entry : *entries) {
    if (parse_segment_name(entry.name) || entry.name == kLiveName) sum.total += entry.size;
    if (const auto name = parse_segment_name(entry.name)) {
      closed[{name->first, name->compressed}] = entry.name;
    } else if (entry.name == kLiveName) {
      has_live = true;
    } else if (entry.name.starts_with("articles") && !(report.running && entry.name.ends_with(kTemporary))) {
      report.problems.push_back(entry.name + " is no file of the spool; newswired sets it aside at its next start");
    }
  }
  for (const auto& [key, name] : closed) {
    const auto& [first, compressed] = key;
    // Both there: a compression is being finished, or was interrupted; the plain one counts.
    if (compressed && closed.contains({first, false})) continue;
    auto checked = check_file(directory, name, compressed, false, sum);
    if (!checked && checked.error().code == Errc::not_found) continue;  // compressed or removed meanwhile
    if (!checked) return checked.error();
    if (checked->first != first) say(*checked, "its first line is " + std::to_string(checked->first.value));
    report.files.push_back(*std::move(checked));
  }
  if (has_live) {
    auto checked = check_file(directory, std::string(kLiveName), false, true, sum);
    if (!checked) return checked.error();
    report.files.push_back(*std::move(checked));
  }
  check_order(report);
  if (const auto aside = real_file_system().list(directory + "/" + std::string(kAsideFolder))) {
    for (const auto& entry : *aside) report.set_aside.push_back(entry.name);
    std::sort(report.set_aside.begin(), report.set_aside.end());
  }
  return report;
}

}  // namespace newswire::spool
