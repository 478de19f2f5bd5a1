#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/hash.h"
#include "base/text.h"
#include "base/url.h"
#include "fetch/client.h"
#include "fetch/detail/gunzip.h"

namespace newswire::fetch {
namespace {

class File {
 public:
  explicit File(const std::string& path) : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)) {}
  ~File() {
    if (fd_ >= 0) ::close(fd_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int fd() const { return fd_; }

 private:
  int fd_;
};

std::string entity_tag(const struct stat& info) {
  return '"' + to_hex(static_cast<std::uint64_t>(info.st_size)) + '-' +
         to_hex(static_cast<std::uint64_t>(info.st_mtim.tv_sec)) +
         to_hex(static_cast<std::uint64_t>(info.st_mtim.tv_nsec)).substr(8) + '"';
}

}  // namespace

Result<Response> read_file_url(const Request& request, Time now) {
  const auto fail = [&request](Errc code, std::string what) { return Error{code, std::move(what), request.url}; };
  const auto parts = split_url(request.url);
  if (!iequals(parts.scheme, "file")) return fail(Errc::invalid, "not a file: URL");
  if (!request.allow_file)
    return fail(Errc::refused, "file: URLs are only read for feeds that the configuration names");
  if (!parts.host.empty() && !iequals(parts.host, "localhost")) return fail(Errc::invalid, "a file: URL names no host");
  const auto path = percent_decode(parts.path);
  if (!path.starts_with('/') || path.find('\0') != std::string::npos)
    return fail(Errc::invalid, "a file: URL has an absolute path");

  const File file(path);
  if (file.fd() < 0)
    return fail(errno == ENOENT || errno == ENOTDIR ? Errc::not_found : Errc::io, std::strerror(errno));
  struct stat info {};
  if (::fstat(file.fd(), &info) != 0) return fail(Errc::io, std::strerror(errno));
  if (!S_ISREG(info.st_mode)) return fail(Errc::io, "not a regular file");

  Response response;
  response.final_url = request.url;
  response.etag = entity_tag(info);
  response.received = now;
  if (request.validators.url == request.url && request.validators.etag == response.etag) {
    response.status = 304;
    response.sent_validators = true;
    return response;
  }
  response.status = 200;
  response.sent_validators = request.validators.url == request.url && !request.validators.etag.empty();
  constexpr std::size_t kStep = 256u << 10;
  while (true) {
    const auto have = response.body.size();
    const auto want = std::min(kStep, request.max_body - have + 1);  // one more than fits tells that there is more
    response.body.resize(have + want);
    const auto got = ::read(file.fd(), response.body.data() + have, want);
    if (got < 0 && errno == EINTR) {
      response.body.resize(have);
      continue;
    }
    if (got < 0) return fail(Errc::io, std::strerror(errno));
    response.body.resize(have + static_cast<std::size_t>(got));
    if (got == 0) break;
    if (response.body.size() > request.max_body) {
      response.body.resize(request.max_body);
      response.cut = true;
      break;
    }
  }
  response.wire_bytes = response.body.size();
  if (auto plain = detail::gunzip(response.body, request.max_body)) {
    response.body = std::move(plain->bytes);
    response.cut = response.cut || plain->cut;
  }
  if (response.cut && !request.cut_oversize) {
    return fail(Errc::too_large, "the document is larger than " + std::to_string(request.max_body) + " bytes");
  }
  return response;
}

}  // namespace newswire::fetch
