#include "config/print.h"

#include "base/url.h"
#include "config/detail/key.h"

namespace newswire::config {
namespace {

using namespace detail;

/// Writes dotted keys as nested maps: "a.b.c: 1", "a.b.d: 2" share their sections. Keys of a section stand together in
/// the table.
class Nested {
 public:
  Nested(std::string& out, std::size_t indent) : out_(out), indent_(indent) {}

  void write(std::string_view path, std::string_view value) {
    std::vector<std::string_view> sections;
    for (auto dot = path.find('.'); dot != path.npos; dot = path.find('.')) {
      sections.push_back(path.substr(0, dot));
      path.remove_prefix(dot + 1);
    }
    std::size_t same = 0;
    while (same < sections.size() && same < open_.size() && sections[same] == open_[same]) ++same;
    open_.resize(same);
    for (; same < sections.size(); ++same) {
      line(sections[same], "");
      open_.emplace_back(sections[same]);
    }
    line(path, value);
  }

 private:
  void line(std::string_view key, std::string_view value) {
    out_.append(indent_ + 2 * open_.size(), ' ');
    out_ += key;
    out_ += ':';
    if (!value.empty()) (out_ += ' ') += value;
    out_ += '\n';
  }

  std::string& out_;
  std::size_t indent_;
  std::vector<std::string> open_;
};

void write_feed(std::string& out, const FeedConfig& feed, const FeedSettings& defaults, bool hide) {
  out += "  - url: " + print_text(hide ? redact_url(feed.url) : feed.url) + '\n';
  Nested nested(out, 4);
  nested.write("id", print_text(feed.id));
  const auto& labels = labels_of(feed);
  if (!labels.title.empty()) nested.write("title", print_text(labels.title));
  if (!labels.tags.empty()) nested.write("tags", print_texts(labels.tags));
  if (feed.settings.get() == &defaults) return;
  for (const auto& key : feed_keys()) {
    if (!key.print) continue;
    const auto value = key.print(*feed.settings, false);
    if (value == key.print(defaults, false)) continue;
    nested.write(key.path, hide ? key.print(*feed.settings, true) : value);
  }
}

void write_outputs(std::string& out, const std::vector<OutputConfig>& outputs) {
  out += outputs.empty() ? "outputs: []\n" : "outputs:\n";
  for (const auto& output : outputs) {
    out += "  - connect: " + print_text(output.connect) + '\n';
    Nested nested(out, 4);
    nested.write("consumer", print_text(output.consumer));
    nested.write("from", output.from == OutputConfig::From::earliest ? "earliest" : "latest");
    if (!output.feeds.empty()) nested.write("feeds", print_texts(output.feeds));
    if (!output.tags.empty()) nested.write("tags", print_texts(output.tags));
    if (output.health) nested.write("health", "true");
  }
}

}  // namespace

std::string effective_yaml(const Config& config) {
  std::string out;
  Nested top(out, 0);
  for (const auto& key : config_keys()) top.write(key.path, key.print(config, true));
  for (const auto& key : feed_keys()) {
    if (key.print) top.write("defaults." + std::string(key.path), key.print(*config.defaults, true));
  }
  write_outputs(out, config.outputs);
  out += config.feeds.empty() ? "feeds: []\n" : "feeds:\n";
  for (const auto& feed : config.feeds) write_feed(out, feed, *config.defaults, true);
  return out;
}

std::string feeds_yaml(std::span<const FeedConfig> feeds, const FeedSettings& defaults) {
  std::string out = feeds.empty() ? "feeds: []\n" : "feeds:\n";
  for (const auto& feed : feeds) write_feed(out, feed, defaults, false);
  return out;
}

std::string overrides_yaml(std::span<const IntervalOverride> overrides) {
  std::string out = overrides.empty() ? "" : "overrides:\n";
  for (const auto& given : overrides) {
    const auto text = [](std::chrono::seconds seconds) { return to_string(std::chrono::milliseconds(seconds)); };
    out += "  " + print_text(given.id) + ": {interval: {min: " + text(given.interval.min) +
           ", max: " + text(given.interval.max) + "}}\n";
  }
  return out;
}

}  // namespace newswire::config
