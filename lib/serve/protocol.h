#pragma once

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/seq.h"
#include "base/time.h"

/// The article socket's lines (docs/protocol.md), without any I/O. Pure; any thread.
namespace newswire::serve {

/// Longest request line a client may send, without its newline.
inline constexpr std::size_t kMaxRequestBytes = 64 * 1024;

/// Where a subscription starts.
struct From {
  enum class Kind : std::uint8_t {
    latest,    ///< what is committed from now on
    earliest,  ///< the oldest line that is retained
    acked,     ///< after the consumer's last acknowledgement; a name never seen starts at latest, and is recorded
    seq,       ///< the first wanted number
    time,      ///< the first line received at or after a moment
  };
  Kind kind = Kind::latest;
  Seq seq = {};
  Time time{};
  friend bool operator==(const From&, const From&) = default;
};

/// `{"op":"subscribe",…}`. Without `from`: acked for a named consumer, latest otherwise.
struct Subscribe {
  From from;
  std::string consumer;               ///< empty: no stored position
  std::vector<std::string> feeds;     ///< feed ids; empty: all
  std::vector<std::string> tags;      ///< an article matches if it has one of them; empty: all
  bool continue_on_gap = false;       ///< `"on_gap":"continue"`
  bool confirm_acks = false;          ///< `"ack":"confirm"`
  std::chrono::seconds heartbeat{0};  ///< 0: none
  bool health = false;                ///< `"health":true`: `{"op":"feed",…}` lines too
};

/// `{"op":"ack","seq":N}`: everything up to and including `seq` is done.
struct Ack {
  Seq seq = {};
};

/// `{"op":"ping"}`: answered by a ping line; asks whether the daemon is alive and how far the stream is.
struct Ping {};

/// A request that cannot be obeyed; becomes `{"op":"error",…}`. Codes: bad_json, unknown_op, unknown_member, bad_value,
/// too_long, not_subscribed, no_consumer, ack_beyond_sent, gone, ahead, too_many_connections, taken_over, io.
struct Refusal {
  std::string code;
  std::string message;
  bool subscribing = false;  ///< the line wanted to subscribe
};

using Request = std::variant<Refusal, Subscribe, Ack, Ping>;

/// One line of a client, without its newline; never throws. Unknown members and mistyped values are refusals.
Request parse_request(std::string_view line);

/// A consumer's name: 1 to 64 characters of [A-Za-z0-9._-], not starting with a dot.
bool is_consumer_name(std::string_view name) noexcept;

/// What the server says; each is one complete line with its newline.
std::string subscribed_line(Seq from);
std::string acked_line(Seq seq);
std::string ping_line(Seq seq);
std::string bye_line(Seq next);
std::string gap_line(Seq from, Seq to);
std::string gone_line(Seq earliest);
std::string ahead_line(Seq next);
std::string taken_over_line(std::string_view consumer);
/// `count` health lines had no room and were dropped.
std::string health_lost_line(std::uint64_t count);
/// `numbers`: more members, such as earliest.
std::string error_line(std::string_view code, std::string_view message,
                       std::initializer_list<std::pair<std::string_view, std::uint64_t>> numbers = {});

}  // namespace newswire::serve
