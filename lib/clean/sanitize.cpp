#include "clean/sanitize.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.h"
#include "base/url.h"
#include "clean/detail/nesting.h"
#include "clean/detail/safe_url.h"

namespace newswire::clean {
namespace {

enum class Fate : std::uint8_t { keep, unwrap, remove };

// What is neither kept nor removed is unwrapped: its text belongs to the article.
Fate fate_of(Tag tag) noexcept {
  switch (tag) {
    case Tag::a:
    case Tag::abbr:
    case Tag::acronym:
    case Tag::address:
    case Tag::article:
    case Tag::aside:
    case Tag::audio:
    case Tag::b:
    case Tag::bdi:
    case Tag::bdo:
    case Tag::big:
    case Tag::blockquote:
    case Tag::br:
    case Tag::caption:
    case Tag::cite:
    case Tag::code:
    case Tag::col:
    case Tag::colgroup:
    case Tag::dd:
    case Tag::del:
    case Tag::details:
    case Tag::dfn:
    case Tag::div:
    case Tag::dl:
    case Tag::dt:
    case Tag::em:
    case Tag::figcaption:
    case Tag::figure:
    case Tag::footer:
    case Tag::h1:
    case Tag::h2:
    case Tag::h3:
    case Tag::h4:
    case Tag::h5:
    case Tag::h6:
    case Tag::header:
    case Tag::hr:
    case Tag::i:
    case Tag::iframe:
    case Tag::img:
    case Tag::ins:
    case Tag::kbd:
    case Tag::li:
    case Tag::main:
    case Tag::mark:
    case Tag::ol:
    case Tag::p:
    case Tag::picture:
    case Tag::pre:
    case Tag::q:
    case Tag::rp:
    case Tag::rt:
    case Tag::ruby:
    case Tag::s:
    case Tag::samp:
    case Tag::section:
    case Tag::small:
    case Tag::source:
    case Tag::strike:
    case Tag::strong:
    case Tag::sub:
    case Tag::summary:
    case Tag::sup:
    case Tag::table:
    case Tag::tbody:
    case Tag::td:
    case Tag::tfoot:
    case Tag::th:
    case Tag::thead:
    case Tag::time:
    case Tag::tr:
    case Tag::track:
    case Tag::tt:
    case Tag::u:
    case Tag::ul:
    case Tag::var:
    case Tag::video:
    case Tag::wbr: return Fate::keep;
    case Tag::base:
    case Tag::basefont:
    case Tag::bgsound:
    case Tag::button:
    case Tag::canvas:
    case Tag::datalist:
    case Tag::embed:
    case Tag::frame:
    case Tag::frameset:
    case Tag::head:
    case Tag::input:
    case Tag::keygen:
    case Tag::link:
    case Tag::map:
    case Tag::area:
    case Tag::meta:
    case Tag::meter:
    case Tag::noembed:
    case Tag::noframes:
    case Tag::option:
    case Tag::optgroup:
    case Tag::output:
    case Tag::param:
    case Tag::plaintext:
    case Tag::progress:
    case Tag::script:
    case Tag::select:
    case Tag::style:
    case Tag::svg:
    case Tag::template_:
    case Tag::textarea:
    case Tag::title:
    case Tag::xmp: return Fate::remove;
    default: return Fate::unwrap;
  }
}

// "tag attribute" pairs, besides title, lang and dir, which every element may have.
bool is_allowed(Tag tag, std::string_view name) noexcept {
  if (name == "title" || name == "lang" || name == "dir") return true;
  switch (tag) {
    case Tag::a: return name == "href" || name == "hreflang";
    case Tag::img:
      return name == "src" || name == "srcset" || name == "sizes" || name == "alt" || name == "width" ||
             name == "height";
    case Tag::source: return name == "src" || name == "srcset" || name == "sizes" || name == "type" || name == "media";
    case Tag::audio: return name == "src" || name == "controls";
    case Tag::video:
      return name == "src" || name == "controls" || name == "poster" || name == "width" || name == "height";
    case Tag::track: return name == "src" || name == "kind" || name == "srclang" || name == "label";
    case Tag::iframe: return name == "src" || name == "width" || name == "height" || name == "allowfullscreen";
    case Tag::td:
    case Tag::th: return name == "colspan" || name == "rowspan";
    case Tag::col:
    case Tag::colgroup: return name == "span";
    case Tag::ol: return name == "start" || name == "reversed" || name == "type";
    case Tag::li: return name == "value";
    case Tag::time: return name == "datetime";
    case Tag::ins:
    case Tag::del: return name == "cite" || name == "datetime";
    case Tag::blockquote:
    case Tag::q: return name == "cite";
    case Tag::details: return name == "open";
    default: return false;
  }
}

bool is_url(std::string_view name) noexcept {
  return name == "href" || name == "src" || name == "poster" || name == "cite";
}

bool is_link(Tag tag) noexcept {
  return tag == Tag::a || tag == Tag::blockquote || tag == Tag::q || tag == Tag::ins || tag == Tag::del;
}

// Characters that can only come from references: the parser would replace them when it reads them as they are
// (WHATWG HTML 13.2.3.5: controls and noncharacters).
bool is_unreadable(char32_t c) noexcept {
  return (c < 0x20 && c != '\t' && c != '\n' && c != '\f' && c != '\r') || (c >= 0x7F && c <= 0x9F) ||
         (c >= 0xFDD0 && c <= 0xFDEF) || (c & 0xFFFE) == 0xFFFE;
}

constexpr auto kMayBeUnreadable = [] {
  std::array<bool, 256> table{};
  for (unsigned byte = 0; byte < 256; ++byte) {
    table[byte] =
        (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\f') || byte == 0x7F || byte == 0xC2 || byte >= 0xEF;
  }
  return table;
}();

bool may_be_unreadable(std::string_view text) noexcept {
  return std::any_of(text.begin(), text.end(), [](char c) { return kMayBeUnreadable[static_cast<unsigned char>(c)]; });
}

// Without unreadable characters, and with spaces for carriage returns, which would come back as line feeds.
std::string readable(std::string_view text) {
  if (!may_be_unreadable(text)) return std::string(text);
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto step = decode_utf8(text);
    if (step.value == '\r') {
      out += ' ';
    } else if (!is_unreadable(step.value)) {
      out += text.substr(0, step.size);
    }
    text.remove_prefix(step.size);
  }
  return out;
}

class Sanitizer {
 public:
  Sanitizer(Tree& tree, std::string_view base_url) : tree_(tree), base_url_(base_url) {}

