#include "config/detail/collector.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/hash.h"
#include "base/url.h"
#include "config/detail/check.h"
#include "config/feed_id.h"

namespace newswire::config::detail {
namespace {

const std::vector<std::string_view> kFeedOnly = {"url", "id", "title", "tags", "group"};
const std::vector<std::string_view> kGroupOnly = {"tags"};

std::vector<std::string> joined(std::vector<std::string> a, const std::vector<std::string>& b) {
  if (b.empty()) return a;
  a.insert(a.end(), b.begin(), b.end());
  std::sort(a.begin(), a.end());
  a.erase(std::unique(a.begin(), a.end()), a.end());
  return a;
}

/// Calls `same(feeds)` with the numbers of feeds whose text is equal, in the order of the files. O(n log n), 16 bytes a
/// feed.
template <class Text, class Same>
void for_each_repeat(const std::vector<FeedConfig>& feeds, const Text& text, const Same& same) {
  std::vector<std::pair<std::uint64_t, std::uint32_t>> order;
  order.reserve(feeds.size());
  for (std::uint32_t i = 0; i < feeds.size(); ++i) order.emplace_back(hash64(text(feeds[i])), i);
  std::sort(order.begin(), order.end());
  std::vector<std::uint32_t> equal;
  for (std::size_t begin = 0; begin < order.size();) {
    auto end = begin + 1;
    while (end < order.size() && order[end].first == order[begin].first) ++end;
    equal.clear();
    for (auto i = begin; i < end; ++i) {
      if (text(feeds[order[i].second]) == text(feeds[order[begin].second])) equal.push_back(order[i].second);
    }
    if (equal.size() > 1) same(equal);
    begin = end;
  }
}

}  // namespace

void read_feed_settings(const Node& node, FeedSettings& to, const Context& context,
                        const std::vector<std::string_view>& not_settings) {
  const auto is_other = [&](std::string_view key) {
    return std::find(not_settings.begin(), not_settings.end(), key) != not_settings.end();
  };
  read_section(node, feed_keys(), "", to, context,
               [&](const Node& key, const Node&, const std::string& prefix, std::vector<std::string_view> names) {
                 if (prefix.empty() && is_other(key.text)) return;
                 if (prefix.empty()) names.insert(names.end(), not_settings.begin(), not_settings.end());
                 context.error(key, unknown("key", key.text, names));
               });
}

void Collector::begin_file(Context context, FileDefaults defaults) {
  context_ = std::move(context);
  file_ = std::move(defaults);
  file_override_ = intern_override(file_.group, nullptr, {});
}

std::uint32_t Collector::intern_override(const std::string& group, const NodePtr& node, Place place) {
  std::string text = group;
  for (const auto& tag : file_.tags) text += ' ' + tag;
  text += '\n' + context_.folder.string() + '\n';
  if (node) text += fingerprint(*node);
  const auto [found, fresh] = override_by_text_.emplace(std::move(text), static_cast<std::uint32_t>(overrides_.size()));
  if (fresh) overrides_.push_back({group, file_.tags, node, context_, place});
  return found->second;
}

std::shared_ptr<const FeedLabels> Collector::intern_labels(std::string title, std::vector<std::string> tags) {
  if (title.empty() && tags.empty()) return nullptr;
  if (!title.empty()) return std::make_shared<const FeedLabels>(FeedLabels{std::move(title), std::move(tags)});
  std::string text;
  for (const auto& tag : tags) text += tag + ' ';
  auto& known = labels_by_tags_[text];
  if (!known) known = std::make_shared<const FeedLabels>(FeedLabels{{}, std::move(tags)});
  return known;
}

bool Collector::add(std::string_view url, std::string id, std::string title, std::vector<std::string> tags, Place place,
                    std::uint32_t override) {
  auto checked = check_feed_url(url, context_.folder.native());
  if (!checked.wrong.empty()) {
    report_.error(context_.source, place, Errc::invalid, std::move(checked.wrong));
    return false;
  }
  if (config_.feeds.size() >= std::numeric_limits<std::uint32_t>::max()) return false;
  FeedConfig feed;
  const bool given = !id.empty();
  feed.id = given ? std::move(id) : derive_feed_id(url);
  feed.url = std::move(checked.url);
  feed.url.shrink_to_fit();
  feed.id.shrink_to_fit();
  feed.labels = intern_labels(std::move(title), std::move(tags));
  feed.where = {place.line, static_cast<std::uint16_t>(std::min<std::uint32_t>(place.column, 65535)),
                static_cast<std::uint16_t>(std::min<std::uint32_t>(context_.source, 65535))};
  config_.feeds.push_back(std::move(feed));
  pending_.push_back({override, given});
  return true;
}

void Collector::add_listed(const ListedFeed& feed) {
  const Place place{feed.line, feed.column};
  std::string id;
  if (!feed.id.empty()) {
    auto checked = check_feed_id(feed.id);
    if (!checked) return report_.error(context_.source, place, checked.error().code, checked.error().what);
    id = std::move(*checked);
  }
  std::vector<std::string> tags(feed.tags.begin(), feed.tags.end());
  std::sort(tags.begin(), tags.end());
  tags.erase(std::unique(tags.begin(), tags.end()), tags.end());
  add(feed.url, std::move(id), std::string(feed.title), std::move(tags), place, file_override_);
}

void Collector::add_yaml(const NodePtr& item) {
  if (item->is_scalar()) {
    add(item->text, {}, {}, {}, item->place, file_override_);
    return;
  }
  if (!item->is_map()) return context_.error(*item, "a feed is a URL, or a map with \"url\"");
  const auto* url = item->find("url");
  std::string id;
  std::string title;
  std::vector<std::string> tags;
  std::string group = file_.group;
  bool has_settings = false;
  for (const auto& [key, value] : item->entries) {
    if (key->text == "id") {
      auto checked = check_feed_id(value->text);
      if (checked) {
        id = std::move(*checked);
      } else {
        context_.error(*value, checked.error().what);
      }
    } else if (key->text == "title") {
      title = read_text(*value, context_).value_or("");
    } else if (key->text == "tags") {
      tags = read_tags(*value, context_).value_or(std::vector<std::string>{});
    } else if (key->text == "group") {
      group = read_text(*value, context_).value_or("");
    } else if (key->text != "url") {
      has_settings = true;
    }
  }
  auto override = file_override_;
  if (has_settings) {
    FeedSettings scratch;
    read_feed_settings(*item, scratch, context_, kFeedOnly);
    auto own = std::make_shared<Node>(*item);
    std::erase_if(own->entries, [](const auto& entry) {
      return std::find(kFeedOnly.begin(), kFeedOnly.end(), entry.first->text) != kFeedOnly.end();
    });
    override = intern_override(group, own, item->place);
  } else if (group != file_.group) {
    override = intern_override(group, nullptr, item->place);
  }
  if (url == nullptr) return context_.error(*item, "this feed has no \"url\"");
  const auto text = read_text(*url, context_);
  if (text) add(*text, std::move(id), std::move(title), std::move(tags), url->place, override);
}

void Collector::set_defaults(const NodePtr& node, Context context) {
  if (node->is_null()) return;
  if (!node->is_map()) return context.error(*node, "\"defaults\" is a section: its keys stand below it");
  defaults_ = node;
  defaults_context_ = std::move(context);
}

void Collector::set_groups(const NodePtr& node, Context context) {
  if (node->is_null()) return;
  if (!node->is_map()) return context.error(*node, "\"groups\" is a map: name, then settings");
  for (const auto& [name, settings] : node->entries) {
    auto wrong = check_word(name->text);
    if (!wrong.empty()) {
      context.error(*name, std::move(wrong));
    } else if (settings->is_map() || settings->is_null()) {
      groups_[name->text] = {settings, context};
    } else {
      context.error(*settings, "a group is a section: its keys stand below it");
    }
  }
}

void Collector::check_settings(const FeedSettings& settings, const Context& context, Place place) {
  if (settings.interval.min > settings.interval.max) {
    report_.error(context.source, place, Errc::invalid,
                  "interval.min " + to_string(std::chrono::milliseconds(settings.interval.min)) +
                      " is over interval.max " + to_string(std::chrono::milliseconds(settings.interval.max)));
  }
  if (settings.client_certificate.certificate.empty() && !settings.client_certificate.key.empty()) {
    report_.error(context.source, place, Errc::invalid, "client_certificate has a key but no certificate");
  }
}

Collector::Group Collector::resolve_group(const NodePtr& node, const Context& context, const FeedSettings& base) {
  auto settings = base;
  Group out;
  if (node && node->is_map()) {
    read_feed_settings(*node, settings, context, kGroupOnly);
    if (const auto* tags = node->find("tags"))
      out.tags = read_tags(*tags, context).value_or(std::vector<std::string>{});
    const auto* interval = node->find("interval");
    check_settings(settings, context, interval != nullptr ? interval->place : node->place);
  }
  out.settings = std::make_shared<const FeedSettings>(std::move(settings));
  return out;
}

void Collector::resolve_settings() {
  const auto defaults = resolve_group(defaults_, defaults_context_, FeedSettings{});
  config_.defaults = defaults.settings;
  std::map<std::string, Group, std::less<>> groups;
  std::vector<std::string_view> names;
  for (const auto& [name, definition] : groups_) {
    groups[name] = resolve_group(definition.first, definition.second, *defaults.settings);
    names.push_back(name);
  }
  std::vector<Group> resolved;
  resolved.reserve(overrides_.size());
  for (const auto& override : overrides_) {
    Group group = defaults;
    if (!override.group.empty()) {
      const auto found = groups.find(override.group);
      if (found == groups.end()) {
        report_.error(override.context.source, override.place, Errc::not_found,
                      unknown("group", override.group, names));
      } else {
        group.settings = found->second.settings;
        group.tags = joined(group.tags, found->second.tags);
      }
    }
    group.tags = joined(group.tags, override.file_tags);
    if (override.node) {
      auto settings = *group.settings;
      auto silent = override.context;
      silent.report = nullptr;  // said already, for each feed in its place
      read_feed_settings(*override.node, settings, silent, {});
      const auto* interval = override.node->find("interval");
      const bool base_good = group.settings->interval.min <= group.settings->interval.max;  // else said already
      if (base_good) check_settings(settings, override.context, interval != nullptr ? interval->place : override.place);
      if (settings != *group.settings) group.settings = std::make_shared<const FeedSettings>(std::move(settings));
    }
    resolved.push_back(std::move(group));
  }
  for (std::size_t i = 0; i < config_.feeds.size(); ++i) {
    auto& feed = config_.feeds[i];
    const auto& group = resolved[pending_[i].override];
    feed.settings = group.settings;
    if (!group.tags.empty()) {
      feed.labels = feed.labels ? intern_labels(feed.labels->title, joined(feed.labels->tags, group.tags))
                                : intern_labels({}, group.tags);
    }
  }
}

Place Collector::place_of(std::size_t feed) const {
  const auto& where = config_.feeds[feed].where;
  return {where.line, where.column};
}

void Collector::refuse_repeated_urls() {
  const auto& feeds = config_.feeds;
  const auto refuse = [&](const std::vector<std::uint32_t>& equal) {
    for (std::size_t i = 1; i < equal.size(); ++i) {
      report_.error(feeds[equal[i]].where.source, place_of(equal[i]), Errc::invalid,
                    "feed " + redact_url(feeds[equal[i]].url) + " is here twice, first at " +
                        report_.where(feeds[equal[0]].where.source, place_of(equal[0])));
    }
  };
  for_each_repeat(
      feeds, [](const FeedConfig& feed) -> const std::string& { return feed.url; }, refuse);
}

void Collector::resolve_ids() {
  auto& feeds = config_.feeds;
  std::vector<std::uint32_t> yielding;
  const auto decide = [&](const std::vector<std::uint32_t>& equal) {
    // One keeps the id: who was given it, else who is not plain http (that one is the likelier to go away), else the
    // first.
    const auto rank = [&](std::uint32_t feed) {
      return pending_[feed].id_given ? 0 : feeds[feed].url.starts_with("http:") ? 2 : 1;
    };
    const auto keeps = *std::min_element(equal.begin(), equal.end(), [&](auto a, auto b) { return rank(a) < rank(b); });
    for (const auto feed : equal) {
      if (feed == keeps || feeds[feed].url == feeds[keeps].url) continue;
      if (!pending_[feed].id_given) {
        yielding.push_back(feed);
        continue;
      }
      report_.error(feeds[feed].where.source, place_of(feed), Errc::invalid,
                    "id \"" + feeds[feed].id + "\" is here twice, first at " +
                        report_.where(feeds[keeps].where.source, place_of(keeps)));
    }
  };
  for_each_repeat(
      feeds, [](const FeedConfig& feed) -> const std::string& { return feed.id; }, decide);
  for (const auto feed : yielding) feeds[feed].id += "-" + to_hex(hash64(feeds[feed].url));
}

void Collector::add_override(std::string id, NodePtr settings, Context context) {
  run_time_.push_back({std::move(id), std::move(settings), std::move(context)});
}

void Collector::apply_overrides() {
  if (run_time_.empty()) return;
  std::unordered_map<std::string_view, FeedConfig*> by_id;
  for (auto& feed : config_.feeds) by_id.emplace(feed.id, &feed);
  for (const auto& given : run_time_) {
    const auto found = by_id.find(given.id);
    if (found == by_id.end()) {
      given.context.warn(*given.settings, "an interval was set for feed " + in_quotes(given.id) +
                                              ", which is not configured any more; ignored");
      continue;
    }
    auto& feed = *found->second;
    auto settings = *feed.settings;
    read_feed_settings(*given.settings, settings, given.context, {});
    check_settings(settings, given.context, given.settings->place);
    config_.overrides.push_back({feed.id, settings.interval});
    feed.settings = std::make_shared<const FeedSettings>(std::move(settings));
  }
}

void Collector::finish() {
  resolve_settings();
  refuse_repeated_urls();
  resolve_ids();
  apply_overrides();
  if (config_.feeds.capacity() > config_.feeds.size() + config_.feeds.size() / 8) config_.feeds.shrink_to_fit();
}

}  // namespace newswire::config::detail
