#include "schedule/simulation.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace newswire::schedule {
namespace {

constexpr double kDay = 86400;
constexpr double kTail = 3 * kDay;  // polls after the end that still show what was published before it
constexpr double kAgree = 0.005;    // budgets agree within this
constexpr double kHeaderBytes = 300;
constexpr double kDocumentBytes = 20'000;

// Gathers what every policy is measured by.
class Ledger {
 public:
  Ledger(const std::vector<Trace>& traces, const Course& course) : traces_(traces), course_(course) {
    positions_.resize(traces.size());
    feeds_.resize(traces.size());
    last_.resize(traces.size(), -1e18);
    for (std::size_t i = 0; i < traces.size(); ++i) {
      positions_[i] = before(i, course.begin);
    }
  }

  // What a poll of feed `i` at `now` shows: [first, last) of its items, which are then known.
  struct Shown {
    std::size_t first;
    std::size_t last;
    std::size_t lost;  // of these, no longer in the document
  };
  Shown poll(std::size_t i, double now) {
    const auto& trace = traces_[i];
    Shown shown{positions_[i], before(i, now, positions_[i]), 0};
    const bool counts = now >= course_.score_from() && now < course_.end();
    if (counts) {
      ++polls_;
      if (shown.last > shown.first) ++hits_;
      if (now - last_[i] < static_cast<double>(course_.options.min_interval.count()) - 1e-6) ++violations_;
    }
    last_[i] = now;
    const auto known = shown.last - shown.first;
    shown.lost = known > trace.window ? known - trace.window : 0;
    for (auto k = shown.first; k < shown.last; ++k) {
      const double at = trace.items[k];
      if (at < course_.score_from() || at >= course_.end()) continue;
      const double delay = (now - at) / 60;
      delays_.push_back(static_cast<float>(delay));
      feeds_[i].sum += delay;
      ++feeds_[i].count;
      if (k - shown.first < shown.lost) ++missed_;
    }
    positions_[i] = shown.last;
    return shown;
  }

  double polls_per_day() const {
    return static_cast<double>(polls_) / static_cast<double>(traces_.size()) / course_.score_days;
  }

  Score score(std::string policy, double scale) {
    Score s;
    s.policy = std::move(policy);
    s.scale = scale;
    s.articles = delays_.size();
    s.missed = missed_;
    s.violations = violations_;
    s.polls_per_day = polls_per_day();
    if (polls_ > 0) s.hit_rate = static_cast<double>(hits_) / static_cast<double>(polls_);
    s.bytes_per_day = s.polls_per_day * (kHeaderBytes + s.hit_rate * kDocumentBytes);
    double sum = 0;
    double feed_sum = 0;
    std::size_t feeds = 0;
    std::array<double, 5> habit_sum{};
    std::array<double, 5> habit_count{};
    for (std::size_t i = 0; i < feeds_.size(); ++i) {
      if (feeds_[i].count == 0) continue;
      sum += feeds_[i].sum;
      feed_sum += feeds_[i].sum / feeds_[i].count;
      ++feeds;
      const auto habit = static_cast<std::size_t>(traces_[i].habit);
      habit_sum[habit] += feeds_[i].sum;
      habit_count[habit] += feeds_[i].count;
    }
    if (delays_.empty()) return s;
    s.article_mean = sum / static_cast<double>(delays_.size());
    s.feed_mean = feed_sum / static_cast<double>(feeds);
    for (std::size_t h = 0; h < habit_sum.size(); ++h) {
      if (habit_count[h] > 0) s.by_habit[h] = habit_sum[h] / habit_count[h];
    }
    const auto quantile = [&](double q) {
      const auto at = delays_.begin() + static_cast<std::ptrdiff_t>(q * static_cast<double>(delays_.size() - 1));
      std::nth_element(delays_.begin(), at, delays_.end());
      return static_cast<double>(*at);
    };
    s.article_median = quantile(0.5);
    s.article_p95 = quantile(0.95);
    return s;
  }

 private:
  std::size_t before(std::size_t i, double now, std::size_t from = 0) const {
    const auto& items = traces_[i].items;
    return static_cast<std::size_t>(
        std::upper_bound(items.begin() + static_cast<std::ptrdiff_t>(from), items.end(), now) - items.begin());
  }