  void run() {
    auto id = tree_.next_in(tree_.root(), tree_.root());
    while (id != kNoNode) id = tree_.is_text(id) ? text(id) : element(id);
    straighten_nesting(tree_);
  }

 private:
  NodeId text(NodeId id) {
    const auto value = tree_[id].text;
    if (may_be_unreadable(value)) tree_.set_text(id, readable(value));
    return tree_.next_in(id, tree_.root());
  }

  NodeId element(NodeId id) {
    const auto tag = tree_[id].tag;
    if (tag == Tag::noscript) return noscript(id);
    if (tag == Tag::unknown && tree_.name(id).starts_with("annotation")) return remove(id);  // the TeX source in MathML
    auto fate = fate_of(tag);
    if (fate == Fate::keep) fate = prepare(id, tag);
    if (fate == Fate::remove) return remove(id);
    if (fate == Fate::unwrap) return unwrap(id);
    attributes(id, tag);
    return tree_.next_in(id, tree_.root());
  }

  NodeId remove(NodeId id) {
    const auto next = tree_.next_beyond(id, tree_.root());
    tree_.remove(id);
    return next;
  }

  NodeId unwrap(NodeId id) {
    const auto first = tree_[id].first_child;
    const auto next = first != kNoNode ? first : tree_.next_beyond(id, tree_.root());
    tree_.unwrap(id);
    return next;
  }

  // The copy of a lazy image for readers without scripts: one of the two is enough.
  NodeId noscript(NodeId id) {
    const auto image = tree_.first(Tag::img, id);
    if (image == kNoNode) return remove(id);
    auto before = tree_[id].previous;
    while (before != kNoNode && tree_.is_text(before) && trim(tree_[before].text).empty())
      before = tree_[before].previous;
    if (before != kNoNode && tree_.is_element(before) && tree_.first(Tag::img, before) != kNoNode) return remove(id);
    return unwrap(id);
  }

  Fate prepare(NodeId id, Tag tag) {
    switch (tag) {
      case Tag::a: {
        const auto href = tree_.attribute(id, "href");
        const auto url = safe_url(href, base_url_, UrlUse::link);
        if (!tree_.has_attribute(id, "href") || url.empty()) return Fate::unwrap;
        return Fate::keep;
      }
      case Tag::img: return image(id);
      case Tag::iframe: return frame(id);
      case Tag::audio:
      case Tag::video: return media(id);
      case Tag::source: {
        const auto parent = tree_[tree_[id].parent].tag;
        return parent == Tag::picture || parent == Tag::audio || parent == Tag::video ? Fate::keep : Fate::remove;
      }
      case Tag::track: {
        const auto parent = tree_[tree_[id].parent].tag;
        return parent == Tag::audio || parent == Tag::video ? Fate::keep : Fate::remove;
      }
      case Tag::picture: return tree_.first(Tag::img, id) == kNoNode ? Fate::unwrap : Fate::keep;
      default: return Fate::keep;
    }
  }

