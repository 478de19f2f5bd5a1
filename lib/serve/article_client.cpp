#include "serve/article_client.h"

#include <poll.h>
#include <sys/socket.h>
#include <time.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cerrno>
#include <charconv>
#include <utility>

#include "base/json_text.h"
#include "base/text.h"
#include "serve/control_client.h"
#include "serve/detail/unix_address.h"
#include "spool/line.h"

namespace newswire::serve {

namespace json = boost::json;

namespace {

constexpr std::size_t kMaxLineBytes = 64 * 1024 * 1024;
constexpr auto kAckPace = std::chrono::seconds(1);

/// A line of the protocol begins like this; an article never does.
bool is_control(std::string_view line) { return line.starts_with(R"({"op":)"); }

void write_names(JsonWriter& writer, std::string_view member, const std::vector<std::string>& names) {
  if (names.empty()) return;
  writer.key(member).begin_array();
  for (const auto& name : names) writer.value(name);
  writer.end_array();
}

std::uint64_t number_of(const json::object& members, std::string_view name) {
  const auto* value = members.if_contains(name);
  if (value == nullptr) return 0;
  if (const auto* number = value->if_int64(); number != nullptr && *number > 0)
    return static_cast<std::uint64_t>(*number);
  if (const auto* number = value->if_uint64()) return *number;
  return 0;
}

std::string text_of(const json::object& members, std::string_view name) {
  const auto* value = members.if_contains(name);
  const auto* text = value != nullptr ? value->if_string() : nullptr;
  return text != nullptr ? std::string(*text) : std::string();
}

bool is_number(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return is_digit(c); });
}

}  // namespace

std::string ArticleClient::request() const {
  std::string out;
  JsonWriter writer(out);
  writer.begin_object();
  writer.key("op").value("subscribe");
  if (next_)
    writer.key("from").value(next_->value);
  else if (is_number(options_.from))
    writer.key("from").raw(options_.from);
  else
    writer.member_unless_empty("from", options_.from);
  writer.member_unless_empty("consumer", options_.consumer);
  if (!options_.consumer.empty()) writer.key("ack").value("confirm");
  write_names(writer, "feeds", options_.feeds);
  write_names(writer, "tags", options_.tags);
  if (options_.continue_on_gap) writer.key("on_gap").value("continue");
  if (options_.health) writer.key("health").value(true);
  writer.key("heartbeat").value(static_cast<std::uint64_t>(options_.heartbeat.count()));
  writer.end_object();
  out += '\n';
  return out;
}

