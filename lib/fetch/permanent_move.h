#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/time.h"
#include "fetch/http_message.h"

namespace newswire::fetch {

/// A permanent redirect that may become the feed's new URL (A3), as the feed's row in the store keeps it.
struct MoveCandidate {
  std::string target;  ///< empty: none
  unsigned polls = 0;  ///< successive polls whose permanent chain ended there and gave this feed
  Time since{};        ///< of the first of them
  friend bool operator==(const MoveCandidate&, const MoveCandidate&) = default;
};

struct MovePolicy {
  unsigned polls = 5;
  std::chrono::hours span{48};
};

/// Where the permanent part of a chain leads: the target of the last 301/308 before the first temporary hop, or before
/// the first that goes from https to http (never stored). Nothing if no hop is left.
std::optional<std::string> permanent_target(std::span<const Hop> hops);

/// What one poll's answer says about a move.
struct MoveEvidence {
  std::optional<std::string> target;  ///< permanent_target(), or a feed-level itunes:new-feed-url (A5)
  bool same_feed =
      false;  ///< the body parsed, and feed id, self link, title or ≥ 1 known item agree (or a 304 said so)
};

struct MoveStep {
  MoveCandidate candidate;           ///< to be stored
  std::optional<std::string> moved;  ///< the URL to store from now on; the caller keeps the old one and tells
};

/// One step of the state machine of A3: the same target, with the same feed, on at least `policy.polls` polls over at
/// least `policy.span`. Another target or none starts anew; a poll that did not serve the feed leaves all as it was
/// (a captive portal neither helps nor hurts). Pure.
MoveStep consider_move(const MoveCandidate& known, const MoveEvidence& evidence, Time now,
                       const MovePolicy& policy = {});

}  // namespace newswire::fetch
