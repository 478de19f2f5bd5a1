#include "process_figures.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "base/text.h"

namespace newswire::daemon {
namespace {

std::uint64_t number(std::string_view text) {
  std::uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::uint64_t count_descriptors() {
  std::error_code failed;
  std::filesystem::directory_iterator entries("/proc/self/fd", failed);
  std::uint64_t count = 0;
  for (; !failed && entries != std::filesystem::directory_iterator(); entries.increment(failed)) ++count;
  return count == 0 ? 0 : count - 1;  // the one that lists them
}

}  // namespace

std::optional<ProcessFigures> process_figures() {
  std::ifstream file("/proc/self/stat");
  std::string stat;
  if (!std::getline(file, stat)) return std::nullopt;
  const auto name_end = stat.rfind(')');  // the program's name may hold blanks and brackets
  if (name_end == std::string::npos) return std::nullopt;
  // Fields from "state" on, which proc(5) numbers 3.
  constexpr std::size_t kUser = 14 - 3;
  constexpr std::size_t kSystem = 15 - 3;
  constexpr std::size_t kVirtual = 23 - 3;
  constexpr std::size_t kResidentPages = 24 - 3;
  std::array<std::string_view, kResidentPages + 1> fields;
  std::size_t have = 0;
  for (const auto field : split(trim(std::string_view(stat).substr(name_end + 1)), ' ')) {
    if (have == fields.size()) break;
    fields[have++] = field;
  }
  if (have < fields.size()) return std::nullopt;
  ProcessFigures figures;
  const auto ticks = static_cast<double>(std::max(::sysconf(_SC_CLK_TCK), 1L));
  figures.cpu_seconds = static_cast<double>(number(fields[kUser]) + number(fields[kSystem])) / ticks;
  figures.virtual_bytes = number(fields[kVirtual]);
  figures.resident_bytes =
      number(fields[kResidentPages]) * static_cast<std::uint64_t>(std::max(::sysconf(_SC_PAGESIZE), 0L));
  figures.open_fds = count_descriptors();
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) figures.max_fds = limit.rlim_cur;
  return figures;
}

}  // namespace newswire::daemon
