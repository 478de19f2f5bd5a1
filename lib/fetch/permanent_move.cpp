#include "fetch/permanent_move.h"

#include <charconv>
#include <chrono>

#include "base/text.h"
#include "base/url.h"

namespace newswire::fetch {
namespace {

bool is_https(std::string_view url) { return istarts_with(url, "https:"); }

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (ec != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

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

std::string encode(const MoveCandidate& candidate) {
  if (candidate.target.empty()) return {};
  return std::to_string(candidate.polls) + ' ' + std::to_string(candidate.since.time_since_epoch().count()) + ' ' +
         candidate.target;
}

std::optional<MoveCandidate> decode_move(std::string_view text) {
  if (text.empty()) return MoveCandidate{};
  const auto first = text.find(' ');
  if (first == std::string_view::npos) return std::nullopt;
  const auto second = text.find(' ', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  const auto polls = whole_number(text.substr(0, first));
  const auto since = whole_number(text.substr(first + 1, second - first - 1));
  const auto target = text.substr(second + 1);
  if (!polls || *polls < 1 || *polls > 1'000'000 || !since || !is_http_url(target)) return std::nullopt;
  return MoveCandidate{std::string(target), static_cast<unsigned>(*polls), Time{std::chrono::milliseconds{*since}}};
}

}  // namespace newswire::fetch
