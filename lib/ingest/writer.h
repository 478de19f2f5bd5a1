#pragma once

#include <array>
#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "article/article.h"
#include "base/result.h"
#include "base/seq.h"
#include "base/time.h"
#include "config/config.h"
#include "spool/published.h"
#include "spool/spool.h"
#include "state/store.h"

namespace newswire::ingest {

namespace asio = boost::asio;

/// What one poll wants to be durable: its articles, and the feed's rows that go with them.
struct Work {
  std::vector<article::Article> articles;  ///< without seq and received
  state::Batch rows;
  /// Answer only when the rows are on stable storage too (acknowledgements). If they cannot be stored that is the
  /// answer, and they are tried again nevertheless.
  bool sync_state = false;
};

/// What a commit gave.
struct Committed {
  Seq first;  ///< of the articles; Seq{0} if there were none
  Seq last;
  std::size_t too_long = 0;  ///< articles that no line could hold; logged, counted
};

/// Figures of the writer, for status and metrics.
struct WriterStats {
  std::uint64_t commits = 0;  ///< group commits
  std::uint64_t works = 0;    ///< polls in them
  std::uint64_t articles = 0;
  std::uint64_t failures = 0;
  std::uint64_t state_failures = 0;
  std::uint64_t state_rebuilt = 0;      ///< a state that was corrupt or foreign was set aside and made anew
  std::uint64_t maintain_failures = 0;  ///< rotation, retention or compression failed
  std::uint64_t clock_steps = 0;        ///< jumps of the wall clock; removal by age waited
  std::array<std::uint64_t, spool::kFindingKinds> findings{};  ///< by spool::Finding::Kind, those of open() too
  std::size_t queued = 0;
  double last_commit_ms = 0;
  std::uint64_t state_bytes = 0;
  std::uint64_t free_bytes = 0;  ///< of the spool's file system
  bool short_of_space = false;   ///< under `spool.min_free`, or the last write found the disk full
  Time last_received{};          ///< of the newest article in the spool; Time{}: none
  Time oldest_received{};        ///< of the oldest one that is kept, looked at once a second; Time{}: none
  std::string last_error;        ///< of the last failed commit; empty when all is well
};

/// The one thread that owns spool and state. Everything that became ready while the last fsync ran goes into the next
/// one. Commit order: append to the spool, fdatasync, then one transaction of the state with the high-water seq.
///
/// Commands come from the loop and are answered there; their number is bounded by the polls and connections that wait
/// for them. open() and what is documented so block; everything else may be called on the loop at any time.
class Writer {
 public:
  /// What opening found, for the log.
  struct Found {
    std::vector<spool::Finding> spool;
    state::Opened state;
    std::uint64_t reapplied = 0;  ///< lines of the spool that the state did not know
  };

  /// Opens both, and re-applies to the state what only the spool knows. Blocking. Errors as spool::Spool::open and
  /// state::Store::open.
  static Result<std::unique_ptr<Writer>> open(const config::Config& config, std::function<Time()> now);
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  const Found& found() const noexcept { return found_; }
  spool::Published& published() noexcept { return spool_->published(); }

  /// Direct access before start(): reading all feeds at start-up. Blocking.
  state::Store& store_before_start() noexcept { return *store_; }

  void start();
  /// Commits what is queued, closes, joins. Blocking; nothing may be awaited any more.
  void stop();

  /// Durable when it returns. Errc::no_space, Errc::io: nothing of its articles is stored, and the same work may be
  /// given again.
  asio::awaitable<Result<Committed>> commit(std::shared_ptr<const Work> work);

  /// Rows that nobody waits for: they are in the state within a second or with the next commit, whichever comes first,
  /// and every later question sees them. A crash may take them. Of each feed the latest rows wait, however slow the
  /// disk is.
  void store_soon(const state::Batch& rows);

  /// Runs `question` on the writer's thread. For reads of the state.
  template <class T>
  asio::awaitable<Result<T>> ask(std::function<Result<T>(state::Store&)> question);

  /// What the configuration says of spool and state, after a reload; the folders stay what they are. Takes effect with
  /// the next round of the writer's thread.
  void set_options(const config::Config& config);

  WriterStats stats() const;
  /// Of stats(), without a lock.
  bool short_of_space() const noexcept { return short_of_space_; }
  std::uint64_t state_rebuilt() const noexcept { return state_rebuilt_; }

 private:
  /// Rows of store_soon() that make a round worth its while.
  static constexpr std::size_t kManyRows = 256;

  struct Pending {
    std::shared_ptr<const Work> work;
    std::function<void(Result<Committed>)> done;
  };
  Writer(std::unique_ptr<spool::Spool> spool, std::unique_ptr<state::Store> store, const config::Config& config,
         std::function<Time()> now);

  /// Somebody on the loop who is to go on.
  struct Answer {
    asio::any_io_executor loop;
    std::function<void()> resume;
  };

  void run();
  void answer();
  void push(std::function<void()> question);
  void push(Pending pending);
  void commit_group(std::vector<Pending>& group);
  Result<void> append_all(std::vector<Pending>& group, std::vector<Committed>& results);
  Result<void> apply_state(std::vector<Pending>& group);
  Result<void> apply_rows(bool sync);
  void tick();
  void tidy_state();
  void check_space();
  void look_at_oldest();
  void note_failure(const Error& error);
  void note_maintained(const spool::Maintained& maintained);

  std::unique_ptr<spool::Spool> spool_;
  std::unique_ptr<state::Store> store_;
  Found found_;
  std::string spool_dir_;
  std::string state_path_;
  std::size_t line_limit_;
  std::uint64_t min_free_;
  std::uint32_t learned_sites_;
  std::chrono::steady_clock::time_point next_tidy_{};
  std::function<Time()> now_;
  Time last_received_{};
  Seq oldest_seq_{};               ///< whose time look_at_oldest() knows
  std::uint64_t batch_bytes_ = 0;  ///< of the commit under way
  std::uint64_t no_room_for_ = 0;  ///< bytes of the last commit, if it found the disk full
  state::Batch unapplied_;         ///< rows that the state did not take yet; their articles are in the spool
  std::string state_error_;        ///< why; empty when it takes them
  std::unordered_map<std::string, Seq> acknowledged_;
  std::vector<Answer> answers_;  ///< of this round; writer thread only

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> questions_;
  std::vector<Pending> commits_;
  state::Batch later_;
  std::size_t thin_out_at_ = kManyRows;  ///< rows in later_ at which the superseded ones go
  std::atomic<bool> short_of_space_ = false;
  std::atomic<std::uint64_t> state_rebuilt_ = 0;
  bool stopping_ = false;
  WriterStats stats_;
  std::thread thread_;
};

template <class T>
asio::awaitable<Result<T>> Writer::ask(std::function<Result<T>(state::Store&)> question) {
  const auto loop = co_await asio::this_coro::executor;
  auto start = [this, loop, question = std::move(question)](auto handler) {
    auto shared = std::make_shared<decltype(handler)>(std::move(handler));
    push([this, loop, question, shared, guard = asio::make_work_guard(loop)] {
      auto found = std::make_shared<Result<T>>(question(*store_));
      answers_.push_back({loop, [shared, found, guard] { std::move (*shared)(std::move(*found)); }});
    });
  };
  auto asked =
      asio::async_initiate<const asio::use_awaitable_t<>&, void(Result<T>)>(std::move(start), asio::use_awaitable);
  co_return co_await std::move(asked);
}

}  // namespace newswire::ingest
