#include <glob.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "base/text.h"
#include "config/config.h"
#include "config/detail/check.h"
#include "config/detail/collector.h"
#include "config/detail/report.h"
#include "config/detail/yaml_tree.h"

namespace newswire::config {
namespace {

using namespace detail;
namespace fs = std::filesystem;

constexpr std::uint64_t kMaxFile = 1ULL << 30U;
constexpr std::uint64_t kMaxYaml = 256ULL << 20U;
constexpr std::size_t kMaxIncludes = 10'000;
constexpr std::size_t kToldFeeds = 500;  // between two words about how far it is

Result<std::string> read_file(const fs::path& path) {
  std::error_code ec;
  if (fs::is_directory(path, ec)) return Error{Errc::io, "this is a folder, not a file"};
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  if (!in)
    return Error{errno == ENOENT ? Errc::not_found : Errc::io,
                 std::string("cannot be opened: ") + std::strerror(errno)};
  std::string text;
  if (const auto size = fs::file_size(path, ec); !ec) text.reserve(std::min<std::uintmax_t>(size, kMaxFile) + 1);
  std::string piece(1U << 18U, '\0');
  while (in.read(piece.data(), static_cast<std::streamsize>(piece.size())) || in.gcount() > 0) {
    text.append(piece, 0, static_cast<std::size_t>(in.gcount()));
    if (text.size() > kMaxFile) return Error{Errc::too_large, "larger than 1 GiB"};
  }
  if (in.bad()) return Error{Errc::io, "cannot be read"};
  return text;
}

enum class Format { yaml, opml, list };

Format format_of(const fs::path& path) {
  const auto extension = lower(path.extension().string());
  if (extension == ".yaml" || extension == ".yml") return Format::yaml;
  return extension == ".opml" || extension == ".xml" ? Format::opml : Format::list;
}

struct Include {
  std::string pattern;  ///< absolute
  Place place;
  std::string group;
  std::vector<std::string> tags;
  std::optional<Format> format;
};

/// Reads the main file, then what it includes.
class Loader {
 public:
  Loader(Loaded& out, Report& report, const OnFeedsRead& on_feeds)
      : config_(out.config), report_(report), on_feeds_(on_feeds), collector_(out.config, report) {}

  void read_main(std::string_view text, const fs::path& path) {
    main_ = context_for(path);
    collector_.begin_file(main_, {});
    const auto root = read_document(text, main_);
    if (!root) return;  // what follows would only be consequences
    if (root->is_map()) read_top(*root);
    if (!root->is_map() && !root->is_null()) main_.error(*root, "the configuration is a map: spool, state, feeds …");
    for (const auto& include : includes_) read_include(include);
    read_managed();
    collector_.finish();
    check_outputs();
    if (!config_.http.listen.empty() && !config_.http.allow_remote && !is_loopback_listen(config_.http.listen)) {
      report_.error(main_.source, listen_, Errc::refused,
                    "http.listen " + config_.http.listen +
                        " is open to other machines and has no login; use 127.0.0.1, or set "
                        "http.allow_remote");
    }
  }

 private:
  Context context_for(const fs::path& path) {
    std::error_code ec;
    auto absolute = fs::absolute(path, ec);
    if (ec) absolute = path;
    return {&report_, report_.add_source(path.string()), absolute.parent_path().lexically_normal()};
  }

  void count_feed() {
    if (++feeds_ % kToldFeeds == 0 && on_feeds_) on_feeds_(feeds_);
  }

  NodePtr read_document(std::string_view text, const Context& context) {
    if (text.size() > kMaxYaml) {
      report_.error(context.source, {}, Errc::too_large, "YAML over 256 MiB; keep so many feeds in a list of URLs");
      return nullptr;
    }
    std::vector<Problem> problems;
    const auto root = read_yaml(
        text,
        [&](const NodePtr& feed) {
          collector_.add_yaml(feed);
          count_feed();
        },
        problems);
    for (auto& problem : problems) report_.error(context.source, problem.place, problem.code, std::move(problem.what));
    return root;
  }

