#pragma once

#include <chrono>
#include <optional>
#include <span>

#include "fetch/http_message.h"

namespace newswire::fetch {

/// Reads Cache-Control (RFC 9111, section 5.2.2; several fields, quoted arguments, the first of repeated directives),
/// Age, Expires and Date. What cannot be read says nothing (W3: `Expires: 0` is no bound). Pure, linear.
CacheHints read_cache_headers(std::span<const Header> headers);

/// How long the answer stays fresh from now on, as a lower bound of the next poll (W2, W3): max-age − Age, else
/// Expires − Date; nothing with no-cache, a zero, or the past. No heuristic (W4). Not capped.
std::optional<std::chrono::seconds> fresh_for(const CacheHints& hints);

}  // namespace newswire::fetch
