#include "clean/detail/markup_bound.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/hash.h"
#include "base/text.h"

namespace newswire::clean {
namespace {

// Why this pass: Gumbo follows the HTML standard, and the standard has places where a few bytes of input cost as much
// as one likes: unclosed formatting elements are repeated in each later paragraph, scope checks walk all open
// elements, attributes of one tag are compared with each other. A cheap look at the tags beforehand bounds all of them.

constexpr std::size_t kNothing = std::string_view::npos;

bool is_formatting(Tag tag) noexcept {
  switch (tag) {
    case Tag::a:
    case Tag::b:
    case Tag::big:
    case Tag::code:
    case Tag::em:
    case Tag::font:
    case Tag::i:
    case Tag::nobr:
    case Tag::s:
    case Tag::small:
    case Tag::strike:
    case Tag::strong:
    case Tag::tt:
    case Tag::u: return true;
    default: return false;
  }
}

// Elements whose end tag may be left out: the parser closes them itself, so they do not add up.
bool closes_itself(Tag tag) noexcept {
  switch (tag) {
    case Tag::p:
    case Tag::li:
    case Tag::dd:
    case Tag::dt:
    case Tag::option:
    case Tag::optgroup:
    case Tag::tr:
    case Tag::td:
    case Tag::th:
    case Tag::tbody:
    case Tag::thead:
    case Tag::tfoot:
    case Tag::colgroup:
    case Tag::caption:
    case Tag::rt:
    case Tag::rp: return true;
    default: return false;
  }
}

// The content up to the end tag is text, whatever it looks like.
bool is_raw(Tag tag) noexcept {
  switch (tag) {
    case Tag::title:
    case Tag::textarea:
    case Tag::xmp:
    case Tag::iframe:
    case Tag::noembed:
    case Tag::noframes: return true;
    default: return false;
  }
}

bool is_name_end(char c) noexcept { return is_space(c) || c == '/' || c == '>'; }

struct TagToken {
  Tag tag = Tag::unknown;
  std::string_view name;
  bool is_end = false;
  bool closed = true;              // false: the document ends inside the tag
  std::size_t end = 0;             // after '>'
  std::size_t surplus = kNothing;  // where the attributes over the limit begin
  std::string_view type;           // value of the attribute "type", as written
};

class Bound {
 public:
  Bound(std::string_view html, const HtmlLimits& limits, std::string& out) : html_(html), limits_(limits), out_(out) {}

  std::string_view run() {
    std::size_t at = 0;
    while ((at = html_.find('<', at)) != kNothing && at + 1 < html_.size()) at = markup(at);
    if (copied_ == 0 && !dropped_) return html_;
    out_.append(html_.substr(copied_));
    return out_;
  }

 private:
  std::size_t markup(std::size_t at) {
    const char c = html_[at + 1];
    if (c == '!' || c == '?') return comment(at);
    if (c == '/') return at + 2 < html_.size() && is_alpha(html_[at + 2]) ? element(at) : comment_end(at, at + 2);
    return is_alpha(c) ? element(at) : at + 1;
  }

  // A comment, doctype or processing instruction. One that is never closed ends at the next '>': feeds cut their
  // content anywhere, and the rest of an article must not vanish in it.
  std::size_t comment(std::size_t at) {
    if (istarts_with(html_.substr(at), "<!doctype")) return comment_end(at, at, false);
    if (html_.substr(at).starts_with("<!--")) {
      auto body = html_.substr(at + 4);
      if (body.starts_with(">")) return drop(at, at + 5);
      if (body.starts_with("->")) return drop(at, at + 6);
      if (!no_comment_end_) {
        if (const auto close = html_.find("-->", at + 4); close != kNothing) return drop(at, close + 3);
        no_comment_end_ = true;
      }
    }
    return comment_end(at, at);
  }

  std::size_t comment_end(std::size_t at, std::size_t from, bool gone = true) {
    const auto close = html_.find('>', from);
    const auto end = close == kNothing ? html_.size() : close + 1;
    return gone ? drop(at, end) : end;
  }

  std::size_t element(std::size_t at) {
    const auto token = read_tag(at);
    if (!token.closed) return drop(at, html_.size());
    if (token.is_end) return end_tag(at, token);
    if (goes_whole(token)) return drop(at, content_end(token));
    if (goes_alone(token.tag, token.name)) return drop(at, token.end);
    if (!has_room(token.tag)) return drop(at, token.end);
    if (token.surplus != kNothing) drop(token.surplus, token.end - 1);
    spent_ += 1 + formatting_;
    count(token, 1);
    if (!is_raw(token.tag) && token.tag != Tag::script) return token.end;
    count(token, -1);
    const auto close = find_end_tag(token.name, token.end);
    return close == kNothing ? html_.size() : close;
  }

  std::size_t end_tag(std::size_t at, const TagToken& token) {
    if (token.tag == Tag::select || goes_alone(token.tag, token.name) || spent_ > limits_.elements)
      return drop(at, token.end);
    spent_ += 1 + formatting_;
    if (open(token) > 0) count(token, -1);
    return token.end;
  }

  // Together with what is in it.
  bool goes_whole(const TagToken& token) const {
    switch (token.tag) {
      case Tag::style:
      case Tag::svg:
      case Tag::select: return true;
      case Tag::script: return ifind(token.type, "json") == kNothing;
      default: return false;
    }
  }

