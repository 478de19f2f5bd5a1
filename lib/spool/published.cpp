#include "spool/published.h"

#include <algorithm>
#include <utility>

namespace newswire::spool {

Seq Snapshot::first() const {
  if (!closed->empty()) return closed->front()->first();
  return live ? live->first() : next;
}

Seq Snapshot::earliest_from(Seq seq) const {
  const auto behind =
      std::find_if(closed->begin(), closed->end(), [seq](const auto& one) { return one->last() >= seq; });
  if (behind != closed->end()) return std::max(seq, (*behind)->first());
  if (live) return std::max(seq, live->first());
  return std::max(seq, next);
}

std::uint64_t Snapshot::total_bytes() const {
  std::uint64_t total = live_size;
  for (const auto& segment : *closed) total += segment->size();
  return total;
}

std::shared_ptr<const Snapshot> Published::snapshot() const {
  const std::lock_guard lock(mutex_);
  return snapshot_;
}

void Published::on_change(std::function<void()> listener) {
  const std::lock_guard lock(listener_mutex_);
  listener_ = std::move(listener);
}

void Published::report_damage(Seq first_of_segment) const {
  const std::lock_guard lock(mutex_);
  if (std::find(damaged_.begin(), damaged_.end(), first_of_segment) == damaged_.end() && damaged_.size() < 1000) {
    damaged_.push_back(first_of_segment);
  }
}

void Published::replace(std::shared_ptr<const Snapshot> snapshot) {
  {
    const std::lock_guard lock(mutex_);
    snapshot_.swap(snapshot);
  }
  const std::lock_guard lock(listener_mutex_);
  if (listener_) listener_();
}

std::vector<Seq> Published::take_damage_reports() {
  const std::lock_guard lock(mutex_);
  return std::exchange(damaged_, {});
}

}  // namespace newswire::spool
