#include "fetch/permanent_move.h"

#include <chrono>

#include "base/text.h"

namespace newswire::fetch {
namespace {

bool is_https(std::string_view url) { return istarts_with(url, "https:"); }

}  // namespace

std::optional<std::string> permanent_target(std::span<const Hop> hops) {
  std::optional<std::string> target;
  for (const auto& hop : hops) {
    if (!hop.permanent) break;
    if (is_https(hop.from) && !is_https(hop.to)) break;  // never stored, and what follows came over http
    target = hop.to;
  }
  return target;
}

MoveStep consider_move(const MoveCandidate& known, const MoveEvidence& evidence, Time now, const MovePolicy& policy) {
  if (!evidence.same_feed) return {known, std::nullopt};
  if (!evidence.target || evidence.target->empty()) return {{}, std::nullopt};
  MoveCandidate next = known;
  if (known.target != *evidence.target || known.polls == 0 || now < known.since) next = {*evidence.target, 0, now};
  if (next.polls < policy.polls) ++next.polls;
  if (next.polls >= policy.polls && now - next.since >= policy.span) return {{}, next.target};
  return {next, std::nullopt};
}

}  // namespace newswire::fetch
