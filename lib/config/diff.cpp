#include "config/diff.h"

#include <algorithm>
#include <set>

#include "base/hash.h"
#include "config/detail/key.h"

namespace newswire::config {
namespace {

using namespace detail;

/// Feeds in the order of their ids' hashes: sorting a million strings was measured at five times the time.
struct Hashed {
  std::uint64_t hash;
  std::uint32_t feed;
};
std::vector<Hashed> by_hash(const std::vector<FeedConfig>& feeds) {
  std::vector<Hashed> order;
  order.reserve(feeds.size());
  for (std::uint32_t i = 0; i < feeds.size(); ++i) order.push_back({hash64(feeds[i].id), i});
  std::sort(order.begin(), order.end(), [&](const Hashed& a, const Hashed& b) {
    return a.hash != b.hash ? a.hash < b.hash : feeds[a.feed].id < feeds[b.feed].id;
  });
  return order;
}

/// Are two shared values the same? Pairs that were found equal are remembered: a million feeds share a few settings.
template <class T>
class SharedEqual {
 public:
  bool operator()(const std::shared_ptr<const T>& a, const std::shared_ptr<const T>& b) {
    if (a == b) return true;
    if (!a || !b) return false;
    if (equal_.contains({a.get(), b.get()})) return true;
    if (!(*a == *b)) return false;
    equal_.emplace(a.get(), b.get());
    return true;
  }

 private:
  std::set<std::pair<const T*, const T*>> equal_;
};

bool same_labels(const FeedConfig& a, const FeedConfig& b) {
  return a.labels == b.labels || labels_of(a) == labels_of(b);
}

void compare_feeds(const Config& before, const Config& after, Difference& out) {
  const auto old_order = by_hash(before.feeds);
  const auto new_order = by_hash(after.feeds);
  SharedEqual<FeedSettings> same_settings;
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < old_order.size() || j < new_order.size()) {
    int order = 0;  // negative: the old feed has no partner, positive: the new one
    if (j == new_order.size()) {
      order = -1;
    } else if (i == old_order.size()) {
      order = 1;
    } else if (old_order[i].hash != new_order[j].hash) {
      order = old_order[i].hash < new_order[j].hash ? -1 : 1;
    } else {
      order = before.feeds[old_order[i].feed].id.compare(after.feeds[new_order[j].feed].id);
    }
    if (order < 0) {
      out.removed.push_back(old_order[i++].feed);
    } else if (order > 0) {
      out.added.push_back(new_order[j++].feed);
    } else {
      const auto& a = before.feeds[old_order[i].feed];
      const auto& b = after.feeds[new_order[j].feed];
      const bool url = a.url != b.url;
      const bool settings = !same_settings(a.settings, b.settings) || !same_labels(a, b);
      if (url || settings) out.changed.push_back({old_order[i].feed, new_order[j].feed, url, settings});
      ++i, ++j;
    }
  }
  std::sort(out.added.begin(), out.added.end());
  std::sort(out.removed.begin(), out.removed.end());
  std::sort(out.changed.begin(), out.changed.end(), [](const auto& a, const auto& b) { return a.after < b.after; });
}

}  // namespace

Difference diff(const Config& before, const Config& after) {
  Difference out;
  compare_feeds(before, after, out);
  for (const auto& key : config_keys()) {
    if (key.print(before, false) != key.print(after, false))
      (key.restart ? out.restart : out.keys).emplace_back(key.path);
  }
  for (const auto& key : feed_keys()) {
    if (key.print && key.print(*before.defaults, false) != key.print(*after.defaults, false)) {
      out.keys.push_back("defaults." + std::string(key.path));
    }
  }
  out.outputs = before.outputs != after.outputs;
  return out;
}

}  // namespace newswire::config