  // Only the tag; its content is read as if it stood there without.
  static bool goes_alone(Tag tag, std::string_view name) {
    switch (tag) {
      case Tag::math:
      case Tag::svg:
      case Tag::plaintext:
      case Tag::frameset:
      case Tag::frame:
      case Tag::listing: return true;
      default: return tag == Tag::unknown && (iequals(name, "isindex") || name.size() > 64);
    }
  }

  std::size_t content_end(const TagToken& token) {
    const auto close = find_end_tag(token.name, token.end);
    // Never closed: a browser would drop everything after <script> or <style>, and only the tag of the others.
    if (close == kNothing) return token.tag == Tag::script || token.tag == Tag::style ? html_.size() : token.end;
    const auto end = html_.find('>', close);
    return end == kNothing ? html_.size() : end + 1;
  }

  std::size_t find_end_tag(std::string_view name, std::size_t from) {
    const auto known =
        std::find_if(no_end_.begin(), no_end_.end(), [&](std::string_view n) { return iequals(n, name); });
    if (known != no_end_.end()) return kNothing;
    for (auto at = html_.find("</", from); at != kNothing; at = html_.find("</", at + 2)) {
      const auto rest = html_.substr(at + 2);
      if (istarts_with(rest, name) && (rest.size() == name.size() || is_name_end(rest[name.size()]))) return at;
    }
    no_end_.push_back(name);  // at most one entry for each of the few names this is asked for
    return kNothing;
  }

  bool has_room(Tag tag) const {
    if (spent_ > limits_.elements) return false;
    if (is_void(tag)) return true;
    return depth_ < limits_.depth && (!is_formatting(tag) || formatting_ < limits_.formatting);
  }

  std::uint32_t& open(const TagToken& token) {
    if (token.tag != Tag::unknown) return open_[static_cast<std::size_t>(token.tag)];
    return open_[256 + hash64(lower(token.name)) % 256];
  }

  void count(const TagToken& token, int step) {
    if (is_void(token.tag) || closes_itself(token.tag)) return;
    const auto add = [step](std::uint32_t& n) { n = step > 0 ? n + 1 : n - 1; };
    // A second <a> closes the first one.
    if (token.tag == Tag::a && step > 0 && open(token) > 0) return;
    add(open(token));
    add(depth_);
    if (is_formatting(token.tag)) add(formatting_);
  }

  std::size_t drop(std::size_t from, std::size_t to) {
    dropped_ = true;
    if (from > copied_) out_.append(html_.substr(copied_, from - copied_));
    copied_ = std::max(copied_, to);
    return to;
  }

  TagToken read_tag(std::size_t at) const;

  std::string_view html_;
  const HtmlLimits& limits_;
  std::string& out_;
  std::size_t copied_ = 0;
  bool dropped_ = false;
  bool no_comment_end_ = false;
  std::vector<std::string_view> no_end_;
  std::array<std::uint32_t, 512> open_{};
  std::uint32_t depth_ = 0;
  std::uint32_t formatting_ = 0;
  std::uint64_t spent_ = 0;
};

// The tag at `at` as the HTML tokenizer reads it (WHATWG HTML 13.2.5.6 and following).
TagToken Bound::read_tag(std::size_t at) const {
  TagToken token;
  auto i = at + 1;
  token.is_end = html_[i] == '/';
  if (token.is_end) ++i;
  const auto name_begin = i;
  while (i < html_.size() && !is_name_end(html_[i])) ++i;
  token.name = html_.substr(name_begin, i - name_begin);
  if (token.name.size() <= 16) token.tag = tag_of(lower(token.name));
  std::uint32_t attributes = 0;
  while (true) {
    while (i < html_.size() && (is_space(html_[i]) || html_[i] == '/')) ++i;
    if (i >= html_.size()) break;
    if (html_[i] == '>') {
      token.end = i + 1;
      return token;
    }
    if (++attributes == limits_.attributes + 1) token.surplus = i;
    const auto attribute_begin = i++;
    while (i < html_.size() && !is_name_end(html_[i]) && html_[i] != '=') ++i;
    const auto attribute = html_.substr(attribute_begin, i - attribute_begin);
    auto value_at = i;
    while (value_at < html_.size() && is_space(html_[value_at])) ++value_at;
    if (value_at >= html_.size() || html_[value_at] != '=') continue;
    i = value_at + 1;
    while (i < html_.size() && is_space(html_[i])) ++i;
    if (i >= html_.size() || html_[i] == '>') continue;
    std::string_view value;
    if (const char quote = html_[i]; quote == '"' || quote == '\'') {
      const auto close = html_.find(quote, i + 1);
      if (close == kNothing) break;
      value = html_.substr(i + 1, close - i - 1);
      i = close + 1;
    } else {
      const auto value_begin = i;
      while (i < html_.size() && !is_space(html_[i]) && html_[i] != '>') ++i;
      value = html_.substr(value_begin, i - value_begin);
    }
    if (token.type.empty() && iequals(attribute, "type")) token.type = value;
  }
  token.closed = false;
  token.end = html_.size();
  return token;
}

}  // namespace

std::string_view bound_markup(std::string_view html, const HtmlLimits& limits, std::string& buffer) {
  return Bound(cut_utf8(html, limits.bytes), limits, buffer).run();
}

}  // namespace newswire::clean
