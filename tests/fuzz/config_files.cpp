// Whatever stands in a configuration, a list or an OPML file, reading ends, every error has a sentence, and what was
// read without one is printed to something that reads back to the same. The first byte chooses the kind of file.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "config/config.h"
#include "config/diff.h"
#include "config/feed_list.h"
#include "config/print.h"

namespace {

using namespace newswire;
using namespace newswire::config;

void check_yaml(std::string_view text) {
  if (text.find("include") != text.npos) return;  // no files here
  const std::string before = "state: {dir: /nonexistent}\n";
  const auto first = parse_yaml(before + std::string(text), "/nonexistent/fuzz.yaml");
  for (const auto& error : first.errors) {
    if (error.what.empty() || error.where.empty()) std::abort();
  }
  if (!first.ok()) return;
  const auto printed = feeds_yaml(first.config.feeds, FeedSettings{});
  const auto second = parse_yaml(before + printed, "/nonexistent/fuzz.yaml");
  if (!second.ok()) std::abort();
  const auto difference = diff(first.config, second.config);
  if (!difference.added.empty() || !difference.removed.empty() || !difference.changed.empty()) std::abort();
}

void check_feed(const ListedFeed& feed) {
  if (feed.line == 0 || feed.column == 0 || feed.url.empty()) std::abort();
  for (const auto tag : feed.tags) {
    if (tag.empty() || !is_utf8(tag) || tag.find(',') != tag.npos) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const OnError ignore = [](const Error& error) {
    if (error.where.empty()) std::abort();
  };
  switch (data[0] % 3) {
    case 0: check_yaml(text); break;
    case 1: read_url_list(text, check_feed, ignore); break;
    default: read_opml(text, check_feed, ignore); break;
  }
  return 0;
}
