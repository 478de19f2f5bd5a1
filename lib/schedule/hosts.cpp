#include "schedule/detail/hosts.h"

#include <algorithm>

#include "base/hash.h"

namespace newswire::schedule {
namespace {

using std::chrono::seconds;

constexpr std::uint8_t kDownAfter = 3;      // feeds in a row (H4)
constexpr std::size_t kMostHosts = 65'536;  // with our own network down every host fails; beyond this we stop counting
constexpr int kProbeChoices = 64;

// Whether a failure speaks of the host rather than of one feed. A 404 only does where the feed was well before.
bool is_hosts_fault(Failure failure, const FeedSchedule& feed) noexcept {
  switch (failure) {
    case Failure::dns:
    case Failure::connect:
    case Failure::tls:
    case Failure::timeout:
    case Failure::server_error: return true;
    case Failure::not_found: return feed.failures == 0 && feed.last_good != kUnset;
    default: return false;
  }
}

}  // namespace

HostKey host_key(std::string_view host, std::string_view proxy) noexcept {
  return hash64(host, proxy.empty() ? 0 : hash64(proxy));
}

Host* Hosts::find(HostKey key) noexcept {
  if (hosts_.empty()) return nullptr;
  const auto found = hosts_.find(key & kHostMask);
  return found == hosts_.end() ? nullptr : &found->second;
}

const Host* Hosts::find(HostKey key) const noexcept {
  const auto found = hosts_.find(key & kHostMask);
  return found == hosts_.end() ? nullptr : &found->second;
}

Hosts::Verdict Hosts::admit(std::uint32_t i, Stamp now, bool by_hand) {
  auto* host = find(slots_[i].host);
  if (host == nullptr) return Verdict::poll;
  if (host->paused_until > now) return Verdict::park;
  if (!host->is_down() || by_hand) return Verdict::poll;
  if (host->probe != kNil || host->probe_at > now) return Verdict::park;
  host->probe = i;
  update_wake(slots_[i].host, *host);
  return Verdict::poll;
}

void Hosts::park(std::uint32_t i) {
  auto& slot = slots_[i];
  auto& host = at(slot.host);
  slot.next = kNil;
  slot.prev = host.last;
  if (host.last != kNil)
    slots_[host.last].next = i;
  else
    host.first = i;
  host.last = i;
  ++host.parked;
  ++parked_;
  slot.move_to(Place::parked);
  update_wake(slot.host, host);
}

void Hosts::unpark(std::uint32_t i) {
  auto& slot = slots_[i];
  auto& host = at(slot.host);
  if (slot.prev != kNil)
    slots_[slot.prev].next = slot.next;
  else
    host.first = slot.next;
  if (slot.next != kNil)
    slots_[slot.next].prev = slot.prev;
  else
    host.last = slot.prev;
  --host.parked;
  --parked_;
  update_wake(slot.host, host);
}

std::uint32_t Hosts::pop_parked(Host& host) {
  const auto i = host.first;
  if (i == kNil) return kNil;
  host.first = slots_[i].next;
  if (host.first != kNil)
    slots_[host.first].prev = kNil;
  else
    host.last = kNil;
  --host.parked;
  --parked_;
  return i;
}

void Hosts::set_wake(HostKey key, Host& host, Stamp when) {
  if (host.wake == when) return;
  if (host.wake != kUnset) wakes_.erase({host.wake, key});
  host.wake = when;
  if (when != kUnset) wakes_.insert({when, key});
}

// Only parked feeds need waking: without any, the next feed that comes due asks by itself.
void Hosts::update_wake(HostKey key, Host& host) {
  Stamp when = kUnset;
  if (host.parked > 0) {
    if (!host.is_down())
      when = std::max<Stamp>(host.paused_until, 1);
    else if (host.probe == kNil)
      when = std::max<Stamp>({host.paused_until, host.probe_at, 1});
  }
  set_wake(key, host, when);
}

void Hosts::forget_if_well(HostKey key, Stamp now) {
  const auto found = hosts_.find(key);
  if (found == hosts_.end()) return;
  const auto& host = found->second;
  if (host.is_down() || host.paused_until > now || host.streak > 0 || host.limited > 0 || host.parked > 0) return;
  if (host.wake != kUnset) wakes_.erase({host.wake, key});
  hosts_.erase(found);
}

seconds Hosts::probe_wait(const Host& host) const noexcept {
  auto wait = settings_.probe_first;
  for (std::uint32_t i = 0; i < host.probes && wait < settings_.probe_cap; ++i) wait *= 2;
  return std::min(wait, settings_.probe_cap);
}

Hosts::Change Hosts::report(std::uint32_t i, const PollResult& result) {
  Change change;
  const HostKey key = slots_[i].host;
  const Stamp end = to_stamp(result.finished);
  auto* host = find(key);
  const bool probed = host != nullptr && host->probe == i;
  if (probed) host->probe = kNil;

  const bool failed = result.outcome == Outcome::failed && is_hosts_fault(result.failure, slots_[i].state);
  if (failed && (host != nullptr || hosts_.size() < kMostHosts)) {
    host = &at(key);
    if (host->is_down()) {
      change.blamed = true;
      host->failure = result.failure;
      if (probed) {
        ++host->probes;
        host->probe_at = later(end, probe_wait(*host).count());
        change.changed = true;
      }
    } else {
      const bool known = std::find(host->failed.begin(), host->failed.end(), i) != host->failed.end();
      if (host->failure != result.failure) {
        host->failure = result.failure;
        host->failed = {i, kNil};
        host->streak = 1;
      } else if (!known) {
        host->failed = {i, host->failed[0]};
        ++host->streak;
      }
      if (host->streak >= kDownAfter) {
        host->down_since = end;
        host->probes = 0;
        host->probe_at = later(end, probe_wait(*host).count());
        host->failed = {kNil, kNil};
        host->streak = 0;
        change.changed = change.went_down = change.blamed = true;
      }
    }
  } else if (host != nullptr && !failed) {
    // Any other answer, even a failure of the feed's own, shows that the host is there.
    if (host->is_down()) change.changed = change.came_back = true;
    host->down_since = host->probe_at = kUnset;
    host->failed = {kNil, kNil};
    host->streak = 0;
    host->probes = 0;
    if (result.outcome != Outcome::failed && result.outcome != Outcome::rate_limited) host->limited = 0;
  }

  const bool limited = result.outcome == Outcome::rate_limited;
  if (limited || (failed && result.failure == Failure::server_error)) {
    auto wait = result.http.retry_after.value_or(seconds{0});
    if (wait.count() <= 0 && limited) wait = result.http.rate_limit_reset.value_or(seconds{0});
    if (wait.count() <= 0 && limited) {
      auto& paused = at(key);
      const auto doubled = settings_.rules.backoff_first * (std::int64_t{1} << std::min<unsigned>(paused.limited, 10));
      if (paused.limited < 255) ++paused.limited;
      wait = std::min<seconds>(doubled, settings_.rules.backoff_cap);
    }
    if (wait.count() > 0) {
      auto& paused = at(key);
      const Stamp until = later(end, std::min(wait, settings_.rules.max_retry_after).count());
      if (until > paused.paused_until) {
        paused.paused_until = change.paused_until = until;
        change.changed = true;
      }
    }
  }
  host = find(key);
  if (host != nullptr) {
    update_wake(key, *host);
    forget_if_well(key, end);
  }
  return change;
}

void Hosts::cancelled(std::uint32_t i, Stamp now) {
  auto* host = find(slots_[i].host);
  if (host == nullptr || host->probe != i) return;
  host->probe = kNil;
  host->probe_at = later(now, settings_.probe_first.count());
  update_wake(slots_[i].host, *host);
}

void Hosts::pause(HostKey key, Stamp until) {
  key &= kHostMask;
  auto& host = at(key);
  host.paused_until = std::max(host.paused_until, until);
  update_wake(key, host);
}

void Hosts::restore(const HostRecord& record) {
  const HostKey key = record.host & kHostMask;
  auto& host = at(key);
  if (record.paused_until > Time{}) host.paused_until = std::max(host.paused_until, to_stamp(record.paused_until));
  if (record.down_since > Time{}) {
    host.down_since = to_stamp(record.down_since);
    host.failure = record.failure;
    host.probes = record.probes;
    host.probe_at = to_stamp(record.next_probe);
  }
  update_wake(key, host);
}

std::vector<HostRecord> Hosts::records() const {
  std::vector<HostRecord> out;
  const auto time = [](Stamp stamp) { return stamp == kUnset ? Time{} : to_time(stamp); };
  for (const auto& [key, host] : hosts_) {
    if (host.paused_until == kUnset && !host.is_down()) continue;
    out.push_back({key, time(host.paused_until), time(host.down_since), host.is_down() ? host.failure : Failure::none,
                   host.probes, time(host.probe_at)});
  }
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.host < b.host; });
  return out;
}

