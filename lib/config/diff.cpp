#include "config/diff.h"

#include <algorithm>
#include <numeric>
#include <set>

#include "config/detail/key.h"

namespace newswire::config {
namespace {

using namespace detail;

std::vector<std::uint32_t> sorted_by_id(const std::vector<FeedConfig>& feeds) {
  std::vector<std::uint32_t> order(feeds.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](auto a, auto b) { return feeds[a].id < feeds[b].id; });
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
  const auto old_order = sorted_by_id(before.feeds);
  const auto new_order = sorted_by_id(after.feeds);
  SharedEqual<FeedSettings> same_settings;
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < old_order.size() || j < new_order.size()) {
    const auto* a = i < old_order.size() ? &before.feeds[old_order[i]] : nullptr;
    const auto* b = j < new_order.size() ? &after.feeds[new_order[j]] : nullptr;
    if (b == nullptr || (a != nullptr && a->id < b->id)) {
      out.removed.push_back(old_order[i++]);
    } else if (a == nullptr || b->id < a->id) {
      out.added.push_back(new_order[j++]);
    } else {
      const bool url = a->url != b->url;
      const bool settings = !same_settings(a->settings, b->settings) || !same_labels(*a, *b);
      if (url || settings) out.changed.push_back({old_order[i], new_order[j], url, settings});
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
