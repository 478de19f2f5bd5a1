// A stored schedule of any bytes, then a life of any calls and answers, the clock going both ways. Holds: what decodes
// encodes to itself again, no feed is due sooner after an answer than its minimum, none is taken twice, none is lost.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <set>
#include <string_view>
#include <vector>

#include "schedule/scheduler.h"

namespace {

using namespace newswire;
using namespace newswire::schedule;
using std::chrono::seconds;

void demand(bool holds) {
  if (!holds) std::abort();
}

class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}
  bool more() const { return size_ > 0; }
  std::uint8_t byte() {
    if (size_ == 0) return 0;
    --size_;
    return *data_++;
  }
  std::int64_t number() {
    std::uint64_t n = 0;
    for (int i = 0; i < 8; ++i) n = n << 8 | byte();
    return static_cast<std::int64_t>(n);
  }
  std::string_view bytes(std::size_t count) {
    count = std::min(count, size_);
    const std::string_view out(reinterpret_cast<const char*>(data_), count);
    data_ += count;
    size_ -= count;
    return out;
  }

 private:
  const std::uint8_t* data_;
  std::size_t size_;
};

PollResult any_result(Input& in, Time now) {
  PollResult r;
  const auto kind = in.byte();
  r.outcome = static_cast<Outcome>(kind % 8);
  r.failure = static_cast<Failure>(in.byte() % (static_cast<int>(Failure::other) + 1));
  r.started = r.finished = now;
  r.has_validators = (kind & 8) != 0;
  r.delta = (kind & 16) != 0;
  r.push_missed = (kind & 32) != 0;
  if ((kind & 64) != 0) {
    r.http.max_age = seconds{in.number()};
    r.http.age = seconds{in.byte()};
    r.http.expires = Time{std::chrono::milliseconds{in.number()}};
    r.http.retry_after = seconds{in.number()};
    r.http.rate_limit_reset = seconds{in.number()};
  }
  if ((kind & 128) != 0) {
    r.body = BodyHints{.ttl = std::chrono::minutes{in.number()},
                       .update_interval = seconds{in.number()},
                       .skip_hours = static_cast<std::uint32_t>(in.number()),
                       .skip_days = in.byte(),
                       .expired = in.byte() % 2 == 1};
  }
  for (int i = in.byte() % 8; i > 0; --i) {
    r.new_items.push_back(in.byte() % 4 == 0 ? Time{std::chrono::milliseconds{in.number()}}
                                             : now - seconds{in.byte() * 60});
  }
  r.items_in_document = in.byte();
  r.body_bytes = static_cast<std::size_t>(in.byte()) * 10'000;
  return r;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input in(data, size);
  Time now{seconds{1'795'507'200}};
  Scheduler scheduler(Settings{});
  std::vector<FeedHandle> feeds;
  std::set<std::uint32_t> flying;
  std::set<std::uint32_t> removed;
  constexpr std::size_t kMost = 64;

  for (int n = in.byte() % 6; n > 0; --n) {
    const auto state = decode(in.bytes(81));
    if (!state) continue;
    const auto again = decode(encode(*state));
    demand(again && *again == *state);
    const FeedOptions options{.min_interval = seconds{in.number()},
                              .max_interval = seconds{in.number()},
                              .priority = in.byte(),
                              .obey_hints = in.byte() % 2 == 0};
    feeds.push_back(scheduler.restore(*state, in.byte() % 3, options, now));
  }
  if (const auto hosts = decode_hosts(in.bytes(1 + 37))) {
    for (const auto& host : *hosts) scheduler.restore_host(host);
  }
  for (int steps = 0; in.more() && steps < 2000; ++steps) {
    const auto what = in.byte();
    const auto feed = feeds.empty() ? FeedHandle{0} : feeds[in.byte() % feeds.size()];
    const bool known = !feeds.empty();
    switch (what % 12) {
      case 0:
        if (feeds.size() < kMost)
          feeds.push_back(scheduler.add(in.byte() % 3, {.min_interval = seconds{in.byte() * 10}}, now));
        break;
      case 1: now += seconds{in.byte()}; break;
      case 2: now += std::chrono::hours{in.byte()}; break;
      case 3: now -= seconds{in.byte() * 7}; break;
      case 4:
      case 5:
        for (const auto due : scheduler.take_due(now, in.byte() % 5)) demand(flying.insert(index(due)).second);
        break;
      case 6:
      case 7: {
        if (flying.empty()) break;
        const auto i = *flying.begin();
        flying.erase(flying.begin());
        const auto result = any_result(in, now);
        const bool gone = removed.erase(i) > 0;
        const auto reported = scheduler.report(FeedHandle{i}, result);
        if (gone) break;
        const auto least = scheduler.options(FeedHandle{i}).min_interval;
        demand(reported.next.due >= result.finished + least);
        break;
      }
      case 8:
        if (known && removed.count(index(feed)) == 0) {
          scheduler.remove(feed);
          if (flying.count(index(feed)) > 0) removed.insert(index(feed));
          feeds.erase(std::find(feeds.begin(), feeds.end(), feed));
        }
        break;
      case 9:
        if (known) what % 2 == 0 ? scheduler.pause(feed) : scheduler.resume(feed, now);
        break;
      case 10:
        if (known) demand(scheduler.poll_soon(feed, now) >= now);
        if (known) demand(!scheduler.explain(feed, now).text.empty());
        break;
      case 11:
        if (known)
          scheduler.set_options(
              feed, {.min_interval = seconds{in.byte() + 1}, .max_interval = seconds{in.byte() * 100}}, now);
        if (known) scheduler.set_push(feed, what % 2 == 0, now);
        if (known) scheduler.set_host(feed, in.byte() % 3);
        break;
    }
    const auto stats = scheduler.stats();
    demand(stats.feeds == feeds.size());
    demand(stats.in_flight == flying.size());
  }
  return 0;
}
