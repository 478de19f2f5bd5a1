#include "serve/detail/line_sender.h"

#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include "serve/detail/place.h"
#include "serve/detail/unix_address.h"

namespace newswire::serve {

namespace {

constexpr std::size_t kWindow = 256 * 1024;  // what a filtered subscription looks at in one step
constexpr std::size_t kMaxRuns = 64;         // pieces of one sendmsg

/// The window's bytes, shared by all senders: nobody keeps them over a call. Loop thread only.
std::array<char, kWindow>& shared_window() {
  thread_local auto window = std::make_unique<std::array<char, kWindow>>();
  return *window;
}

bool would_block(int number) { return number == EAGAIN || number == EWOULDBLOCK || number == ENOBUFS; }

/// What a window splits into: runs of lines to send, with what is left out before each.
struct Runs {
  struct Run {
    std::size_t skip = 0;
    std::string_view lines;
  };
  std::array<Run, kMaxRuns> run;
  std::size_t count = 0;
  std::size_t skip_at_end = 0;
  std::size_t to_send = 0;

  /// False: no room for another run.
  bool add(std::string_view line, bool chosen) {
    if (!chosen) {
      skip_at_end += line.size();
      return true;
    }
    if (count > 0 && skip_at_end == 0) {
      auto& last = run[count - 1].lines;
      last = {last.data(), last.size() + line.size()};
    } else {
      if (count == kMaxRuns) return false;
      run[count++] = {std::exchange(skip_at_end, 0), line};
    }
    to_send += line.size();
    return true;
  }
};

}  // namespace

void LineSender::follow(spool::Cursor cursor, std::shared_ptr<const LineFilter> filter) {
  next_.emplace(Place{std::move(cursor), std::move(filter)});
  paused_ = false;
}

LineSender::Outcome LineSender::send(std::size_t budget) {
  for (;;) {
    if (!text_.empty() || next_ || paused_ || !cursor_) {
      const auto rest = rest_on_the_wire();
      if (!rest) return *fail(rest.error());
      if (*rest > 0) {
        if (const auto step = send_plain(budget, *rest)) return *step;
        continue;
      }
      chosen_ = false;
      if (const auto step = send_text()) return *step;
      if (next_) {
        cursor_ = std::move(next_->cursor);
        filter_ = std::move(next_->filter);
        next_.reset();
        skipping_ = false;
      }
      if (paused_ || !cursor_) return Outcome::paused;
    }
    if (budget == 0) return Outcome::turn_over;
    if (const auto step = filter_ ? send_chosen(budget) : send_plain(budget, budget)) return *step;
  }
}

LineSender::Step LineSender::send_text() {
  while (text_sent_ < text_.size()) {
    const auto sent =
        ::send(socket_, text_.data() + text_sent_, text_.size() - text_sent_, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0) return socket_failed(errno);
    text_sent_ += static_cast<std::size_t>(sent);
    bytes_sent_ += static_cast<std::uint64_t>(sent);
  }
  text_.clear();
  text_sent_ = 0;
  if (text_.capacity() > 4096) text_.shrink_to_fit();
  return std::nullopt;
}

/// `limit` bytes at most, as they come; the owner of the border is the caller.
LineSender::Step LineSender::send_plain(std::size_t& budget, std::size_t limit) {
  auto piece = cursor_->peek(limit);
  if (!piece) return fail(piece.error());
  if (piece->size == 0) return Outcome::up_to_date;
  holds_block_ = piece->descriptor < 0;
  ssize_t sent = 0;
  if (piece->descriptor >= 0) {
    auto offset = static_cast<off_t>(piece->offset);
    sent = ::sendfile(socket_, piece->descriptor, &offset, piece->size);
  } else {
    sent = ::send(socket_, piece->bytes.data(), piece->size, MSG_NOSIGNAL | MSG_DONTWAIT);
  }
  if (sent < 0) return socket_failed(errno);
  if (sent == 0) return fail({Errc::corrupt, "the segment is shorter than it was committed"});
  const auto count = static_cast<std::size_t>(sent);
  cursor_->consume(count);
  bytes_sent_ += count;
  budget -= std::min(budget, count);
  if (count < piece->size) return Outcome::blocked;
  return std::nullopt;
}

LineSender::Step LineSender::send_chosen(std::size_t& budget) {
  if (chosen_) {  // the middle of a line that goes out
    const auto rest = cursor_->rest_of_line();
    if (!rest) return fail(rest.error());
    if (*rest > 0) return send_plain(budget, *rest);
    chosen_ = false;
  }
  auto piece = cursor_->peek(kWindow);
  if (!piece) return fail(piece.error());
  if (piece->size == 0) return Outcome::up_to_date;
  holds_block_ = piece->descriptor < 0;
  std::string_view window = piece->bytes.substr(0, piece->size);
  if (piece->descriptor >= 0) {
    auto& buffer = shared_window();
    const auto size = std::min(piece->size, buffer.size());
    const auto got = ::pread(piece->descriptor, buffer.data(), size, static_cast<off_t>(piece->offset));
    if (got < 0) return fail(os_error("cannot read the spool", errno));
    if (got == 0) return fail({Errc::corrupt, "the segment is shorter than it was committed"});
    window = {buffer.data(), static_cast<std::size_t>(got)};
  }

  Runs runs;
  std::size_t at = 0;
  while (at < window.size()) {
    const auto* end = std::memchr(window.data() + at, '\n', window.size() - at);
    const bool whole = end != nullptr;
    if (!whole && at > 0) break;  // it begins the next window
    const auto line =
        whole ? window.substr(at, static_cast<std::size_t>(static_cast<const char*>(end) - window.data()) + 1 - at)
              : window.substr(at);
    // What cannot be told (a line longer than the window without its feed in front) is rather sent than lost.
    const bool chosen = skipping_ ? false : filter_->match(line) != LineFilter::Match::no;
    if (!runs.add(line, chosen)) break;
    skipping_ = !whole && !chosen;
    chosen_ = !whole && chosen;
    at += line.size();
  }

  std::size_t passed = 0;
  if (runs.count > 0) {
    std::array<iovec, kMaxRuns> pieces{};
    for (std::size_t i = 0; i < runs.count; ++i) {
      const auto lines = runs.run[i].lines;
      pieces[i] = {.iov_base = const_cast<char*>(lines.data()), .iov_len = lines.size()};  // sendmsg does not write
    }
    msghdr message{};
    message.msg_iov = pieces.data();
    message.msg_iovlen = runs.count;
    const auto sent = ::sendmsg(socket_, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && !would_block(errno)) return socket_failed(errno);
    auto left = sent < 0 ? std::size_t{0} : static_cast<std::size_t>(sent);
    bytes_sent_ += left;
    if (left < runs.to_send) {
      for (std::size_t i = 0; i < runs.count; ++i) {
        passed += runs.run[i].skip;
        const auto part = std::min(left, runs.run[i].lines.size());
        passed += part;
        left -= part;
        if (part < runs.run[i].lines.size()) {
          chosen_ = part > 0 && runs.run[i].lines[part - 1] != '\n';
          break;
        }
      }
      skipping_ = false;
      cursor_->consume(passed);
      budget -= std::min(budget, passed);
      return Outcome::blocked;
    }
  }
  cursor_->consume(at);
  budget -= std::min(budget, at);
  return std::nullopt;
}

LineSender::Step LineSender::fail(const Error& error) {
  error_ = error;
  return error.code == Errc::gone ? Outcome::gone : Outcome::broken;
}

LineSender::Step LineSender::socket_failed(int number) {
  if (number == EINTR) return std::nullopt;
  if (would_block(number)) return Outcome::blocked;
  error_ = os_error("the connection broke", number);
  return Outcome::closed;
}

/// Bytes that complete the line which the peer has a part of; 0 between lines.
Result<std::size_t> LineSender::rest_on_the_wire() {
  if (!cursor_ || (filter_ && !chosen_)) return std::size_t{0};
  return cursor_->rest_of_line();
}

bool LineSender::mid_line() {
  const auto rest = rest_on_the_wire();
  return rest && *rest > 0;
}

Result<Seq> LineSender::passed() {
  if (next_) {
    const auto first = next_of(published_, next_->cursor);
    if (!first) return first.error();
    return first->previous();
  }
  if (!cursor_) return Seq{0};
  const auto next = next_of(published_, *cursor_);
  if (!next) return next.error();
  const auto rest = cursor_->rest_of_line();
  if (!rest) return rest.error();
  return *rest > 0 ? next->previous().previous() : next->previous();
}

void LineSender::release() {
  if (cursor_) cursor_->release();
  holds_block_ = false;
}

}  // namespace newswire::serve
