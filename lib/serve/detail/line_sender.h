#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/seq.h"
#include "serve/detail/line_filter.h"
#include "spool/cursor.h"

namespace newswire::serve {

/// Moves committed lines from a cursor to a non-blocking stream socket, and lines of our own between them. Knows
/// nothing of clients and never waits: whoever owns it calls send() again when the socket takes more, or the spool has
/// more. Plain history goes by sendfile; filtered and compressed lines through a buffer that all senders share. Loop
/// thread only.
class LineSender {
 public:
  /// `published` outlives it.
  LineSender(int socket, const spool::Published& published) : socket_(socket), published_(published) {}

  /// From the next border between lines on, what stands at `cursor`; `filter` null: everything.
  void follow(spool::Cursor cursor, std::shared_ptr<const LineFilter> filter);
  /// The same choice of lines at another place.
  void resume(spool::Cursor cursor) { follow(std::move(cursor), filter_); }
  /// Ends the line under way, then sends nothing but what is said, until follow().
  void pause() noexcept { next_.reset(), paused_ = true; }
  /// Says `lines` (complete, with newlines) at the next border between lines.
  void say(std::string_view lines) { text_ += lines; }
  /// Bytes said that are still to be sent: what the owner keeps a bound on.
  std::size_t unsaid() const noexcept { return text_.size() - text_sent_; }

  enum class Outcome {
    up_to_date,  ///< everything committed is sent
    paused,      ///< as asked, and everything is said
    turn_over,   ///< `budget` is used up; there may be more
    blocked,     ///< the socket takes no more for now
    gone,        ///< what comes next is no longer kept: passed() and Snapshot::earliest_from() tell
    closed,      ///< the peer has gone
    broken,      ///< error() says why
  };
  Outcome send(std::size_t budget);

  /// The last number that is completely sent, or was filtered out, of what is followed now. Reads a few bytes of the
  /// spool.
  Result<Seq> passed();
  /// Does the peer have only a part of an article's line (so that closing now would tear it)?
  bool mid_line();
  const Error& error() const noexcept { return error_; }
  std::uint64_t bytes_sent() const noexcept { return bytes_sent_; }
  bool filtered() const noexcept { return filter_ != nullptr; }

  /// Gives up a decompressed block; it is made again when needed.
  void release();
  bool holds_block() const noexcept { return holds_block_; }

 private:
  struct Place {
    spool::Cursor cursor;
    std::shared_ptr<const LineFilter> filter;
  };
  /// What a step came to; nothing: go on.
  using Step = std::optional<Outcome>;

  Step send_text();
  Step send_plain(std::size_t& budget, std::size_t limit);
  Step send_chosen(std::size_t& budget);
  Step fail(const Error& error);
  Step socket_failed(int number);
  Result<std::size_t> rest_on_the_wire();

  int socket_;
  const spool::Published& published_;
  std::optional<spool::Cursor> cursor_;
  std::shared_ptr<const LineFilter> filter_;
  std::optional<Place> next_;
  std::string text_;
  std::size_t text_sent_ = 0;
  std::uint64_t bytes_sent_ = 0;
  Error error_;
  bool paused_ = false;
  bool skipping_ = false;  // filtered: inside a line that is left out
  bool chosen_ = false;    // filtered: inside a line that is sent
  bool holds_block_ = false;
};

}  // namespace newswire::serve
