#include "ctl_parse.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <string_view>

#include "base/json_text.h"
#include "base/result.h"
#include "ctl_run.h"
#include "feed/parse.h"
#include "parse_heap.h"

namespace newswire::daemon {
namespace {

constexpr std::size_t kFlushAt = std::size_t{128} << 10U;  // small enough to stay in the cache
constexpr std::size_t kUsualHeap = std::size_t{8} << 20U;
constexpr std::size_t kHeapPerByte = 8;  // the input, a copy that becomes the tree's text, and the tree
constexpr std::size_t kLargestInput = std::size_t{1} << 30U;

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ > STDIN_FILENO) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const noexcept { return fd_; }

 private:
  int fd_;
};

std::string system_error() { return std::strerror(errno); }  // NOLINT(concurrency-mt-unsafe): one thread

// Memory that only grows and is never cleared: what was read counts.
struct Buffer {
  std::unique_ptr<char[]> data;
  std::size_t capacity = 0;
  std::size_t size = 0;

  void grow(std::size_t wanted) {
    if (wanted <= capacity) return;
    auto fresh = std::make_unique_for_overwrite<char[]>(wanted);
    if (size > 0) std::memcpy(fresh.get(), data.get(), size);
    data = std::move(fresh);
    capacity = wanted;
  }
};

// The whole input into `bytes`.
std::optional<Error> read_input(const std::string& name, Buffer& bytes) {
  const bool standard = name == "-";
  const Descriptor file(standard ? STDIN_FILENO : ::open(name.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return Error{Errc::io, "cannot open: " + system_error(), name};
  struct stat status {};
  if (::fstat(file.get(), &status) == 0 && S_ISDIR(status.st_mode)) return Error{Errc::io, "is a directory", name};
  const auto expected = S_ISREG(status.st_mode) && status.st_size > 0 ? static_cast<std::size_t>(status.st_size) : 0;
  if (expected > kLargestInput) return Error{Errc::too_large, "is larger than 1 GiB", name};
  bytes.size = 0;
  bytes.grow(expected);
  while (true) {
    if (bytes.size == expected && expected > 0) break;  // all that the file had when it was opened
    if (bytes.size == bytes.capacity) bytes.grow(bytes.capacity * 2 + 65536);
    const auto got = ::read(file.get(), bytes.data.get() + bytes.size, bytes.capacity - bytes.size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Error{Errc::io, "cannot read: " + system_error(), name};
    if (got == 0) break;
    bytes.size += static_cast<std::size_t>(got);
    if (bytes.size > kLargestInput) return Error{Errc::too_large, "is larger than 1 GiB", name};
  }
  return std::nullopt;
}

bool write_all(std::string_view text) {
  while (!text.empty()) {
    const auto written = ::write(STDOUT_FILENO, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

void append_error(std::string& out, const Error& error) {
  JsonWriter json(out);
  json.begin_object();
  json.key("error").begin_object();
  json.key("code").value(to_string(error.code));
  json.key("message").value(to_string(error));
  json.end_object();
  json.end_object();
}

}  // namespace

int run_parse(const ParseCommand& command) {
  ParseHeap heap;
  heap.reserve(kUsualHeap);
  const feed::ParseOptions options{command.content_type, command.base_url};
  feed::Parser parser;
  Buffer bytes;
  std::string out;
  out.reserve(kFlushAt * 2);
  int status = 0;
  bool written = true;
  const auto drain = [&written](std::string& text) {
    if (text.size() < kFlushAt) return;
    written = written && write_all(text);
    text.clear();
  };
  for (const auto& input : command.inputs) {
    auto failure = read_input(input, bytes);
    if (!failure) {
      heap.reserve(kUsualHeap + bytes.size * kHeapPerByte);
      failure = parser.append_json(out, {bytes.data.get(), bytes.size}, options, drain);
      if (failure && failure->where.empty()) failure->where = input == "-" ? "standard input" : input;
    }
    if (failure) {
      status = 1;
      append_error(out, *failure);
    }
    out += '\n';
    drain(out);
    if (!written) break;
  }
  if (written && write_all(out)) return status;
  complain_of_output();
  return 1;
}

void add_parse(CLI::App& app, int& status) {
  auto command = std::make_shared<ParseCommand>();
  auto* const parse = app.add_subcommand("parse", "Feeds as JSON Feed 1.1, one line per input")->group("Offline");
  parse->add_option("--base-url", command->base_url, "Where the documents came from: base of relative URLs")
      ->type_name("URL");
  parse->add_option("--content-type", command->content_type, "The Content-Type header that they came with")
      ->type_name("CT");
  parse->add_option("inputs", command->inputs, "Files; \"-\" is standard input")->required()->type_name("FILE|-");
  parse->footer(
      "An input that is no feed prints {\"error\":{\"code\":…,\"message\":…}} on its line, and the exit status is 1.");
  parse->callback([command, &status] { status = run_parse(*command); });
}

}  // namespace newswire::daemon
