#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "config/config.h"
#include "config/detail/key.h"
#include "config/feed_list.h"

namespace newswire::config::detail {

/// What an include says about all feeds of its files.
struct FileDefaults {
  std::string group;
  std::vector<std::string> tags;
};

/// Gathers feeds from all files, then gives each its final settings, labels and id. Settings are kept once per distinct
/// combination, not per feed. Use: begin_file(), add…() for its feeds, next file …, finish() once.
class Collector {
 public:
  Collector(Config& config, Report& report) : config_(config), report_(report) {}

  /// `context` is where the following feeds stand.
  void begin_file(Context context, FileDefaults defaults);
  /// Room for so many more feeds.
  void reserve(std::size_t feeds) { config_.feeds.reserve(config_.feeds.size() + feeds); }
  void add_yaml(const NodePtr& item);
  void add_listed(const ListedFeed& feed);

  /// From the main file, in any order with the feeds: settings that all feeds start from.
  void set_defaults(const NodePtr& node, Context context);
  void set_groups(const NodePtr& node, Context context);

  /// Settings that were given to a feed at run time; they outrank its own. Ignored with a warning if it is not there.
  void add_override(std::string id, NodePtr settings, Context context);

  /// Resolves settings and labels, derives ids, reports what is there twice.
  void finish();

 private:
  /// The settings of some feeds, before defaults and groups are known.
  struct Override {
    std::string group;
    std::vector<std::string> file_tags;
    NodePtr node;  ///< the feed's own settings; null: none
    Context context;
    Place place;
  };
  struct Group {
    std::shared_ptr<const FeedSettings> settings;
    std::vector<std::string> tags;
  };
  struct Pending {
    std::uint32_t override = 0;
    bool id_given = false;
  };

  /// Checks and stores one feed; false if it was refused.
  bool add(std::string_view url, std::string id, std::string title, std::vector<std::string> tags, Place place,
           std::uint32_t override);
  std::uint32_t intern_override(const std::string& group, const NodePtr& node, Place place);
  std::shared_ptr<const FeedLabels> intern_labels(std::string title, std::vector<std::string> tags);
  Group resolve_group(const NodePtr& node, const Context& context, const FeedSettings& base);
  void resolve_settings();
  void resolve_ids();
  void refuse_repeated_urls();
  void apply_overrides();
  void check_settings(const FeedSettings& settings, const Context& context, Place place);
  Place place_of(std::size_t feed) const;

  Config& config_;
  Report& report_;
  Context context_;
  FileDefaults file_;
  std::uint32_t file_override_ = 0;
  std::vector<Override> overrides_;
  std::unordered_map<std::string, std::uint32_t> override_by_text_;
  std::unordered_map<std::string, std::shared_ptr<const FeedLabels>> labels_by_tags_;
  std::vector<Pending> pending_;  ///< one per feed of config_
  std::map<std::string, std::pair<NodePtr, Context>, std::less<>> groups_;
  NodePtr defaults_;
  Context defaults_context_;
  struct RunTime {
    std::string id;
    NodePtr settings;
    Context context;
  };
  std::vector<RunTime> run_time_;
};

/// Reads the settings in `node` (all entries but those in `not_settings`) into `to`.
void read_feed_settings(const Node& node, FeedSettings& to, const Context& context,
                        const std::vector<std::string_view>& not_settings);

}  // namespace newswire::config::detail
