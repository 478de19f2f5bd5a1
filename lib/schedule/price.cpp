#include "schedule/detail/price.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <vector>

namespace newswire::schedule {
namespace {

constexpr double kDay = 86400;
constexpr Stamp kEvery = 60;            // seconds between two updates
constexpr double kWatch = kDay;         // time constant of the measured rate
constexpr double kPatience = 2 * kDay;  // … and of the correction, slower than the course of the day

// A number's place on a logarithmic scale, quickly: the bits of a float, linear within an octave. Exact there and back.
std::int64_t to_log(double value) noexcept {
  return std::bit_cast<std::int32_t>(static_cast<float>(std::max(value, 1e-20)));
}
double from_log(double mean) noexcept { return std::bit_cast<float>(static_cast<std::int32_t>(mean)); }

// A class is a quarter of an octave wide in each direction.
std::uint32_t step(std::int64_t log) noexcept { return static_cast<std::uint32_t>(log >> 21) & 0x3FF; }

}  // namespace

void Price::set_budget(const Budget& budget) noexcept {
  budget_ = budget;
  solved_at_ = kUnset;
}

void Price::clear() noexcept {
  classes_.clear();
  feeds_ = 0;
  solved_at_ = kUnset;
}

void Price::count(const FeedSchedule& feed, const FeedOptions& options, const Rules& rules, int sign) {
  constexpr unsigned kOff = FeedSchedule::paused | FeedSchedule::gone | FeedSchedule::archive;
  if ((feed.flags & kOff) != 0) return;
  feeds_ += sign;
  if (feed.failures > 0) return;  // its few polls are made up for by the correction
  const auto [low, high] = limits(feed, options, rules);
  const auto log_urgency = to_log(urgency(feed, options, rules));
  const auto log_low = to_log(low);
  const auto log_high = to_log(high);
  const auto key = step(log_urgency) << 20 | step(log_low) << 10 | step(log_high);
  auto& found = classes_[key];
  found.feeds += sign;
  found.log_urgency += sign * log_urgency;
  found.log_low += sign * log_low;
  found.log_high += sign * log_high;
  if (found.feeds == 0) classes_.erase(key);
}

double Price::budget_per_second(std::size_t expected) const noexcept {
  const auto feeds = std::max(static_cast<double>(feeds_), static_cast<double>(expected));
  double budget = 0;
  const auto smallest = [&](double limit) {
    if (limit > 0) budget = budget > 0 ? std::min(budget, limit) : limit;
  };
  smallest(budget_.polls_per_feed_per_day * feeds / kDay);
  smallest(budget_.requests_per_second);
  smallest(budget_.bytes_per_second / bytes_per_poll_);
  return budget;
}

void Price::polled(std::size_t polls, Stamp now) noexcept {
  if (since_ == kUnset) since_ = now;
  made_ += static_cast<double>(polls);
}

void Price::transferred(std::size_t bytes) noexcept {
  constexpr double kHeaders = 600;  // of a request and its answer over an open connection
  bytes_per_poll_ += (static_cast<double>(bytes) + kHeaders - bytes_per_poll_) / 1000;
}

void Price::correct(Stamp now, bool steady) noexcept {
  if (since_ == kUnset || now <= since_) return;
  const double passed = std::min(static_cast<double>(now - since_), 600.0);  // a suspend is no measurement
  since_ = now;
  const double left = std::exp(-passed / kWatch);
  made_ *= left;
  watched_ = watched_ * left + kWatch * (1 - left);
  const double budget = budget_per_second();
  if (!steady || bound_ || watched_ < kWatch / 2 || budget <= 0 || made_ <= 0) return;
  const double off = std::clamp(std::log(budget * watched_ / made_), -1.0, 1.0);
  correction_ = std::clamp(correction_ * std::exp(off * passed / kPatience), 0.5, 2.0);
}

void Price::update(Stamp now, bool steady) {
  if (budget_.fixed_price > 0) {
    theta_ = budget_.fixed_price;
    return;
  }
  const bool grown = std::abs(feeds_ - solved_for_) * 50 > solved_for_;
  if (!grown && solved_at_ != kUnset && now >= solved_at_ && now - solved_at_ < kEvery) return;
  correct(now, steady);
  solve();
  solved_at_ = now;
  solved_for_ = feeds_;
}

void Price::solve() {
  struct Point {
    double feeds, urgency, low, high;
  };
  std::vector<Point> points;
  points.reserve(classes_.size());
  for (const auto& entry : classes_) {
    const auto& c = entry.second;  // clang 14 cannot capture a structured binding
    const auto mean = [&](std::int64_t sum) {
      return from_log(static_cast<double>(sum) / static_cast<double>(c.feeds));
    };
    points.push_back({static_cast<double>(c.feeds), mean(c.log_urgency), mean(c.log_low), mean(c.log_high)});
  }
  const auto rate_at = [&](double theta) {
    double polls = 0;
    for (const auto& p : points) {
      const double wanted = std::sqrt(2 * theta / p.urgency);
      polls += p.feeds / std::clamp(wanted, p.low, std::max(p.low, p.high));
    }
    return polls;
  };
  const double wanted = budget_per_second() * correction_;
  if (points.empty() || wanted <= 0) {
    planned_ = rate_at(theta_);
    return;
  }
  // item-seconds: from "every second" for the busiest to "never" for the slowest
  double low = -10;
  double high = 50;
  for (int i = 0; i < 40; ++i) {
    const double middle = (low + high) / 2;
    (rate_at(std::exp2(middle)) > wanted ? low : high) = middle;
  }
  theta_ = std::exp2(high);
  planned_ = rate_at(theta_);
  bound_ = std::abs(planned_ - wanted) > 0.01 * wanted;
  // Past the point where every feed stands at its limit the price means nothing; keep it where it still does.
  if (bound_ && planned_ > wanted) {
    double most = 1;
    for (const auto& p : points) most = std::max(most, p.urgency * p.high * p.high / 2);
    theta_ = std::min(theta_, most);
  }
}

std::size_t Price::bytes() const noexcept {
  return classes_.size() * (sizeof(Class) + 32) + classes_.bucket_count() * sizeof(void*);
}

}  // namespace newswire::schedule
