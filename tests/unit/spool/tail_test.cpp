#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <string>
#include <thread>

#include "spool/line.h"
#include "spool/spool.h"
#include "support.h"

namespace newswire::spool {
namespace {

/// GNU tail -F on a file, its output read from a pipe as it comes.
class Tail {
 public:
  explicit Tail(const std::string& path) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("pipe");
    child_ = ::fork();
    if (child_ == 0) {
      ::dup2(ends[1], 1);
      const int null = ::open("/dev/null", O_WRONLY);
      ::dup2(null, 2);  // "has become inaccessible", at each rotation
      // -s: where inotify is used up it looks so often, instead of once a second.
      ::execlp("tail", "tail", "-F", "-s", "0.02", "-n", "+1", path.c_str(), nullptr);
      ::_exit(127);
    }
    ::close(ends[1]);
    out_ = ends[0];
    ::fcntl(out_, F_SETFL, O_NONBLOCK);
  }
  ~Tail() {
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
    ::close(out_);
  }
  Tail(const Tail&) = delete;
  Tail& operator=(const Tail&) = delete;

  /// Reads until the line `seq` came, which must be the next but for those before it. False after 60 seconds.
  bool wait_for(Seq seq) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (last_ < seq && ok_) {
      char bytes[65536];
      const auto got = ::read(out_, bytes, sizeof bytes);
      if (got > 0) {
        text_.append(bytes, static_cast<std::size_t>(got));
        take_lines();
      } else if (std::chrono::steady_clock::now() > deadline) {
        return false;
      } else {
        std::this_thread::yield();
      }
    }
    return ok_;
  }
  Seq last() const { return last_; }

 private:
  void take_lines() {
    std::size_t begin = 0;
    for (auto feed = text_.find('\n'); feed != text_.npos; feed = text_.find('\n', begin)) {
      const auto head = parse_head(std::string_view(text_).substr(begin, feed - begin));
      ok_ = ok_ && head && head->seq == last_.next();
      if (ok_) last_ = head->seq;
      begin = feed + 1;
    }
    text_.erase(0, begin);
  }

  pid_t child_ = -1;
  int out_ = -1;
  std::string text_;
  Seq last_;
  bool ok_ = true;
};

TEST(Rotation, LosesNoLineOfTailF) {
  if (std::system("tail --version >/dev/null 2>&1") != 0) GTEST_SKIP() << "needs GNU tail";
  const char* const wanted = std::getenv("NEWSWIRE_ROTATIONS");
  const auto rotations = wanted == nullptr ? 500ULL : std::strtoull(wanted, nullptr, 10);
  Folder folder;
  auto options = small();
  options.retention.bytes = 200'000;  // and files go while tail still knows them
  const auto spool = open(folder.path(), options);
  Tail tail_f(folder / kLiveName);
  fill(*spool, 1, 1, 300);
  ASSERT_TRUE(tail_f.wait_for(Seq{1}));  // it is up and has the file open
  std::uint64_t number = 2;
  Seq began{1};  // first line of the live segment
  while (spool->published().snapshot()->counters.rotations < rotations) {
    // Batches of different sizes up to and over the border. Before a segment is closed tail must have seen it: two
    // renames between two looks hide a file from it, which is why Options::segment_min_age exists.
    const auto before = spool->published().snapshot()->live->first();
    if (before != began) {
      began = before;
      fill(*spool, number, number, 300);
      ASSERT_TRUE(tail_f.wait_for(Seq{number})) << "after line " << tail_f.last().value;
      ++number;
    }
    fill(*spool, number, number + number % 7, 300);
    number += number % 7 + 1;
    if (number % 50 == 0) {
      ASSERT_TRUE(spool->maintain(at(0), std::nullopt));
    }
  }
  EXPECT_TRUE(tail_f.wait_for(Seq{number - 1})) << "after line " << tail_f.last().value << " of " << number - 1;
}

}  // namespace
}  // namespace newswire::spool
