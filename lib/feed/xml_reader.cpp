#include <algorithm>

#include "base/url.h"
#include "feed/detail/layout.h"
#include "feed/detail/markup.h"
#include "feed/detail/reader.h"
#include "feed/detail/xml_channel.h"
#include "feed/detail/xml_entry.h"

namespace newswire::feed::detail {
namespace {

constexpr std::size_t kDeepestContainer = 8;

class XmlReader final : public DocumentReader {
 public:
  XmlReader(const Layout& layout, const ParseOptions& options)
      : layout_(layout), scopes_(options.base_url), entries_(scopes_, context_) {
    enter_outer(layout_.root);
    scopes_.enter(layout_.root);
    if (layout_.adopted) scopes_.adopt(*layout_.adopted);
    if (layout_.dialect == Dialect::cdf) {
      scopes_.set_base(attribute(layout_.channel, "base"));
    }
    cursor_ = layout_.root.first_child();
    lone_entry_ = scopes_.name(layout_.root).tag == Tag::entry;
  }

  void read_feed(Feed& feed) override {
    feed.format = layout_.format;
    if (!lone_entry_) {
      const auto mark = scopes_.mark();
      if (layout_.channel != layout_.root) scopes_.enter(layout_.channel);
      read_channel(layout_, scopes_, feed);
      scopes_.restore(mark);
    }
    context_.dialect = layout_.dialect;
    context_.format = layout_.format;
    context_.language = feed.language;
    if (is_http_url(feed.home_page_url)) context_.home_page_url = feed.home_page_url;
    // An Atom document that came from nowhere: its own opinion where it stands is better than no base.
    if (scopes_.base().empty() && is_http_url(feed.feed_url))
      context_.home_page_url = context_.home_page_url.empty() ? feed.feed_url : context_.home_page_url;
  }

  bool next(Entry& entry) override {
    if (lone_entry_) {
      if (!cursor_) return false;
      cursor_ = {};
      entries_.read(layout_.root, entry);
      return true;
    }
    while (cursor_) {
      const auto node = cursor_;
      if (node.is_element()) {
        const auto mark = scopes_.mark();
        scopes_.enter(node);
        const auto name = scopes_.name(node);
        if (is_entry(name)) {
          entries_.read(node, entry);
          if (entries_.holds_entries()) {  // items inside an item: nobody closed the first one (PCMag, 2018)
            marks_.push_back(mark);
            cursor_ = node.first_child();
          } else {
            scopes_.restore(mark);
            advance();
          }
          return true;
        }
        if (is_container(name) && node.first_child() && marks_.size() < kDeepestContainer) {
          marks_.push_back(mark);
          cursor_ = node.first_child();
          continue;
        }
        scopes_.restore(mark);
      }
      advance();
    }
    return false;
  }

  [[nodiscard]] std::size_t count() const override {
    const auto children = [](xml::Node node) {
      std::size_t entries = 0;
      for (auto child = node.first_child(); child; child = child.next_sibling()) {
        const auto name = child.name();
        if (name.ends_with("item") || name.ends_with("entry")) ++entries;
      }
      return entries;
    };
    return lone_entry_ ? 1 : children(layout_.root) + (layout_.channel == layout_.root ? 0 : children(layout_.channel));
  }

 private:
  // What a wrong root around the feed declares counts inside it.
  void enter_outer(xml::Node root) {
    std::vector<xml::Node> outer;
    for (auto node = root.parent(); node; node = node.parent()) outer.push_back(node);
    std::for_each(outer.rbegin(), outer.rend(), [this](xml::Node node) { scopes_.enter(node); });
  }

  static bool is_entry(Name name) noexcept {
    return name.ns <= Ns::rss090 && (name.tag == Tag::item || name.tag == Tag::entry);
  }
  static bool is_container(Name name) noexcept {
    return name.ns <= Ns::rss090 && (name.tag == Tag::channel || name.tag == Tag::items || name.tag == Tag::rss ||
                                     name.tag == Tag::rdf || name.tag == Tag::feed);
  }

  void advance() {
    while (cursor_ && !cursor_.next_sibling()) {
      if (marks_.empty()) {
        cursor_ = {};
        return;
      }
      cursor_ = cursor_.parent();
      scopes_.restore(marks_.back());
      marks_.pop_back();
    }
    cursor_ = cursor_.next_sibling();
  }

  Layout layout_;
  Scopes scopes_;
  FeedContext context_;
  EntryReader entries_;
  xml::Node cursor_;
  std::vector<Scopes::Mark> marks_;
  bool lone_entry_ = false;
};

}  // namespace

std::unique_ptr<DocumentReader> open_xml(const xml::Document& document, const ParseOptions& options) {
  const auto layout = find_layout(document);
  if (!layout) return nullptr;
  return std::make_unique<XmlReader>(*layout, options);
}

}  // namespace newswire::feed::detail
