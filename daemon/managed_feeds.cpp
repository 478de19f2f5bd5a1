#include "managed_feeds.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <unordered_set>

#include "base/text.h"
#include "base/url.h"
#include "config/feed_id.h"
#include "config/print.h"

namespace newswire::daemon {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kHeading =
    "# Written by newswired: feeds of `newswirectl add` and `import`, intervals of `set-interval`.\n"
    "# Changed by these commands; edit it only while newswired does not run.\n";

Error failed(const std::string& what, const fs::path& path) {
  const auto code = errno == ENOSPC || errno == EDQUOT ? Errc::no_space : Errc::io;
  return Error{code, what + ": " + std::strerror(errno), path.string()};
}

// Closes at the end of its scope.
struct File {
  explicit File(int descriptor) : fd(descriptor) {}
  ~File() {
    if (fd >= 0) ::close(fd);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int fd;
};

Result<void> write_all(const File& file, std::string_view bytes, const fs::path& path) {
  while (!bytes.empty()) {
    const auto written = ::write(file.fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failed("cannot write", path);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(file.fd) != 0) return failed("cannot write", path);
  return {};
}

}  // namespace

Result<std::optional<config::FeedSettings::Interval>> parse_interval(std::string_view text) {
  const auto folded = fold_space(text);
  const auto words = split(folded, ' ');
  if (words.size() == 1 && words[0] == "default") return std::optional<config::FeedSettings::Interval>{};
  if (words.empty() || words.size() > 2 || words[0].empty())
    return Error{Errc::invalid, "an interval is one time (30m), the shortest and the longest (15m 6h), or default"};
  std::vector<std::chrono::seconds> times;
  for (const auto word : words) {
    const auto time = config::parse_duration(word);
    if (!time) return time.error();
    if (*time < std::chrono::seconds{1}) return Error{Errc::invalid, "an interval is at least a second"};
    times.push_back(std::chrono::ceil<std::chrono::seconds>(*time));
  }
  if (times.front() > times.back())
    return Error{Errc::invalid,
                 "the shortest interval comes first: " + std::string(words[1]) + ' ' + std::string(words[0])};
  return std::optional(config::FeedSettings::Interval{times.front(), times.back()});
}

ManagedFeeds::ManagedFeeds(const config::Config& config) : config_(config), overrides_(config.overrides) {
  for (const auto& feed : config.feeds) {
    if (config::is_managed(config, feed)) feeds_.push_back(feed);
    place_by_id_.emplace(feed.id, config::place_of(config, feed));
    id_by_link_.emplace(canonical_link(feed.url), feed.id);
  }
}

Result<void> ManagedFeeds::add(const NewFeed& feed) {
  auto link = canonical_link(feed.url);
  if (const auto known = id_by_link_.find(link); known != id_by_link_.end()) {
    return Error{Errc::busy,
                 "this feed is followed already: \"" + known->second + "\" (" + place_by_id_.at(known->second) + ")"};
  }
  if (const auto known = place_by_id_.find(feed.id); known != place_by_id_.end())
    return Error{Errc::busy, "another feed has the id \"" + feed.id + "\" (" + known->second + ")"};
  config::FeedConfig added;
  added.url = feed.url;
  added.id = feed.id.empty() ? config::derive_feed_id(feed.url) : feed.id;
  if (feed.id.empty() && has_id(added.id)) added.id = config::derive_feed_id(feed.url + "#2");
  if (!feed.title.empty() || !feed.tags.empty()) {
    config::FeedLabels labels{feed.title, feed.tags};
    std::sort(labels.tags.begin(), labels.tags.end());
    labels.tags.erase(std::unique(labels.tags.begin(), labels.tags.end()), labels.tags.end());
    added.labels = std::make_shared<const config::FeedLabels>(std::move(labels));
  }
  added.settings = config_.defaults;
  place_by_id_.emplace(added.id, config::managed_feeds(config_).string());
  id_by_link_.emplace(std::move(link), added.id);
  feeds_.push_back(std::move(added));
  if (feed.interval) set_interval(feeds_.back(), feed.interval);
  return {};
}

Result<void> ManagedFeeds::remove(const config::FeedConfig& feed) {
  if (!config::is_managed(config_, feed)) {
    return Error{Errc::refused,
                 "feed \"" + feed.id +
                     "\" stands in a file of yours: take it out there and run `newswirectl reload` (or `newswirectl "
                     "pause` it)",
                 config::place_of(config_, feed)};
  }
  const auto id = feed.id;
  std::erase_if(feeds_, [&id](const config::FeedConfig& other) { return other.id == id; });
  std::erase_if(overrides_, [&id](const config::IntervalOverride& other) { return other.id == id; });
  place_by_id_.erase(id);
  id_by_link_.erase(canonical_link(feed.url));
  return {};
}

void ManagedFeeds::set_interval(const config::FeedConfig& feed,
                                std::optional<config::FeedSettings::Interval> interval) {
  const auto id = feed.id;
  std::erase_if(overrides_, [&id](const config::IntervalOverride& other) { return other.id == id; });
  if (interval) overrides_.push_back({id, *interval});
}

std::string ManagedFeeds::yaml() const {
  if (feeds_.empty() && overrides_.empty()) return {};
  // What is overridden is not part of the feed itself, or it could not be taken back.
  std::unordered_set<std::string_view> overridden;
  for (const auto& given : overrides_) overridden.insert(given.id);
  for (const auto& given : config_.overrides) overridden.insert(given.id);
  auto plain = feeds_;
  for (auto& feed : plain) {
    if (!overridden.contains(feed.id)) continue;
    auto settings = *feed.settings;
    settings.interval = config_.defaults->interval;
    feed.settings = settings == *config_.defaults ? config_.defaults
                                                  : std::make_shared<const config::FeedSettings>(std::move(settings));
  }
  return std::string(kHeading) + config::feeds_yaml(plain, *config_.defaults) + config::overrides_yaml(overrides_);
}

Result<std::string> read_managed(const fs::path& path) {
  std::error_code ec;
  if (!fs::exists(path, ec)) return std::string();
  std::ifstream in(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  if (!in || in.bad()) return Error{Errc::io, "cannot be read", path.string()};
  return text;
}

Result<void> write_managed(const fs::path& path, const std::string& text) {
  if (text.empty()) {
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) return failed("cannot remove", path);
    return {};
  }
  const auto temporary = path.string() + ".new";
  {
    const File file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (file.fd < 0) return failed("cannot create", temporary);
    if (auto written = write_all(file, text, temporary); !written) {
      ::unlink(temporary.c_str());
      return written;
    }
  }
  if (::rename(temporary.c_str(), path.c_str()) != 0) return failed("cannot replace", path);
  const File folder(::open(path.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.fd < 0 || ::fsync(folder.fd) != 0) return failed("cannot write the folder", path.parent_path());
  return {};
}

}  // namespace newswire::daemon
