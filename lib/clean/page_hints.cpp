#include "clean/page_hints.h"

#include <string>
#include <unordered_map>

#include "base/text.h"

namespace newswire::clean {
namespace {

struct Word {
  std::string_view word;
  std::uint32_t hints;
};

#include "clean/page_hints.inc"

constexpr std::size_t kMaxBytes = 512;

const std::unordered_map<std::string_view, std::uint32_t>& words() {
  static const auto table = [] {
    std::unordered_map<std::string_view, std::uint32_t> out;
    for (const auto& word : kWords) out.emplace(word.word, word.hints);
    return out;
  }();
  return table;
}

std::uint32_t of_prefix(std::string_view word) {
  if (word.size() < 6) return 0;
  for (const auto& prefix : kPrefixes)
    if (word.starts_with(prefix.word)) return prefix.hints;
  return 0;
}

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }

// One class name or id: its words in order, camel case and punctuation separate them.
class NameScanner {
 public:
  explicit NameScanner(std::uint32_t& hints) : hints_(hints) {}

  /// Several names separated by white space.
  void scan(std::string_view names) {
    while (!names.empty()) {
      const auto start = names.find_first_not_of(" \t\r\n\f");
      if (start == names.npos) return;
      auto end = names.find_first_of(" \t\r\n\f", start);
      if (end == names.npos) end = names.size();
      const auto name = names.substr(start, end - start);
      if (!is_attributive(name)) scan_one(name);
      names.remove_prefix(end);
    }
  }

 private:
  // Says something about the thing, not what it is: WordPress's post_class, state classes.
  static bool is_attributive(std::string_view name) {
    for (const std::string_view prefix : {"category-", "tag-", "status-", "format-", "has-", "no-", "with-", "is-",
                                          "not-", "has_", "without-", "hide-", "js-has"})
      if (name.size() > prefix.size() && istarts_with(name, prefix)) return true;
    return false;
  }

  void scan_one(std::string_view name) {
    previous_.clear();
    std::string word;
    for (std::size_t i = 0; i < name.size(); ++i) {
      const char c = name[i];
      if (!is_alpha(c) && static_cast<unsigned char>(c) < 0x80) {
        if (is_digit(c) && !word.empty() && word.size() < 2) {  // a2a, h5p: digits inside short names belong to them
          word += c;
          continue;
        }
        take(word);
        continue;
      }
      if (is_upper(c) && i > 0 && !word.empty() && !is_upper(name[i - 1])) take(word);
      word += to_lower(c);
    }
    take(word);
  }

  void take(std::string& word) {
    if (word.empty()) return;
    const auto& table = words();
    std::uint32_t found = 0;
    if (const auto one = table.find(word); one != table.end())
      found = one->second;
    else
      found = of_prefix(word);
    if (!previous_.empty()) {
      const std::string pair = previous_ + ' ' + word;
      if (const auto two = table.find(pair); two != table.end()) found = two->second;
    }
    hints_ |= found;
    previous_ = std::move(word);
    word.clear();
  }

  std::uint32_t& hints_;
  std::string previous_;
};

}  // namespace

std::uint32_t hints_of(const Tree& tree, NodeId id) {
  std::uint32_t hints = 0;
  NameScanner scanner(hints);
  for (auto at = tree.attributes_begin(id); at != tree.attributes_end(id); ++at) {
    const auto name = at->name;
    const bool names = name == "class" || name == "id" || name == "role" || name == "itemprop" ||
                       name == "data-testid" || name == "data-component" || name == "data-module" ||
                       name == "data-type" || name == "aria-label" || name == "data-qa" || name == "data-widget-type" ||
                       name == "data-name";
    if (!names) continue;
    const auto value = at->value.substr(0, kMaxBytes);
    if (name == "aria-label" && value.size() > 40) continue;  // a sentence, no name
    scanner.scan(value);
  }
  return hints;
}

std::string_view category_of(std::uint32_t hints) noexcept {
  if (hints & hint_comments) return "comments";
  if (hints & hint_share) return "share";
  if (hints & hint_newsletter) return "newsletter";
  if (hints & hint_advertisement) return "ad";
  if (hints & hint_donation) return "donation";
  if (hints & hint_author) return "author-bio";
  if (hints & (hint_related | hint_teaser)) return "related";
  if (hints & hint_caption) return "alt-text";
  if (hints & hint_footer) return "copyright";
  if (hints & hint_meta) return "byline";
  return "navigation";
}

}  // namespace newswire::clean
