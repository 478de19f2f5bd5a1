#include <algorithm>
#include <optional>

#include "base/json_text.h"
#include "base/text.h"
#include "serve/detail/line_filter.h"

namespace newswire::serve {

namespace {

std::vector<std::string> as_json(const std::vector<std::string>& names) {
  std::vector<std::string> out;
  for (const auto& name : names) append_json_string(out.emplace_back(), name);
  std::sort(out.begin(), out.end());
  return out;
}

bool has(const std::vector<std::string>& sorted, std::string_view json) {
  return std::binary_search(sorted.begin(), sorted.end(), json, std::less<>());
}

/// Walks JSON that our own writer made, front to back. Every step gives false or nothing when the text is cut or is not
/// what was expected; it never looks at a byte twice.
class Walk {
 public:
  explicit Walk(std::string_view text) : text_(text) {}

  bool take(char c) {
    skip_space();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  /// A string with its quotes, as it stands there.
  std::optional<std::string_view> string() {
    skip_space();
    const auto begin = at_;
    if (!take('"')) return std::nullopt;
    while (at_ < text_.size()) {
      if (text_[at_] == '\\')
        at_ += 2;
      else if (text_[at_++] == '"')
        return text_.substr(begin, at_ - begin);
    }
    return std::nullopt;
  }

  /// Any value, nested or not.
  bool skip_value() {
    std::size_t depth = 0;
    do {
      skip_space();
      if (at_ >= text_.size()) return false;
      const char c = text_[at_];
      if (c == '"') {
        if (!string()) return false;
      } else if (c == '{' || c == '[') {
        ++at_;
        ++depth;
      } else if (c == '}' || c == ']') {
        if (depth == 0) return false;
        ++at_;
        --depth;
      } else if (c == ',' || c == ':') {
        if (depth == 0) return false;
        ++at_;
      } else {
        at_ = std::min(text_.find_first_of(",:]}\"{[ \t", at_), text_.size());
      }
    } while (depth > 0);
    return true;
  }

  /// Enters the value of member `name` of the object that begins here.
  bool enter_member(std::string_view name) {
    if (!take('{')) return false;
    do {
      const auto key = string();
      if (!key || !take(':')) return false;
      if (*key == name) return true;
      if (!skip_value()) return false;
    } while (take(','));
    return false;
  }

 private:
  void skip_space() {
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

LineFilter::LineFilter(const std::vector<std::string>& feeds, const std::vector<std::string>& tags)
    : feeds_(as_json(feeds)), tags_(as_json(tags)) {}

LineFilter::Match LineFilter::match(std::string_view front) const {
  if (!chooses()) return Match::yes;
  Walk walk(front);
  if (!walk.enter_member("\"_newswire\"") || !walk.enter_member("\"feed\"") || !walk.take('{')) return Match::unknown;
  bool feed_matches = feeds_.empty();
  bool tag_matches = tags_.empty();
  if (walk.take('}')) return feed_matches && tag_matches ? Match::yes : Match::no;
  do {
    const auto key = walk.string();
    if (!key || !walk.take(':')) return Match::unknown;
    if (*key == "\"id\"") {
      const auto id = walk.string();
      if (!id) return Match::unknown;
      if (!feeds_.empty()) feed_matches = has(feeds_, *id);
    } else if (*key == "\"tags\"") {
      if (!walk.take('[')) return Match::unknown;
      if (walk.take(']')) continue;
      do {
        const auto tag = walk.string();
        if (!tag) return Match::unknown;
        tag_matches = tag_matches || has(tags_, *tag);
      } while (walk.take(','));
      if (!walk.take(']')) return Match::unknown;
    } else if (!walk.skip_value()) {
      return Match::unknown;
    }
  } while (walk.take(','));
  if (!walk.take('}')) return Match::unknown;
  return feed_matches && tag_matches ? Match::yes : Match::no;
}

}  // namespace newswire::serve