Result<void> ArticleClient::connect_once() {
  auto fd = connect_unix(options_.path);
  if (!fd) return fd.error();
  fd_ = *std::move(fd);
  buffer_.clear();
  begin_ = 0;
  sent_ = {};
  const auto line = request();
  if (::send(fd_.get(), line.data(), line.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(line.size())) {
    return Error{Errc::io, "the daemon closed the connection", options_.path};
  }
  const auto deadline = Clock::now() + 3 * options_.heartbeat;
  for (;;) {
    auto answer = read_line(deadline);
    if (!answer) return answer.error();
    if (!*answer) return Error{Errc::io, "the daemon closed the connection", options_.path};
    if (!is_control(**answer)) continue;  // live articles before our request was read
    const bool subscribed = answer->value().starts_with(R"({"op":"subscribed")");
    if (subscribed) {
      boost::system::error_code ec;
      const auto value = json::parse(**answer, ec);
      if (ec || !value.is_object()) return Error{Errc::invalid, "the daemon's answer is no JSON", options_.path};
      next_ = Seq{number_of(value.get_object(), "from")};
      // What was done before the connection broke is acknowledged on this one.
      if (done_ > confirmed_ && !options_.consumer.empty()) send_ack();
      return {};
    }
    const auto mine = control(**answer);
    if (!mine) return mine.error();
  }
}

Result<void> ArticleClient::start() { return connect_once(); }

Result<void> ArticleClient::reconnect(const std::string& why) {
  options_.tell(why + "; trying again");
  auto backoff = options_.backoff_min;
  for (;;) {
    fd_ = Fd();
    pause(backoff);
    backoff = std::min(backoff * 2, options_.backoff_max);
    if (options_.stop()) return Error{Errc::cancelled, "stopped"};
    auto connected = connect_once();
    if (connected) {
      options_.tell("connected again");
      return {};
    }
    const auto code = connected.error().code;
    if (code == Errc::gone || code == Errc::invalid || code == Errc::cancelled || code == Errc::refused)
      return connected;
  }
}

void ArticleClient::pause(std::chrono::milliseconds time) {
  timespec left{.tv_sec = time.count() / 1000, .tv_nsec = (time.count() % 1000) * 1'000'000};
  while (::nanosleep(&left, &left) != 0 && errno == EINTR && !options_.stop()) {
  }
}

Result<std::optional<std::string_view>> ArticleClient::read_line(Clock::time_point deadline) {
  std::size_t searched = begin_;
  for (;;) {
    if (const auto end = buffer_.find('\n', searched); end != std::string::npos) {
      const auto line = std::string_view(buffer_).substr(begin_, end - begin_);
      begin_ = end + 1;
      return std::optional(line);
    }
    buffer_.erase(0, std::exchange(begin_, 0));
    searched = buffer_.size();
    if (buffer_.size() > kMaxLineBytes) return Error{Errc::too_large, "a line of more than 64 MiB", options_.path};
    if (options_.stop()) return Error{Errc::cancelled, "stopped"};
    if (!send_ack() || !fd_) return std::optional<std::string_view>();
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    if (left.count() <= 0) return Error{Errc::timeout, "the daemon says nothing any more", options_.path};
    const bool ack_waits = done_ > sent_ && !options_.consumer.empty();
    const auto wait = std::min<std::int64_t>(left.count(), ack_waits ? 1000 : 60'000);
    pollfd waiting{.fd = fd_.get(), .events = POLLIN, .revents = 0};
    const int ready = ::poll(&waiting, 1, static_cast<int>(wait));
    if (ready < 0 && errno != EINTR) return os_error("cannot wait for the daemon", errno, options_.path);
    if (ready <= 0) continue;
    const auto old = buffer_.size();
    buffer_.resize(old + 64 * 1024);
    const auto got = ::recv(fd_.get(), buffer_.data() + old, 64 * 1024, 0);
    buffer_.resize(old + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return std::optional<std::string_view>();
  }
}

Result<bool> ArticleClient::control(std::string_view line) {
  boost::system::error_code ec;
  const auto value = json::parse(line, ec);
  if (ec || !value.is_object()) return Error{Errc::invalid, "the daemon's line is no JSON", options_.path};
  const auto& members = value.get_object();
  const auto op = text_of(members, "op");
  if (op == "acked") {
    confirmed_ = std::max(confirmed_, Seq{number_of(members, "seq")});
    return true;
  }
  if (op == "ping") {
    // Lines come in order: what a filter left out before this one is done, if everything given is.
    const Seq passed{number_of(members, "seq")};
    if (next_) next_ = std::max(*next_, passed.next());
    if (done_ >= given_) done_ = std::max(done_, passed);
    return true;
  }
  if (op == "gap") {
    next_ = Seq{number_of(members, "to") + 1};
    return false;
  }
  if (op == "error") {
    const auto code = text_of(members, "code");
    auto message = text_of(members, "message");
    if (code == "gone") {
      return Error{Errc::gone, message + " (the earliest is " + std::to_string(number_of(members, "earliest")) + ")"};
    }
    if (code == "taken_over") return Error{Errc::busy, std::move(message)};
    if (code == "too_many_connections") return Error{Errc::connect, std::move(message)};
    if (code == "refused") return Error{Errc::refused, std::move(message)};
    if (code == "io") return Error{Errc::io, std::move(message)};
    return Error{Errc::invalid, std::move(message)};
  }
  return op == "bye" || op == "subscribed";  // everything else is for the caller
}

Result<ArticleClient::Line> ArticleClient::next() {
  for (;;) {
    const auto line = read_line(Clock::now() + 3 * options_.heartbeat);
    std::string broken;
    if (!line) {
      if (line.error().code == Errc::cancelled || line.error().code == Errc::too_large) return line.error();
      broken = line.error().what;
    } else if (!*line) {
      broken = "the connection to the daemon was lost";
    } else if (is_control(**line)) {
      const auto mine = control(**line);
      if (mine && *mine) continue;
      if (mine) return Line{Seq{0}, **line};
      if (mine.error().code != Errc::io && mine.error().code != Errc::connect) return mine.error();
      broken = mine.error().what;
    } else if (const auto head = spool::parse_head(**line)) {
      if (next_ && head->seq < *next_) continue;  // had before the connection broke
      next_ = head->seq.next();
      given_ = head->seq;
      return Line{head->seq, **line};
    } else {
      return Error{Errc::corrupt, "a line that is no article of newswire", options_.path};
    }
    const auto again = reconnect(broken);
    if (!again) return again.error();
  }
}

/// Sends an acknowledgement if it is due. False: the connection is broken.
bool ArticleClient::send_ack() {
  if (options_.consumer.empty() || !fd_ || done_ <= sent_) return true;
  if (Clock::now() - sent_at_ < kAckPace) return true;
  const auto line = R"({"op":"ack","seq":)" + std::to_string(done_.value) + "}\n";
  if (::send(fd_.get(), line.data(), line.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(line.size())) {
    fd_ = Fd();
    return false;
  }
  sent_ = done_;
  sent_at_ = Clock::now();
  return true;
}

void ArticleClient::done(Seq seq, bool now) {
  done_ = std::max(done_, seq);
  if (now) sent_at_ = {};
  send_ack();  // if the connection is broken, next() notices
}

Result<void> ArticleClient::finish(std::chrono::milliseconds limit) {
  if (options_.consumer.empty() || done_ <= confirmed_) return {};
  const auto deadline = Clock::now() + limit;
  options_.stop = [] { return false; };
  sent_at_ = {};
  if (!send_ack()) return Error{Errc::io, "the connection broke before the last acknowledgement", options_.path};
  while (confirmed_ < done_) {
    const auto line = read_line(deadline);
    if (!line) return line.error();
    if (!*line) return Error{Errc::io, "the connection broke before the last acknowledgement", options_.path};
    if (!is_control(**line)) continue;
    const auto mine = control(**line);
    if (!mine) return mine.error();
  }
  return {};
}

}  // namespace newswire::serve
