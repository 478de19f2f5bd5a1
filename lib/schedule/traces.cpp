#include "schedule/traces.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <numbers>
#include <random>

#include "base/text.h"
#include "base/time.h"

namespace newswire::schedule {
namespace {

constexpr double kDay = 86400;
constexpr double kPast = 60 * kDay;
constexpr unsigned kLongestDocument = 50;
constexpr unsigned kShortestDocument = 10;

using Engine = std::mt19937_64;

// A homogeneous process of `per_day`.
void poisson(std::vector<double>& out, Engine& engine, double per_day, double from, double to) {
  std::exponential_distribution<double> gap(per_day / kDay);
  for (double t = from + gap(engine); t < to; t += gap(engine)) out.push_back(t);
}

// Busy from 7 to 22 o'clock somewhere on Earth, quiet at night and at the weekend: a process of the highest rate,
// thinned.
void daily_rhythm(std::vector<double>& out, Engine& engine, double per_day, double from, double to) {
  std::uniform_real_distribution<double> unit(0, 1);
  const double zone = std::floor(unit(engine) * 24) * 3600;
  const auto shape = [&](double t) {
    const double local = t + zone;
    const double hour = std::fmod(local / 3600, 24);
    const bool weekend = std::fmod(std::floor(local / kDay) + 4, 7) >= 5;
    const double day = hour > 7 && hour < 22 ? 0.3 + 0.7 * std::sin((hour - 7) / 15 * std::numbers::pi) : 0.05;
    return day * (weekend ? 0.4 : 1);
  };
  double mean = 0;
  for (int hour = 0; hour < 24 * 7; ++hour) mean += shape(from + hour * 3600.0 + 1800) / (24 * 7);
  std::vector<double> all;
  poisson(all, engine, per_day / mean, from, to);
  for (const double t : all) {
    if (unit(engine) < shape(t)) out.push_back(t);
  }
}

void bursts(std::vector<double>& out, Engine& engine, double per_day, double from, double to) {
  constexpr double kPerBurst = 5;
  std::vector<double> starts;
  poisson(starts, engine, per_day / kPerBurst, from, to);
  std::geometric_distribution<int> more(1 / kPerBurst);
  std::exponential_distribution<double> gap(1 / 120.0);
  for (double t : starts) {
    for (int n = more(engine) + 1; n > 0 && t < to; --n, t += gap(engine)) out.push_back(t);
  }
}

void fixed_time(std::vector<double>& out, Engine& engine, double from, double to) {
  std::uniform_real_distribution<double> unit(0, 1);
  std::normal_distribution<double> late(0, 300);
  const double when = unit(engine) * kDay;
  for (double day = std::floor(from / kDay) * kDay; day < to; day += kDay) {
    const double t = day + when + late(engine);
    if (t >= from && t < to) out.push_back(t);
  }
}

}  // namespace

std::string_view to_string(Habit habit) noexcept {
  switch (habit) {
    case Habit::poisson: return "poisson";
    case Habit::daily_rhythm: return "daily";
    case Habit::bursts: return "bursts";
    case Habit::fixed_time: return "fixed";
    case Habit::recorded: return "recorded";
  }
  return "unknown";
}

std::vector<Trace> synthetic_traces(const Mix& mix, double begin, double end) {
  std::vector<Trace> out(mix.feeds);
  for (unsigned i = 0; i < mix.feeds; ++i) {
    Engine engine(mix.seed * 1'000'003 + i);
    std::lognormal_distribution<double> rates(std::log(mix.median_per_day), mix.sigma);
    std::uniform_int_distribution<unsigned> windows(kShortestDocument, kLongestDocument);
    auto& trace = out[i];
    trace.name = "feed-" + std::to_string(i);
    trace.true_rate = std::min(rates(engine), mix.cap_per_day);
    trace.window = windows(engine);
    const unsigned place = i % 100;
    trace.habit = mix.poisson_only || place < 40 ? Habit::poisson
                  : place < 75                   ? Habit::daily_rhythm
                  : place < 90                   ? Habit::bursts
                                                 : Habit::fixed_time;
    const double from = begin - kPast;
    switch (trace.habit) {
      case Habit::daily_rhythm: daily_rhythm(trace.items, engine, trace.true_rate, from, end); break;
      case Habit::bursts: bursts(trace.items, engine, trace.true_rate, from, end); break;
      case Habit::fixed_time:
        trace.true_rate = 1;
        fixed_time(trace.items, engine, from, end);
        break;
      default: poisson(trace.items, engine, trace.true_rate, from, end); break;
    }
    std::sort(trace.items.begin(), trace.items.end());
  }
  return out;
}

Result<std::vector<Trace>> parse_traces(std::string_view text, std::string_view file) {
  std::map<std::string, Trace, std::less<>> feeds;
  std::size_t number = 0;
  while (!text.empty()) {
    ++number;
    const auto end = text.find('\n');
    auto line = text.substr(0, end);
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
    line = trim(line.substr(0, line.find('#')));
    if (line.empty()) continue;
    const auto bad = [&](const char* what) {
      return Error{Errc::invalid, what, std::string(file) + ":" + std::to_string(number)};
    };
    const auto space = line.find_first_of(" \t");
    if (space == line.npos) return bad("a line is \"FEED TIME\"");
    const auto name = line.substr(0, space);
    const auto when = trim(line.substr(space));
    double seconds = 0;
    if (const auto time = parse_rfc3339(when)) {
      seconds = static_cast<double>(time->utc.time_since_epoch().count()) / 1000;
    } else {
      const auto [rest, ec] = std::from_chars(when.data(), when.data() + when.size(), seconds);
      if (ec != std::errc{} || rest != when.data() + when.size()) {
        return bad("the time is neither RFC 3339 nor seconds since 1970");
      }
    }
    if (!(seconds > 0 && seconds < 4e9)) return bad("the time is not between 1970 and 2096");
    auto found = feeds.find(name);
    if (found == feeds.end()) found = feeds.emplace(std::string(name), Trace{}).first;
    found->second.items.push_back(seconds);
  }
  std::vector<Trace> out;
  for (auto& [name, trace] : feeds) {
    trace.name = name;
    trace.habit = Habit::recorded;
    std::sort(trace.items.begin(), trace.items.end());
    const double days = (trace.items.back() - trace.items.front()) / kDay;
    trace.true_rate = static_cast<double>(trace.items.size()) / std::max(days, 1.0);
    out.push_back(std::move(trace));
  }
  if (out.empty()) return Error{Errc::empty, "no publication times", std::string(file)};
  return out;
}

}  // namespace newswire::schedule
