#include "fetch/detail/multi.h"

#include <sys/epoll.h>

#include <array>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <new>
#include <system_error>
#include <utility>

namespace newswire::fetch::detail {

namespace {

using Moment = std::chrono::steady_clock::time_point;

constexpr int kMostEvents = 64;  // of one turn; the loop's other work gets its chance in between

std::uint32_t epoll_events(int what) {
  std::uint32_t events = 0;
  if ((what & CURL_POLL_IN) != 0) events |= EPOLLIN;
  if ((what & CURL_POLL_OUT) != 0) events |= EPOLLOUT;
  return events;
}

int curl_events(std::uint32_t events) {
  int what = 0;
  if ((events & EPOLLIN) != 0) what |= CURL_CSELECT_IN;
  if ((events & EPOLLOUT) != 0) what |= CURL_CSELECT_OUT;
  if ((events & (EPOLLERR | EPOLLHUP)) != 0) what |= CURL_CSELECT_ERR;
  return what;
}

int new_epoll_set() {
  const int fd = ::epoll_create1(EPOLL_CLOEXEC);
  if (fd < 0) throw std::system_error(errno, std::system_category(), "epoll_create1");
  return fd;
}

}  // namespace

Multi::Multi(asio::any_io_executor loop, long max_connections, Finished finished)
    : loop_(std::move(loop)),
      multi_(curl_multi_init()),
      finished_(std::move(finished)),
      timer_(loop_),
      sockets_(loop_, new_epoll_set()) {
  if (multi_ == nullptr) throw std::bad_alloc();
  curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &Multi::on_socket);
  curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &Multi::on_timer);
  curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, max_connections);
}

Multi::~Multi() { close(); }

void Multi::close() {
  if (multi_ == nullptr) return;
  ++timer_epoch_;
  timer_.cancel();
  curl_multi_cleanup(multi_);  // tells on_socket to remove what is left
  multi_ = nullptr;
  boost::system::error_code ignored;  // of a set that nobody waits for any more
  sockets_.close(ignored);
}

CURLMcode Multi::add(CURL* easy) { return curl_multi_add_handle(multi_, easy); }

void Multi::set_max_connections(long count) {
  if (multi_ != nullptr) curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, count);
}

void Multi::remove(CURL* easy) {
  if (multi_ != nullptr) curl_multi_remove_handle(multi_, easy);
}

int Multi::on_socket(CURL*, curl_socket_t socket, int what, void* self, void*) noexcept {
  try {
    static_cast<Multi*>(self)->watch(socket, what);
    return 0;
  } catch (const std::exception&) {
    return -1;  // no memory, or the kernel refused the descriptor: libcurl fails the transfer
  }
}

int Multi::on_timer(CURLM*, long timeout_ms, void* self) noexcept {
  try {
    static_cast<Multi*>(self)->schedule(timeout_ms);
    return 0;
  } catch (const std::exception&) {
    return -1;
  }
}

// A socket that is no longer waited for stays in the set: most often its connection is used again soon, and then one
// system call is enough. ready() takes it out if it has something to say before that, and closing it does.
void Multi::watch(curl_socket_t socket, int what) {
  const auto at = static_cast<std::size_t>(socket);
  if (at >= wanted_.size()) wanted_.resize(at + 1, 0);
  if (what == CURL_POLL_REMOVE) {
    if (std::exchange(wanted_[at], char{0}) != 0 && --watched_ == 0) {
      sockets_.cancel();  // a loop with nothing to do ends by itself
    }
    return;
  }
  epoll_event event{};
  event.events = epoll_events(what);
  event.data.fd = socket;
  const int set = sockets_.native_handle();
  if (::epoll_ctl(set, EPOLL_CTL_MOD, socket, &event) != 0 &&
      (errno != ENOENT || ::epoll_ctl(set, EPOLL_CTL_ADD, socket, &event) != 0)) {
    throw std::system_error(errno, std::system_category(), "epoll_ctl");
  }
  if (std::exchange(wanted_[at], char{1}) == 0) ++watched_;
  arm();
}

void Multi::arm() {
  if (armed_ || watched_ == 0) return;
  armed_ = true;
  sockets_.async_wait(asio::posix::stream_descriptor::wait_read,
                      [weak = weak_from_this()](const boost::system::error_code& ec) {
                        const auto self = weak.lock();
                        if (!self || self->multi_ == nullptr) return;
                        self->armed_ = false;
                        if (ec) return self->arm();  // cancelled for an empty set, which may be filled again by now
                        self->ready();
                      });
}

void Multi::ready() {
  std::array<epoll_event, kMostEvents> events;
  const int count = ::epoll_wait(sockets_.native_handle(), events.data(), kMostEvents, 0);
  for (int i = 0; i < count; ++i) {
    const auto& event = events[static_cast<std::size_t>(i)];
    const int socket = event.data.fd;
    if (wanted_[static_cast<std::size_t>(socket)] == 0) {  // an idle connection that its server closes
      (void)::epoll_ctl(sockets_.native_handle(), EPOLL_CTL_DEL, socket, nullptr);  // closed by now: gone from the set
      continue;
    }
    int running = 0;
    curl_multi_socket_action(multi_, socket, curl_events(event.events), &running);
  }
  arm();
  collect();
}

void Multi::schedule(long timeout_ms) {
  if (timeout_ms < 0) {
    wanted_at_ = armed_at_ = Moment::max();
    ++timer_epoch_;
    timer_.cancel();
    return;
  }
  if (timeout_ms == 0) return kick_soon();
  wanted_at_ = std::chrono::steady_clock::now() + std::chrono::milliseconds(timeout_ms);
  if (wanted_at_ < armed_at_) arm_timer(wanted_at_);
}

// libcurl must not be called from its own callback.
void Multi::kick_soon() {
  if (std::exchange(kick_posted_, true)) return;
  asio::post(loop_, [weak = weak_from_this()] {
    const auto self = weak.lock();
    if (!self) return;
    self->kick_posted_ = false;
    self->kick();
  });
}

void Multi::arm_timer(Moment at) {
  armed_at_ = at;
  timer_.expires_at(at);
  timer_.async_wait([weak = weak_from_this(), epoch = ++timer_epoch_](const boost::system::error_code& ec) {
    const auto self = weak.lock();
    if (!self || ec || self->timer_epoch_ != epoch) return;
    self->armed_at_ = Moment::max();
    if (self->wanted_at_ > std::chrono::steady_clock::now()) return self->arm_timer(self->wanted_at_);
    self->wanted_at_ = Moment::max();
    self->kick();
  });
}

void Multi::kick() {
  if (multi_ == nullptr) return;
  int running = 0;
  curl_multi_socket_action(multi_, CURL_SOCKET_TIMEOUT, 0, &running);
  collect();
}

void Multi::collect() {
  int left = 0;
  while (multi_ != nullptr) {
    const CURLMsg* message = curl_multi_info_read(multi_, &left);
    if (message == nullptr) return;
    if (message->msg != CURLMSG_DONE) continue;
    CURL* easy = message->easy_handle;
    const CURLcode code = message->data.result;  // `message` dies with the removal
    curl_multi_remove_handle(multi_, easy);
    finished_(easy, code);
  }
}

}  // namespace newswire::fetch::detail