// The longest parked feed that its own minimum allows (W1); the feed that has just probed is at the end of the list.
std::uint32_t Hosts::choose_probe(Host& host, Stamp now) {
  auto i = host.first;
  for (int n = 0; n < kProbeChoices && i != kNil; ++n, i = slots_[i].next) {
    if (slots_[i].state.due <= now) return i;
  }
  return kNil;
}

void Hosts::let_all_go(Host& host, std::vector<std::uint32_t>& freed) {
  for (auto i = pop_parked(host); i != kNil; i = pop_parked(host)) freed.push_back(i);
}

void Hosts::release(Stamp now, std::size_t max, std::vector<std::uint32_t>& freed, std::vector<std::uint32_t>& probes) {
  while (!wakes_.empty() && wakes_.begin()->first <= now) {
    const auto key = wakes_.begin()->second;
    auto& host = hosts_.find(key)->second;
    if (!host.is_down()) {
      let_all_go(host, freed);
      update_wake(key, host);
      forget_if_well(key, now);
      continue;
    }
    if (probes.size() >= max) return;
    const auto i = choose_probe(host, now);
    if (i == kNil) {
      host.probe_at = later(now, 60);
      update_wake(key, host);
      continue;
    }
    unpark(i);
    host.probe = i;
    update_wake(key, host);
    probes.push_back(i);
  }
}

std::size_t Hosts::paused_count(Stamp now) const noexcept {
  return static_cast<std::size_t>(
      std::count_if(hosts_.begin(), hosts_.end(), [&](const auto& h) { return h.second.paused_until > now; }));
}

std::size_t Hosts::down_count() const noexcept {
  return static_cast<std::size_t>(
      std::count_if(hosts_.begin(), hosts_.end(), [](const auto& h) { return h.second.is_down(); }));
}

std::size_t Hosts::bytes() const noexcept {
  return hosts_.size() * (sizeof(Host) + 32) + hosts_.bucket_count() * sizeof(void*) + wakes_.size() * 48;
}

}  // namespace newswire::schedule