  struct FeedSum {
    double sum = 0;
    double count = 0;
  };
  const std::vector<Trace>& traces_;
  const Course& course_;
  std::vector<std::size_t> positions_;
  std::vector<FeedSum> feeds_;
  std::vector<double> last_;
  std::vector<float> delays_;
  std::size_t polls_ = 0;
  std::size_t hits_ = 0;
  std::size_t missed_ = 0;
  std::size_t violations_ = 0;
};

Ledger run(const Rival& rival, const std::vector<Trace>& traces, const Course& course, double scale) {
  Ledger ledger(traces, course);
  const auto low = static_cast<double>(course.options.min_interval.count());
  const auto high = static_cast<double>(course.options.max_interval.count());
  for (std::size_t i = 0; i < traces.size(); ++i) {
    double now = course.begin + 3600 * static_cast<double>(i) / static_cast<double>(traces.size());
    double interval = 0;
    while (now < course.end() + kTail) {
      const auto shown = ledger.poll(i, now);
      interval = rival.interval({traces[i], now, shown.last, shown.last - shown.first, interval}, scale);
      interval = std::clamp(interval, low, high);
      now += interval;
    }
  }
  return ledger;
}

Ledger run(const Rules& rules, const std::vector<Trace>& traces, const Course& course, double polls_per_day) {
  Ledger ledger(traces, course);
  Settings settings;
  settings.rules = rules;
  settings.budget.polls_per_feed_per_day = polls_per_day;
  Scheduler scheduler(settings);
  scheduler.reserve(traces.size());
  const auto time = [](double seconds) { return Time{std::chrono::milliseconds{std::llround(seconds * 1000)}}; };
  const auto begin = static_cast<std::int64_t>(course.begin);
  for (std::size_t i = 0; i < traces.size(); ++i) {
    scheduler.add(i * 0x9E3779B97F4A7C15ULL, course.options, Time{std::chrono::seconds{begin}});
  }
  std::vector<bool> known(traces.size());
  PollResult result;
  result.body = BodyHints{};
  const Time end = time(course.end() + kTail);
  for (Time now{std::chrono::seconds{begin}}; now < end;
       now = std::max(now + std::chrono::seconds{1}, scheduler.next_due())) {
    for (const auto feed : scheduler.take_due(now, traces.size())) {
      const auto i = index(feed);
      const auto& items = traces[i].items;
      const auto shown = ledger.poll(i, static_cast<double>(now.time_since_epoch().count()) / 1000);
      const std::size_t in_document = std::min<std::size_t>(shown.last, traces[i].window);
      const std::size_t first = known[i] ? shown.first + shown.lost : shown.last - in_document;
      result.new_items.clear();
      for (auto k = first; k < shown.last; ++k) result.new_items.push_back(time(items[k]));
      result.items_in_document = in_document;
      const bool fresh = !result.new_items.empty();
      result.outcome = fresh ? Outcome::fresh : known[i] ? Outcome::not_modified : Outcome::unchanged;
      result.body_bytes = fresh ? static_cast<std::size_t>(kDocumentBytes) : 0;
      result.started = result.finished = now;
      known[i] = true;
      scheduler.report(feed, result);
    }
  }
  return ledger;
}

}  // namespace

Score simulate(const Rival& rival, const std::vector<Trace>& traces, const Course& course) {
  double low = -14;  // log2 of the scale
  double high = 14;
  double scale = 1;
  for (int step = 0; step < 40; ++step) {
    const double middle = (low + high) / 2;
    scale = std::exp2(middle);
    auto ledger = run(rival, traces, course, scale);
    const double off = ledger.polls_per_day() / course.polls_per_day - 1;
    if (std::abs(off) <= kAgree / 2) return ledger.score(rival.name, scale);
    (off > 0 ? low : high) = middle;
  }
  return run(rival, traces, course, scale).score(rival.name, scale);
}

Score simulate(const std::string& name, const Rules& rules, const std::vector<Trace>& traces, const Course& course) {
  double asked = course.polls_per_day;
  for (int step = 0;; ++step) {
    auto ledger = run(rules, traces, course, asked);
    const double got = ledger.polls_per_day();
    if (std::abs(got / course.polls_per_day - 1) <= kAgree || got <= 0 || step == 8) return ledger.score(name, asked);
    asked *= course.polls_per_day / got;
  }
}

std::vector<Score> simulate_all(const std::vector<Trace>& traces, const Course& course) {
  std::vector<Score> out;
  for (const auto& rival : rivals()) out.push_back(simulate(rival, traces, course));
  Rules rules;
  rules.alpha = 0.5;
  rules.hourly = false;
  out.push_back(simulate("square root, learned rate", rules, traces, course));
  rules.hourly = true;
  out.push_back(simulate("delay-area, alpha 0.5", rules, traces, course));
  out.push_back(simulate("newswire (delay-area, alpha 0.4)", Rules{}, traces, course));
  return out;
}

Theory theory(const std::vector<Trace>& traces, const Course& course) {
  const auto low = static_cast<double>(course.options.min_interval.count());
  const auto high = static_cast<double>(course.options.max_interval.count());
  const auto interval = [&](const Trace& trace, double theta) {
    return std::clamp(std::sqrt(2 * theta / (trace.true_rate / kDay)), low, high);
  };
  double a = -20;
  double b = 60;
  for (int step = 0; step < 80; ++step) {
    double polls = 0;
    for (const auto& trace : traces) polls += kDay / interval(trace, std::exp2((a + b) / 2));
    (polls / static_cast<double>(traces.size()) > course.polls_per_day ? a : b) = (a + b) / 2;
  }
  double delay = 0;
  double items = 0;
  for (const auto& trace : traces) {
    delay += trace.true_rate * interval(trace, std::exp2(b)) / 2;
    items += trace.true_rate;
  }
  return {delay / items / 60, std::clamp(kDay / course.polls_per_day, low, high) / 2 / 60};
}

std::vector<Score> mean_of(const std::vector<std::vector<Score>>& runs) {
  auto out = runs.front();
  for (std::size_t p = 0; p < out.size(); ++p) {
    auto& s = out[p];
    const auto mean = [&](double Score::*member) {
      double sum = 0;
      for (const auto& run : runs) sum += run[p].*member;
      s.*member = sum / static_cast<double>(runs.size());
    };
    for (const auto member : {&Score::article_mean, &Score::article_median, &Score::article_p95, &Score::feed_mean,
                              &Score::polls_per_day, &Score::hit_rate, &Score::bytes_per_day, &Score::scale}) {
      mean(member);
    }
    for (std::size_t r = 1; r < runs.size(); ++r) {
      s.missed += runs[r][p].missed;
      s.articles += runs[r][p].articles;
      s.violations += runs[r][p].violations;
    }
    for (std::size_t h = 0; h < s.by_habit.size(); ++h) {
      double sum = 0;
      for (const auto& run : runs) sum += run[p].by_habit[h];
      s.by_habit[h] = sum / static_cast<double>(runs.size());
    }
  }
  return out;
}

}  // namespace newswire::schedule
