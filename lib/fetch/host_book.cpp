#include "fetch/host_book.h"

#include <algorithm>

#include "base/url.h"

namespace newswire::fetch {
namespace {

struct Farm {
  std::string_view domain;
  unsigned parallel;
};

// Hosts that serve very many feeds each: by subdomain, or all from one name. `parallel` is what such a place takes from
// one reader without harm: its robots and status pages ask for less than this from none of us.
constexpr Farm kFarms[] = {
    {"blogspot.com", 8},    {"buzzsprout.com", 4}, {"feedburner.com", 8}, {"feeds.feedburner.com", 8},
    {"ghost.io", 4},        {"github.com", 4},     {"github.io", 8},      {"libsyn.com", 4},
    {"livejournal.com", 4}, {"medium.com", 4},     {"megaphone.fm", 4},   {"neocities.org", 2},
    {"podbean.com", 4},     {"simplecast.com", 4}, {"substack.com", 4},   {"transistor.fm", 4},
    {"tumblr.com", 2},      {"typepad.com", 4},    {"wordpress.com", 8},  {"youtube.com", 8},
};

const Farm* farm_of(std::string_view host) {
  const auto* const at = std::find_if(std::begin(kFarms), std::end(kFarms), [host](const Farm& farm) {
    return host == farm.domain || (host.size() > farm.domain.size() && host.ends_with(farm.domain) &&
                                   host[host.size() - farm.domain.size() - 1] == '.');
  });
  return at == std::end(kFarms) ? nullptr : at;
}

}  // namespace

HostKey host_key(std::string_view url) {
  HostKey key;
  key.limit = host_of(url);
  if (const auto* farm = farm_of(key.limit)) {
    key.limit = "*.";
    key.limit += farm->domain;
    key.parallel = farm->parallel;
  }
  return key;
}

Admission HostBook::admit(const HostKey& key, Moment now) {
  if (hosts_.size() >= sweep_at_) sweep(now);
  auto& host = hosts_[key.limit];
  const auto parallel = std::max(key.parallel, 1u);
  if (host.in_flight >= std::max(limits_.per_host, 1u) * parallel) return {Admission::Kind::later, Moment::max()};
  if (host.next_start > now) return {Admission::Kind::later, host.next_start};
  ++host.in_flight;
  host.next_start = now + limits_.spacing / parallel;
  return {Admission::Kind::go, now};
}

void HostBook::finished(const HostKey& key, Moment now) {
  const auto at = hosts_.find(key.limit);
  if (at == hosts_.end()) return;
  if (at->second.in_flight > 0) --at->second.in_flight;
  if (at->second.is_idle(now)) hosts_.erase(at);
}

HostBook::Moment HostBook::next_turn(const HostKey& key, std::size_t queued, Moment now) {
  constexpr Moment::duration kLeastStep = std::chrono::milliseconds{50};  // without spacing an answer takes this, about
  const auto step = std::max<Moment::duration>(limits_.spacing, kLeastStep) / std::max(key.parallel, 1u);
  if (hosts_.size() >= sweep_at_) sweep(now);
  auto& host = hosts_[key.limit];
  const auto turn = std::max(host.next_turn, now + step * static_cast<std::int64_t>(queued));
  host.next_turn = turn + step;
  return turn;
}

void HostBook::set_limits(HostLimits limits, Moment now) {
  limits_ = limits;
  for (auto& [key, host] : hosts_) {
    host.next_start = std::min(host.next_start, now + limits_.spacing);
    host.next_turn = std::min(host.next_turn, now + limits_.spacing);
  }
}

void HostBook::sweep(Moment now) {
  std::erase_if(hosts_, [now](const auto& entry) { return entry.second.is_idle(now); });
  sweep_at_ = std::max<std::size_t>(1024, 2 * hosts_.size());
}

}  // namespace newswire::fetch