  Fate image(NodeId id) {
    if (auto source = lazy_source(id); !source.empty()) tree_.set_attribute(id, "src", source);
    if (!tree_.has_attribute(id, "srcset")) {
      for (const auto name : {"data-srcset", "data-lazy-srcset"}) {
        if (const auto set = tree_.attribute(id, name); !set.empty()) {
          tree_.set_attribute(id, "srcset", std::string(set));
          break;
        }
      }
    }
    const auto src = trim(tree_.attribute(id, "src"));
    if (src.empty() || safe_url(src, base_url_, UrlUse::image).empty()) {  // an empty one would be the page itself
      const auto set = safe_srcset(tree_.attribute(id, "srcset"), base_url_);
      if (set.empty()) return Fate::remove;
      tree_.set_attribute(id, "src", set.substr(0, set.find(' ')));
    }
    return Fate::keep;
  }

  // The address that a script would put into src once the image is scrolled to.
  std::string lazy_source(NodeId id) const {
    const auto src = trim(tree_.attribute(id, "src"));
    const bool placeholder =
        src.empty() || istarts_with(src, "data:") || src == "#" ||
        ifind(src, "placeholder") != std::string_view::npos || ifind(src, "blank.gif") != std::string_view::npos ||
        ifind(src, "spacer.") != std::string_view::npos || ifind(src, "/1x1") != std::string_view::npos ||
        ifind(src, "lazyload") != std::string_view::npos;
    if (!placeholder) return {};
    for (const auto name : {"data-src", "data-lazy-src", "data-original", "data-orig-src", "data-orig-file",
                            "data-lazy", "data-hi-res-src", "data-full-src", "data-image", "data-url"}) {
      const auto value = trim(tree_.attribute(id, name));
      if (!value.empty() && !istarts_with(value, "data:") && !safe_url(value, base_url_, UrlUse::image).empty())
        return std::string(value);
    }
    return {};
  }

  Fate frame(NodeId id) {
    auto src = trim(tree_.attribute(id, "src"));
    if (src.empty() || istarts_with(src, "about:") || istarts_with(src, "data:"))
      src = trim(tree_.attribute(id, "data-src"));
    const auto url = embed_url(src, base_url_);
    if (url.empty()) return Fate::remove;
    tree_.set_attribute(id, "src", url);
    while (tree_[id].first_child != kNoNode) tree_.remove(tree_[id].first_child);
    return Fate::keep;
  }

  // Players get their controls; what browsers without players would show is not text of the article.
  Fate media(NodeId id) {
    bool has_source = !safe_url(tree_.attribute(id, "src"), base_url_, UrlUse::media).empty();
    for (auto child = tree_[id].first_child; child != kNoNode;) {
      const auto next = tree_[child].next;
      if (tree_.is(child, Tag::source)) {
        has_source = has_source || !safe_url(tree_.attribute(child, "src"), base_url_, UrlUse::media).empty();
      } else if (!tree_.is(child, Tag::track)) {
        tree_.remove(child);
      }
      child = next;
    }
    if (!has_source) return Fate::remove;
    tree_.set_attribute(id, "controls", "");
    return Fate::keep;
  }

  void attributes(NodeId id, Tag tag) {
    std::vector<std::pair<std::string, std::string>> kept;
    for (auto a = tree_.attributes_begin(id); a != tree_.attributes_end(id); ++a) {
      if (!is_allowed(tag, a->name)) continue;
      auto value = readable(a->value);
      if (is_url(a->name)) {
        if (tag != Tag::iframe) value = safe_url(value, base_url_, use_of(tag, a->name));
        if (value.empty()) continue;
      } else if (a->name == "srcset") {
        value = safe_srcset(value, base_url_);
        if (value.empty()) continue;
      }
      kept.emplace_back(a->name, std::move(value));
    }
    tree_.clear_attributes(id);
    for (const auto& [name, value] : kept) tree_.set_attribute(id, name, value);
  }

  static UrlUse use_of(Tag tag, std::string_view name) noexcept {
    if (is_link(tag)) return UrlUse::link;
    return tag == Tag::img || name == "poster" ? UrlUse::image : UrlUse::media;
  }

  Tree& tree_;
  std::string_view base_url_;
};

}  // namespace

void sanitize(Tree& tree, std::string_view base_url) { Sanitizer(tree, base_url).run(); }

std::string sanitize_html(std::string_view html, std::string_view base_url) {
  auto tree = Tree::parse_fragment(html);
  sanitize(tree, base_url);
  return inner_html(tree, tree.root());
}

}  // namespace newswire::clean
