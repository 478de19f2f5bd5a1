#include "log_repeats.h"

#include <algorithm>

#include "base/hash.h"
#include "base/text.h"

namespace newswire::daemon {
namespace {

constexpr std::string_view kNames[] = {" feed=", " host=", " consumer=", " file=", " key="};

// The first word of a line: the event's name.
std::string_view event_of(std::string_view line) { return line.substr(0, line.find(' ')); }

// What two lines that say the same have in common.
std::uint64_t kind_of(std::string_view line) {
  const auto rest = line.substr(event_of(line).size());
  std::string_view name;
  for (const auto key : kNames) {
    if (rest.starts_with(key)) name = rest.substr(0, rest.find(' ', key.size()));
  }
  std::string common(line.substr(0, event_of(line).size() + name.size()));
  for (const char c : rest.substr(name.size())) {
    if (!is_digit(c)) common += c;
  }
  return hash64(common);
}

}  // namespace

bool LogRepeats::passes(std::string_view line, Clock::time_point now) {
  const auto key = kind_of(line);
  auto found = kinds_.find(key);
  if (found == kinds_.end()) {
    if (kinds_.size() >= kMostKinds && now >= next_sweep_) {
      next_sweep_ = now + std::chrono::seconds{1};
      std::erase_if(
          kinds_, [now](const auto& kind) { return kind.second.held_back == 0 && kind.second.since + kWindow <= now; });
    }
    if (kinds_.size() >= kMostKinds) return true;
    found = kinds_.emplace(key, Kind{std::string(event_of(line)), now, 0, 0}).first;
  }
  auto& kind = found->second;
  if (kind.since + kWindow <= now && kind.held_back == 0) kind = {kind.event, now, 0, 0};
  if (kind.passed < kPass) {
    ++kind.passed;
    return true;
  }
  ++kind.held_back;
  next_look_ = std::min(next_look_, std::max(now, kind.since + kWindow));
  return false;
}

std::vector<std::string> LogRepeats::ended(Clock::time_point now, bool all) {
  std::vector<std::string> told;
  if (!all && now < next_look_) return told;
  next_look_ = Clock::time_point::max();
  for (auto& [key, kind] : kinds_) {
    if (kind.held_back == 0) continue;
    if (!all && kind.since + kWindow > now) {
      next_look_ = std::min(next_look_, kind.since + kWindow);
      continue;
    }
    told.push_back("event=" + kind.event + " times=" + std::to_string(kind.held_back));
    kind.held_back = 0;
    kind.since = now;
    kind.passed = kPass - 1;  // as long as it goes on, one line a window besides the count
  }
  std::sort(told.begin(), told.end());
  return told;
}

}  // namespace newswire::daemon