  void read_top(const Node& root) {
    read_section(
        root, config_keys(), "", config_, main_,
        [&](const Node& key, const Node& value, const std::string& prefix, std::vector<std::string_view> names) {
          if (prefix.empty() && read_structural(key, value, root)) return;
          if (prefix.empty()) names.insert(names.end(), {"defaults", "groups", "include", "outputs", "feeds"});
          main_.error(key, unknown_key(key.text, prefix, names));
        });
    if (const auto* http = root.find("http"); http != nullptr && http->is_map()) {
      if (const auto* listen = http->find("listen")) listen_ = listen->place;
    }
  }

  /// The nearest key of the same section; or, if the word is known elsewhere, where it belongs.
  static std::string unknown_key(std::string_view word, std::string_view prefix,
                                 const std::vector<std::string_view>& names) {
    const auto whole = std::string(prefix) + std::string(word);
    for (const auto& key : feed_keys()) {
      if (key.path == word || key.path == whole || key.path.starts_with(std::string(word) + '.')) {
        return "unknown key \"" + std::string(word) + "\" here; it is a setting of feeds: write \"" +
               std::string(key.path) + "\" under \"defaults\", a group or a feed";
      }
    }
    if (!nearest(word, names)) {
      for (const auto& key : config_keys()) {
        if (key.path.ends_with('.' + std::string(word))) {
          return "unknown key \"" + std::string(word) + "\" here; did you mean \"" + std::string(key.path) + "\"?";
        }
      }
    }
    return unknown("key", word, names);
  }

  bool read_structural(const Node& key, const Node& value, const Node& root) {
    const auto shared = [&] {
      const auto found =
          std::find_if(root.entries.begin(), root.entries.end(), [&](const auto& e) { return e.first.get() == &key; });
      return found->second;
    };
    if (key.text == "feeds") {
      if (!value.is_sequence() && !value.is_null())
        main_.error(value, "\"feeds\" is a list: each begins with \"- url: …\"");
    } else if (key.text == "defaults") {
      collector_.set_defaults(shared(), main_);
    } else if (key.text == "groups") {
      collector_.set_groups(shared(), main_);
    } else if (key.text == "include") {
      read_includes(value);
    } else if (key.text == "outputs") {
      read_outputs(value);
    } else {
      return false;
    }
    return true;
  }

  void read_includes(const Node& value) {
    if (value.is_null()) return;
    if (value.is_scalar()) return add_include(value);
    if (!value.is_sequence()) return main_.error(value, "\"include\" is a list of paths");
    for (const auto& item : value.items) add_include(*item);
  }

  void add_include(const Node& node) {
    Include include;
    include.place = node.place;
    const Node* where = &node;
    if (node.is_map()) {
      if (!check_keys(node, {"path", "format", "group", "tags"}, main_)) return;
      where = node.find("path");
      if (where == nullptr) return main_.error(node, "this include has no \"path\"");
      if (const auto* group = node.find("group")) include.group = read_text(*group, main_).value_or("");
      if (const auto* tags = node.find("tags"))
        include.tags = read_tags(*tags, main_).value_or(std::vector<std::string>{});
      if (const auto* format = node.find("format")) {
        if (const auto number = read_choice(*format, main_, {"yaml", "opml", "list"}))
          include.format = static_cast<Format>(*number);
      }
    }
    const auto path = read_path(*where, main_);
    if (!path) return;
    include.pattern = path->string();
    includes_.push_back(std::move(include));
  }

