#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "config/config.h"

/// What was changed at run time: `feeds.yaml` in the state folder, the one configuration file that the daemon writes.
namespace newswire::daemon {

/// A feed to be added: what a person or an OPML file says about it. Empty: not said.
struct NewFeed {
  std::string url;
  std::string id;
  std::string title;
  std::vector<std::string> tags;
  std::optional<config::FeedSettings::Interval> interval;
};

/// `30m` (every half hour), `15m 6h` (adaptive in between), `default` (nothing: as the configuration says).
/// Errc::invalid says what is wrong.
Result<std::optional<config::FeedSettings::Interval>> parse_interval(std::string_view text);

/// The file's content while it is changed. `config`, the running configuration that it begins with, outlives it. Linear
/// in the number of feeds to build, constant for each change but remove(). Pure.
class ManagedFeeds {
 public:
  explicit ManagedFeeds(const config::Config& config);

  /// Errc::busy: there is a feed with this URL (http or https, it is the same) or id; the message says where. What else
  /// may be wrong with URL or id the loader finds.
  Result<void> add(const NewFeed& feed);
  /// Errc::refused: it stands in another file; the message says where.
  Result<void> remove(const config::FeedConfig& feed);
  /// Of any feed; nothing takes back what was set before.
  void set_interval(const config::FeedConfig& feed, std::optional<config::FeedSettings::Interval> interval);

  bool has_id(const std::string& id) const { return place_by_id_.contains(id); }
  /// The text of the file; empty if there is nothing to keep.
  std::string yaml() const;

 private:
  const config::Config& config_;
  std::vector<config::FeedConfig> feeds_;
  std::vector<config::IntervalOverride> overrides_;
  std::unordered_map<std::string, std::string> place_by_id_;
  std::unordered_map<std::string, std::string> id_by_link_;
};

/// What the file holds now; empty if there is none. Errc::io. Blocking.
Result<std::string> read_managed(const std::filesystem::path& path);

/// Replaces the file at once and durably (temporary file, fsync, rename), readable by the daemon only: URLs may hold
/// secrets. An empty text removes it. Errc::io, no_space. Blocking.
Result<void> write_managed(const std::filesystem::path& path, const std::string& text);

}  // namespace newswire::daemon
