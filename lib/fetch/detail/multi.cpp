#include "fetch/detail/multi.h"

#include <boost/asio/post.hpp>
#include <new>
#include <utility>

namespace newswire::fetch::detail {

// A socket that libcurl waits for. The descriptor only borrows it: libcurl closes it, after CURL_POLL_REMOVE.
struct Multi::Watch {
  Watch(const asio::any_io_executor& loop, curl_socket_t fd) : descriptor(loop, fd), socket(fd) {}
  ~Watch() {
    if (descriptor.is_open()) descriptor.release();
  }
  asio::posix::stream_descriptor descriptor;
  curl_socket_t socket;
  int wanted = CURL_POLL_NONE;
  bool reading = false;  // a wait is under way
  bool writing = false;
  bool removed = false;
};

Multi::Multi(asio::any_io_executor loop, long max_connections, Finished finished)
    : loop_(std::move(loop)), multi_(curl_multi_init()), finished_(std::move(finished)), timer_(loop_) {
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
  watches_.clear();
}

CURLMcode Multi::add(CURL* easy) { return curl_multi_add_handle(multi_, easy); }

void Multi::remove(CURL* easy) {
  if (multi_ != nullptr) curl_multi_remove_handle(multi_, easy);
}

int Multi::on_socket(CURL*, curl_socket_t socket, int what, void* self, void*) noexcept {
  try {
    static_cast<Multi*>(self)->watch(socket, what);
    return 0;
  } catch (const std::exception&) {
    return -1;  // no memory, or the reactor refused the descriptor: libcurl fails the transfer
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

void Multi::watch(curl_socket_t socket, int what) {
  const auto known = watches_.find(socket);
  if (what == CURL_POLL_REMOVE) {
    if (known == watches_.end()) return;
    known->second->removed = true;
    known->second->descriptor.release();  // ends its waits with operation_aborted
    watches_.erase(known);
    return;
  }
  auto& entry = known == watches_.end() ? watches_[socket] : known->second;
  if (!entry) entry = std::make_shared<Watch>(loop_, socket);
  entry->wanted = what;
  arm(entry);
}

void Multi::arm(const std::shared_ptr<Watch>& watch) {
  const auto wait = [this, &watch](asio::posix::stream_descriptor::wait_type type, bool& busy, int event) {
    busy = true;
    watch->descriptor.async_wait(type, [weak = weak_from_this(), watch, event](const boost::system::error_code& ec) {
      (event == CURL_CSELECT_IN ? watch->reading : watch->writing) = false;
      const auto self = weak.lock();
      if (!self || watch->removed || ec == asio::error::operation_aborted) return;
      self->ready(watch, ec ? event | CURL_CSELECT_ERR : event);
    });
  };
  if ((watch->wanted & CURL_POLL_IN) != 0 && !watch->reading) {
    wait(asio::posix::stream_descriptor::wait_read, watch->reading, CURL_CSELECT_IN);
  }
  if ((watch->wanted & CURL_POLL_OUT) != 0 && !watch->writing) {
    wait(asio::posix::stream_descriptor::wait_write, watch->writing, CURL_CSELECT_OUT);
  }
}

void Multi::ready(const std::shared_ptr<Watch>& watch, int event) {
  if (multi_ == nullptr) return;
  // What is no longer wanted is not reported: libcurl changed its mind while the wait was under way.
  if ((event & CURL_CSELECT_IN) != 0 && (watch->wanted & CURL_POLL_IN) == 0) return;
  if ((event & CURL_CSELECT_OUT) != 0 && (watch->wanted & CURL_POLL_OUT) == 0) return;
  int running = 0;
  curl_multi_socket_action(multi_, watch->socket, event, &running);
  if (!watch->removed) arm(watch);
  collect();
}

void Multi::schedule(long timeout_ms) {
  const auto epoch = ++timer_epoch_;
  if (timeout_ms < 0) {
    timer_.cancel();
    return;
  }
  if (timeout_ms == 0) {  // now, but libcurl must not be called from its own callback
    asio::post(loop_, [weak = weak_from_this(), epoch] {
      const auto self = weak.lock();
      if (self && self->timer_epoch_ == epoch) self->kick();
    });
    return;
  }
  timer_.expires_after(std::chrono::milliseconds(timeout_ms));
  timer_.async_wait([weak = weak_from_this(), epoch](const boost::system::error_code& ec) {
    const auto self = weak.lock();
    if (self && !ec && self->timer_epoch_ == epoch) self->kick();
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