  void read_include(const Include& include) {
    glob_t found{};
    const int result = ::glob(include.pattern.c_str(), 0, nullptr, &found);
    std::vector<std::string> paths(found.gl_pathv, found.gl_pathv + (result == 0 ? found.gl_pathc : 0));
    globfree(&found);
    const bool wild = include.pattern.find_first_of("*?[") != std::string::npos;
    if (paths.empty() && wild && result == GLOB_NOMATCH) {
      std::error_code ec;  // an empty feeds.d is ordinary, a missing one is a slip
      const auto folder = fs::path(include.pattern).parent_path();
      if (!fs::exists(folder, ec)) {
        report_.warn(main_.source, include.place, "there is no folder " + folder.string() + " to include from");
      }
      return;
    }
    if (paths.empty()) {
      return report_.error(main_.source, include.place, Errc::not_found, "there is no file " + include.pattern);
    }
    for (const auto& path : paths) {
      if (++files_ > kMaxIncludes) {
        return report_.error(main_.source, include.place, Errc::too_large, "more than 10,000 files are included");
      }
      read_feeds(path, include.format.value_or(format_of(path)), {include.group, include.tags}, include.place);
    }
  }

  void read_feeds(const fs::path& path, Format format, FileDefaults defaults, Place included_at) {
    const auto text = read_file(path);
    if (!text) {
      report_.error(main_.source, included_at, text.error().code, path.string() + ' ' + text.error().what);
      return;
    }
    const auto context = context_for(path);
    collector_.begin_file(context, std::move(defaults));
    if (format == Format::yaml) return read_yaml_feeds(*text, context, included_at.line == 0);
    const auto on_feed = [&](const ListedFeed& feed) {
      collector_.add_listed(feed);
      count_feed();
    };
    const auto on_error = [&](Error error) {
      report_.error(context.source, parse_place(error.where), error.code, std::move(error.what));
    };
    if (format == Format::opml) return read_opml(*text, on_feed, on_error);
    collector_.reserve(static_cast<std::size_t>(std::count(text->begin(), text->end(), '\n')) + 1);
    read_url_list(*text, on_feed, on_error);
  }

  static Place parse_place(std::string_view where) {
    const auto colon = where.find(':');
    Place out;
    const auto number = [](std::string_view digits) {
      std::uint32_t value = 0;
      for (const auto c : digits) value = value * 10 + static_cast<std::uint32_t>(c - '0');
      return value;
    };
    out.line = number(where.substr(0, colon));
    if (colon != where.npos) out.column = number(where.substr(colon + 1));
    return out;
  }

  void read_yaml_feeds(std::string_view text, const Context& context, bool managed) {
    const auto root = read_document(text, context);
    if (!root || root->is_null() || root->is_sequence()) return;
    if (!root->is_map()) return context.error(*root, "an included file holds \"feeds:\" or a list of feeds");
    for (const auto& [key, value] : root->entries) {
      if (key->text == "feeds") {
        if (!value->is_sequence() && !value->is_null())
          context.error(*value, "\"feeds\" is a list: each begins with \"- url: …\"");
      } else if (managed && key->text == "overrides") {
        read_overrides(*value, context);
      } else {
        context.error(*key, "an included file has only \"feeds\"; \"" + std::string(cut_utf8(key->text, 60)) +
                                "\" belongs in " + report_.source(0));
      }
    }
  }

  void read_overrides(const Node& value, const Context& context) {
    if (value.is_null()) return;
    if (!value.is_map()) return context.error(value, "\"overrides\" is a map: id of a feed, then its interval");
    for (const auto& [id, settings] : value.entries) {
      if (!settings->is_map()) {
        context.error(*settings, "an override is a section with \"interval\"");
      } else if (check_keys(*settings, {"interval"}, context)) {
        collector_.add_override(id->text, settings, context);
      }
    }
  }

  void read_managed() {
    const auto path = managed_feeds(config_);
    std::error_code ec;
    if (fs::is_regular_file(path, ec)) read_feeds(path, Format::yaml, {}, {});
  }

  void read_outputs(const Node& value) {
    if (value.is_null()) return;
    if (!value.is_sequence()) return main_.error(value, "\"outputs\" is a list: each begins with \"- connect: …\"");
    for (const auto& item : value.items) {
      if (item->is_map()) {
        read_output(*item);
      } else {
        main_.error(*item, "an output is a map with \"connect\"");
      }
    }
  }

  void read_output(const Node& node) {
    check_keys(node, {"connect", "consumer", "from", "feeds", "tags", "health"}, main_);
    OutputConfig output;
    const auto* connect = node.find("connect");
    if (connect == nullptr) return main_.error(node, "this output has no \"connect\"");
    output.connect = read_text(*connect, main_).value_or("");
    if (output.connect.empty()) return;
    if (auto wrong = check_unix_address(output.connect); !wrong.empty()) return main_.error(*connect, std::move(wrong));
    output.consumer = "output-" + fs::path(output.connect.substr(5)).filename().string();
    if (node.find("consumer") == nullptr && !check_consumer(output.consumer).empty()) {
      return main_.error(node, "no name can be made from this path; give the output a \"consumer\"");
    }
    if (const auto* consumer = node.find("consumer")) {
      output.consumer = read_text(*consumer, main_).value_or("x");
      if (auto wrong = check_consumer(output.consumer); !wrong.empty()) main_.error(*consumer, std::move(wrong));
    }
    if (const auto* from = node.find("from")) {
      if (read_choice(*from, main_, {"latest", "earliest"}) == std::size_t{1})
        output.from = OutputConfig::From::earliest;
    }
    if (const auto* feeds = node.find("feeds"))
      output.feeds = read_texts(*feeds, main_).value_or(std::vector<std::string>{});
    if (const auto* tags = node.find("tags"))
      output.tags = read_tags(*tags, main_).value_or(std::vector<std::string>{});
    if (const auto* health = node.find("health")) output.health = read_bool(*health, main_).value_or(false);
    for (const auto& other : config_.outputs) {
      if (other.consumer == output.consumer) {
        main_.error(node, "two outputs have the consumer \"" + output.consumer + "\"; give each its own");
      }
    }
    config_.outputs.push_back(std::move(output));
    output_places_.push_back(node.place);
  }

  /// Outputs that name a feed which is not there: said, not refused (the feed may be added at run time).
  void check_outputs() {
    for (std::size_t i = 0; i < config_.outputs.size(); ++i) {
      for (const auto& id : config_.outputs[i].feeds) {
        const auto same = [&](const FeedConfig& feed) { return feed.id == id; };
        if (std::any_of(config_.feeds.begin(), config_.feeds.end(), same)) continue;
        report_.warn(main_.source, output_places_[i],
                     "this output waits for feed \"" + id + "\", which is not configured");
      }
    }
  }

  Config& config_;
  Report& report_;
  const OnFeedsRead& on_feeds_;
  Collector collector_;
  Context main_;
  Place listen_;
  std::vector<Include> includes_;
  std::vector<Place> output_places_;
  std::size_t files_ = 0;
  std::size_t feeds_ = 0;
};

Loaded load_text(std::string_view text, const fs::path& path, const OnFeedsRead& on_feeds) {
  Loaded out;
  Report report;
  {
    Loader loader(out, report, on_feeds);
    loader.read_main(text, path);
  }
  report.finish(out);
  return out;
}

}  // namespace

const FeedLabels& labels_of(const FeedConfig& feed) {
  static const FeedLabels none;
  return feed.labels ? *feed.labels : none;
}

fs::path managed_feeds(const Config& config) { return config.state.dir / "feeds.yaml"; }

bool is_managed(const Config& config, const FeedConfig& feed) {
  return feed.where.source < config.sources.size() &&
         config.sources[feed.where.source] == managed_feeds(config).string();
}

std::string place_of(const Config& config, const FeedConfig& feed) {
  if (feed.where.source >= config.sources.size()) return {};
  return config.sources[feed.where.source] + ':' + std::to_string(feed.where.line);
}

Loaded load(const fs::path& path, const OnFeedsRead& on_feeds) {
  const auto text = read_file(path);
  if (text) return load_text(*text, path, on_feeds);
  Loaded out;
  auto error = text.error();
  error.where = path.string();
  out.errors.push_back(std::move(error));
  return out;
}

Loaded parse_yaml(std::string_view text, const fs::path& name) { return load_text(text, name, {}); }

}  // namespace newswire::config
