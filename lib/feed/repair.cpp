#include "feed/detail/repair.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "base/text.h"
#include "feed/detail/bytes.h"
#include "feed/detail/cdata.h"
#include "feed/detail/doctype.h"
#include "feed/detail/markup.h"
#include "feed/detail/odd_markup.h"
#include "feed/detail/references.h"
#include "feed/detail/repair_faults.h"
#include "feed/detail/repair_names.h"
#include "feed/detail/text_ends.h"

namespace newswire::feed::detail {
namespace {

constexpr auto npos = std::string_view::npos;
constexpr std::size_t kLookBack = 256;        // open elements that an end tag is looked for in
constexpr std::size_t kMostAttributes = 128;  // of one element that are compared for duplicates
constexpr std::string_view kRssHead = "<rss version=\"2.0\"><channel>";

class Repairer {
 public:
  explicit Repairer(std::string_view in) : in_(in), text_ends_(in) { out_.reserve(in.size() + in.size() / 8 + 256); }

  Repaired run() {
    while (at_ < in_.size() && !finished_) {
      const auto next = std::min(in_.find('<', at_), in_.size());
      if (next > at_) text(in_.substr(at_, next - at_));
      at_ = next;
      if (at_ < in_.size()) markup();
    }
    end();
    return {std::move(out_), phrases()};
  }

 private:
  struct Open {
    std::string_view name;
    std::size_t start;        ///< where its start tag begins in the output
    std::size_t placeholder;  ///< where a "/" makes an empty element of it; 0 if it is not a void one
  };

  // What the text at hand stands in: a void element holds none, as it ends where another begins.
  [[nodiscard]] const Open& holder() const noexcept {
    const bool beside = open_.size() > 1 && open_.back().placeholder != 0;
    return open_[open_.size() - (beside ? 2 : 1)];
  }

  void note(Fault fault) noexcept { ++faults_[static_cast<std::size_t>(fault)]; }

  // --- text ---

  void text(std::string_view piece) {
    if (open_.empty()) {
      if (!trim(piece).empty()) note(root_done_ ? Fault::after : Fault::before);
      return;
    }
    const auto start = out_.size();
    append_references(out_, piece, false, entities_, references_);
    escape_cdata_ends(out_, start < 2 ? 0 : start - 2);
  }

  void literal_angle() {
    note(Fault::bare_angle);
    if (!open_.empty()) out_ += "&lt;";
    ++at_;
  }

  // Where the CDATA whose first "]]>" is at `end` really ends, if others were put inside it and each wrote its own end:
  // at as many more as there are inner starts, if what holds it ends right behind. npos if this is not so.
  std::size_t nested_end(std::size_t body, std::size_t end) const {
    constexpr std::size_t kDeepest = 16;
    std::size_t inner = 0;
    for (auto at = in_.substr(0, end).find(kCdataStart, body); at != npos && inner <= kDeepest;
         at = in_.substr(0, end).find(kCdataStart, at + 1)) {
      ++inner;
    }
    if (inner == 0 || inner > kDeepest || closes_holder(end + kCdataEnd.size())) return npos;
    for (; inner > 0; --inner) {
      const auto from = end + kCdataEnd.size();
      end = in_.find(kCdataEnd, from);
      if (end == npos || in_.substr(from, end - from).find(kCdataStart) != npos) return npos;
    }
    return ends_at(end + kCdataEnd.size()) ? end : npos;
  }

  // The next tag of an item at or after `from`, or the end; remembered.
  std::size_t find_item_edge(std::size_t from) noexcept {
    if (item_edge_ >= from) return item_edge_;
    item_edge_ = find_item_tag(in_, from);
    return item_edge_;
  }

  [[nodiscard]] bool closes_holder(std::size_t at) const noexcept {
    while (at < in_.size() && is_space(in_[at])) ++at;
    const auto& name = holder().name;
    const auto rest = in_.substr(at);
    return rest.starts_with("</") && rest.substr(2).starts_with(name) && rest.substr(2 + name.size()).starts_with('>');
  }

  // What holds a text ends at `at`, by its own end tag or because something around it does.
  [[nodiscard]] bool ends_at(std::size_t at) const noexcept {
    while (at < in_.size() && is_space(in_[at])) ++at;
    return at == in_.size() || in_.substr(at).starts_with("</");
  }

  // The next start of a CDATA section at or after `from`, or npos; remembered.
  std::size_t find_cdata(std::size_t from) noexcept {
    if (next_cdata_ < from) next_cdata_ = in_.find(kCdataStart, from);
    return next_cdata_;
  }

  void append_cdata(std::string_view text) {
    out_ += kCdataStart;
    append_without_cdata_marks(out_, text);
    out_ += kCdataEnd;
  }

  // `opening`: the size of what opens it.
  void cdata(std::size_t opening) {
    const auto body = at_ + opening;
    if (cdata_end_ < body) cdata_end_ = std::min(in_.find(kCdataEnd, body), in_.size());
    auto end = cdata_end_;
    auto next = end + kCdataEnd.size();
    bool endless = end == in_.size();
    // Another one begins before this one ends: it was never closed, if the element that holds it was.
    const auto next_start = find_cdata(body);
    const auto nested = next_start < end ? next_start : npos;
    if (endless && !structural_.empty()) {
      // Nothing closes it: it goes no further than its item.
      if (const auto edge = find_item_edge(body); edge < std::min(nested, in_.size())) end = next = edge;
    }
    if ((nested != npos || endless) && !open_.empty()) {
      const auto closing = "</" + std::string(holder().name) + ">";
      const auto cut = in_.substr(0, std::min(nested, end)).find(closing, body);
      if (cut != npos && (endless || cut < nested)) {
        note(Fault::cdata);
        end = next = cut;
        endless = false;
      }
    }
    if (endless) note(Fault::cdata);
    if (end == cdata_end_ && nested != npos && end != in_.size() && !open_.empty()) {
      if (const auto outer = nested_end(body, end); outer != npos) {
        note(Fault::nested_cdata);
        append_cdata(in_.substr(body, outer - body));
        at_ = outer + kCdataEnd.size();
        return;
      }
    }
    if (!open_.empty()) {
      if (nested < end) note(Fault::nested_cdata);
      append_cdata(in_.substr(body, end - body));
    }
    at_ = std::min(next, in_.size());
  }

  // --- markup ---

  void markup() {
    const auto rest = in_.substr(at_);
    if (rest.starts_with("<!--")) return skip_to("-->", 4, endless_comment_);
    if (const auto opening = cdata_opening(rest); opening > 0) return cdata(opening);
    if (rest.starts_with("<?")) return skip_to("?>", 2, endless_instruction_);
    if (rest.starts_with("<!")) return declaration();
    if (rest.size() > 2 && rest[1] == '/') {
      if (is_name_start(rest[2])) return end_tag(2);
      if (const auto skipped = odd_end_tag(rest); skipped > 0) return end_tag(skipped);
    }
    if (rest.size() > 1 && is_name_start(rest[1])) return start_tag();
    literal_angle();
  }

  // `endless`: it was found before that no such end is left, which must not cost a search each time.
  void skip_to(std::string_view closing, std::size_t from, bool& endless) {
    const auto end = endless ? npos : in_.find(closing, at_ + from);
    if (end != npos) {
      at_ = end + closing.size();
      return;
    }
    endless = true;
    note(Fault::comment);
    // What looks like a tag before it seems to end is one: no item is lost to a comment that nobody closed.
    const auto angle = find_either<'<', '>'>(in_, at_ + from);
    at_ = angle == npos ? in_.size() : in_[angle] == '>' ? angle + 1 : angle;
  }

  void declaration() {
    const bool doctype = istarts_with(in_.substr(at_, 9), "<!DOCTYPE");
    if (doctype && !doctype_seen_) {  // of a second one, which XML does not know, only the end matters
      doctype_seen_ = true;
      const auto type = read_doctype(in_, at_);
      entities_.declare(type.subset);
      if (!type.closed) note(Fault::comment);
      at_ = type.end;
      return;
    }
    const auto end = in_.find('>', at_);
    if (end == npos) note(Fault::comment);
    at_ = end == npos ? in_.size() : end + 1;
  }

  std::string_view take_name() {
    const auto start = at_;
    while (at_ < in_.size() && is_name_char(in_[at_])) ++at_;
    return in_.substr(start, at_ - start);
  }

  // "</ title>", "<//title>", which end an open element all the same, and SGML's "</>", which ends the last one: what
  // stands before the name. 0 if this is just text.
  std::size_t odd_end_tag(std::string_view rest) const noexcept {
    constexpr std::size_t kMostBlanks = 8;
    if (open_.empty()) return 0;
    if (rest[2] == '>') return 2;
    std::size_t at = 2;
    while (at < rest.size() && at < 2 + kMostBlanks && (is_space(rest[at]) || rest[at] == '/')) ++at;
    auto end = at;
    while (end < rest.size() && is_name_char(rest[end])) ++end;
    return end > at && end < rest.size() && rest[end] == '>' && find_open(rest.substr(at, end - at)) != npos ? at : 0;
  }

  // `before`: the size of what stands before the name.
  void end_tag(std::size_t before) {
    if (before > 2) note(Fault::tag);
    at_ += before;
    auto name = take_name();
    if (name.empty()) {
      note(Fault::tag);
      name = open_.back().name;
    }
    const auto end = find_either<'<', '>'>(in_, at_);
    if (end == npos) {
      at_ = in_.size();
      cut_ = true;
      return;
    }
    if (in_[end] == '<') note(Fault::tag);
    at_ = in_[end] == '>' ? end + 1 : end;
    close(name);
  }

  void close(std::string_view name) {
    if (!open_.empty() && open_.back().name == name) {
      pop(true);
      return;
    }
    const auto found = find_open(name);
    if (found == npos) {
      if (!open_.empty() || !out_.empty()) note(Fault::stray);
      return;
    }
    while (open_.size() > found + 1) {
      if (open_.back().placeholder == 0) note(Fault::unclosed);
      pop(false);
    }
    if (open_.back().name != name) note(Fault::mismatched);
    pop(true);
  }

  // The open element that an end tag of this name closes.
  std::size_t find_open(std::string_view name) const noexcept {
    if (is_structural(name)) {
      std::size_t looked = 0;
      for (auto it = structural_.rbegin(); it != structural_.rend() && looked < kLookBack; ++it, ++looked) {
        if (iequals(open_[*it].name, name)) return *it;
      }
      return npos;
    }
    const auto floor = structural_.empty() ? 0 : structural_.back() + 1;
    std::size_t looked = 0;
    for (auto i = open_.size(); i > floor && looked < kLookBack; --i, ++looked) {
      if (iequals(open_[i - 1].name, name)) return i - 1;
    }
    return npos;
  }

  // `explicitly`: an end tag was there.
  void pop(bool explicitly) {
    const auto& top = open_.back();
    if (open_.size() == 1 && is_root(top.name)) {
      last_root_ = top;
      last_root_end_ = out_.size();
    }
    if (!explicitly && top.placeholder != 0) {
      note(Fault::html);
      out_[top.placeholder] = '/';  // "<br >" becomes "<br/>": what followed it stands beside it
    } else {
      out_ += "</";
      out_ += top.name;
      out_ += '>';
    }
    open_.pop_back();
    if (!structural_.empty() && structural_.back() == open_.size()) structural_.pop_back();
    if (open_.empty() && is_feed_) root_done_ = true;
  }

  void start_tag() {
    const auto begin = at_;
    ++at_;
    const auto name = take_name();
    if (!plausible(name)) {
      at_ = begin;
      literal_angle();
      return;
    }
    if (open_.empty() && !may_begin(name)) return;
    make_room(name);
    if (open_.empty() && !out_.empty() && !may_begin(name)) return;  // it made room of the root itself
    const auto start = out_.size();
    out_ += '<';
    out_ += name;
    const auto result = attributes(is_structural(name));
    if (result == Tail::cut) {  // the text ends inside this tag
      out_.resize(start);
      cut_ = true;
      return;
    }
    if (is_structural(name)) is_feed_ = true;
    if (result == Tail::empty || (open_.empty() && is_void(name))) {  // an <img> as root: what follows stands behind it
      out_ += "/>";
      if (open_.empty() && is_feed_) root_done_ = true;
      return;
    }
    std::size_t placeholder = 0;
    if (is_void(name)) {
      placeholder = out_.size();
      out_ += ' ';
    }
    out_ += '>';
    if (is_structural(name)) structural_.push_back(open_.size());
    open_.push_back({name, start, placeholder});
  }

  // Inside an element that holds a line of text, only HTML and the vocabulary of feeds are tags: "vector<int>" is text.
  bool plausible(std::string_view name) const noexcept {
    if (open_.empty() || !is_leaf(holder().name)) return true;
    return is_html_element(name) || is_feed_element(name);
  }

  // Before a top-level element is opened. False: it is not to be opened.
  bool may_begin(std::string_view name) {
    if (root_done_) {
      if (is_item(name)) return reopen();
      note(is_root(name) ? Fault::glued : Fault::after);
      finished_ = true;
      return false;
    }
    if (!out_.empty()) {  // what was before was no feed
      note(Fault::before);
      out_.clear();
    }
    if (iequals(name, "item")) {
      note(Fault::rootless);
      out_ += kRssHead;
      open_.push_back({"rss", 0, 0});
      open_.push_back({"channel", 0, 0});
      structural_ = {0, 1};
      wrapped_ = true;
    }
    return true;
  }

  // Items behind the end of the feed belong to it: its end tag came too early.
  bool reopen() {
    note(Fault::after);
    if (last_root_.name.empty()) {
      finished_ = true;
      return false;
    }
    out_.resize(last_root_end_);
    structural_.push_back(0);
    open_.push_back(last_root_);
    root_done_ = false;
    return true;
  }

  // Closes what cannot hold the element that begins now.
  void make_room(std::string_view name) {
    while (!open_.empty() && open_.back().placeholder != 0) pop(false);
    if (open_.empty()) return;
    if (is_item(name)) {
      // An item inside an item: the one before was never closed. (An entry may stand in the content of another.)
      if (structural_.empty()) return;
      const auto outer = structural_.back();
      if (!is_item(open_[outer].name)) return close_members(outer);
      if (!iequals(open_[outer].name, name)) return;
      for (auto i = outer + 1; i < open_.size() && i < outer + 16; ++i) {
        if (iequals(local_name(open_[i].name), "content") || iequals(local_name(open_[i].name), "source")) return;
      }
      while (open_.size() > outer) {
        note(Fault::unclosed);
        pop(false);
      }
      return;
    }
    if (!is_feed_element(name)) return;
    close_text(name);
    while (!open_.empty() && is_leaf(open_.back().name) && !iequals(open_.back().name, name)) {
      note(Fault::unclosed);
      pop(false);
    }
  }

  // A text that nobody closed ends where the next member of its item begins.
  void close_text(std::string_view name) {
    if (structural_.empty() || is_structural(name)) return;
    const auto member = structural_.back() + 1;
    if (open_.size() <= member || (open_.size() > member + 1 && is_html_element(name))) return;
    if (!text_ends_.misses_end(open_[member].name, at_)) return;
    while (open_.size() > member) {
      note(Fault::unclosed);
      pop(false);
    }
  }

  // A feed's own members end where its first item begins, whether their end tags are there or not; <items> holds items.
  void close_members(std::size_t outer) {
    if (open_.size() > outer + 1 && iequals(local_name(open_[outer + 1].name), "items")) return;
    while (open_.size() > outer + 1) {
      note(Fault::unclosed);
      pop(false);
    }
  }

  // --- attributes ---

  enum class Tail : std::uint8_t { open, empty, cut };

  void skip_space() {
    while (at_ < in_.size() && is_space(in_[at_])) ++at_;
  }

  // `structural`: the element holds others, so "/>" behind a value without quotes closes the tag, not the element.
  Tail attributes(bool structural) {
    seen_.clear();
    while (true) {
      skip_space();
      if (at_ >= in_.size()) return Tail::cut;
      const char c = in_[at_];
      if (c == '>') {
        ++at_;
        return Tail::open;
      }
      if (c == '<') {
        note(Fault::tag);
        return Tail::open;
      }
      if (c == '/') {
        ++at_;
        skip_space();
        if (at_ < in_.size() && in_[at_] == '>') {
          ++at_;
          return Tail::empty;
        }
        continue;
      }
      if (!is_name_start(c)) {
        note(Fault::attribute);
        ++at_;
        continue;
      }
      if (!attribute(structural)) return Tail::cut;
    }
  }

  bool attribute(bool structural) {
    const auto name = take_name();
    skip_space();
    std::string_view value;
    if (at_ < in_.size() && in_[at_] == '=') {
      ++at_;
      skip_space();
      if (at_ >= in_.size()) return false;
      if (in_[at_] == '"' || in_[at_] == '\'') {
        if (!quoted(value)) return false;
      } else {
        note(Fault::attribute);
        const auto start = at_;
        while (at_ < in_.size() && !is_space(in_[at_]) && in_[at_] != '>' && in_[at_] != '<') ++at_;
        const bool slash = at_ < in_.size() && in_[at_] == '>' && at_ > start && in_[at_ - 1] == '/';
        if (slash && !structural) --at_;  // <br clear=all/>, but <feed xml:base=http://example.org/>
        value = without_odd_quotes(in_.substr(start, at_ - start));
      }
    } else {
      if (at_ >= in_.size()) return false;
      note(Fault::attribute);
      value = name;
    }
    const auto compared = seen_.size() < kMostAttributes ? seen_.begin() : seen_.end() - kMostAttributes;
    if (std::find(compared, seen_.end(), name) != seen_.end()) {
      note(Fault::duplicate);
      return true;
    }
    seen_.push_back(name);
    out_ += ' ';
    out_ += name;
    out_ += "=\"";
    append_references(out_, value, true, entities_, references_);
    out_ += '"';
    return true;
  }

  // The next quote of this kind at or after `from`; remembered, so that looking for one that is far away costs once.
  std::size_t find_quote(char quote, std::size_t from) noexcept {
    auto& known = next_quote_[quote == '"' ? 0 : 1];
    if (known < from || known == 0) known = std::min(in_.find(quote, from), in_.size());
    return known;
  }

  // Likewise for the end of a tag.
  std::size_t find_angle(std::size_t from) noexcept {
    if (next_angle_ < from) next_angle_ = std::min(in_.find('>', from), in_.size());
    return next_angle_;
  }

  bool quoted(std::string_view& value) {
    const char quote = in_[at_];
    const auto start = at_ + 1;
    const auto end = find_quote(quote, start);
    const auto angle = in_.substr(0, end).find('<', start);
    if (angle != npos) {
      // "<" before the quote ends: fine in a sentence, but a sign of a missing quote if no tag could go on behind it.
      const bool goes_on =
          end + 1 < in_.size() && (is_space(in_[end + 1]) || in_[end + 1] == '>' || in_[end + 1] == '/');
      const auto close = find_angle(start);
      if ((!goes_on || end == in_.size()) && close < angle) {
        note(Fault::attribute);
        const auto stop = in_.substr(0, close).find_first_of(" \t\r\n", start);
        at_ = std::min(stop, close);
        value = in_.substr(start, at_ - start);
        return true;
      }
    }
    if (end == in_.size()) {
      at_ = end;
      return false;
    }
    value = in_.substr(start, end - start);
    at_ = end + 1;
    const char after = at_ < in_.size() ? in_[at_] : '>';
    if (const auto lost = find_lost_quote(value); lost != npos && !is_space(after) && after != '>' && after != '/') {
      note(Fault::attribute);
      at_ = start + lost;
      value = trim(value.substr(0, lost));
    }
    return true;
  }

  // --- the end ---

  void end() {
    if (open_.empty()) return;
    const auto item =
        std::find_if(structural_.begin(), structural_.end(), [this](std::size_t i) { return is_item(open_[i].name); });
    if (item != structural_.end() && *item > 0) {
      note(Fault::truncated);
      out_.resize(open_[*item].start);
      open_.resize(*item);
    } else if (!wrapped_ || open_.size() > 2) {
      note(Fault::unclosed);
    }
    while (!open_.empty()) pop(false);
  }

  std::vector<std::string> phrases() const {
    std::vector<std::string> list;
    const auto add = [&list](std::string phrase, std::size_t times) {
      if (times == 0) return;
      if (times > 1) phrase += " (" + std::to_string(times) + " times)";
      list.push_back(std::move(phrase));
    };
    add("undeclared entity &" + references_.example + ";", references_.undeclared);
    add("bare \"&\"", references_.bare);
    add("invalid character reference", references_.characters);
    add("entity not expanded: over the bound", references_.refused);
    for (std::size_t i = 0; i < faults_.size(); ++i) add(std::string(kFaultPhrases[i]), faults_[i]);
    return list;
  }

  std::string_view in_;
  std::size_t at_ = 0;
  std::string out_;
  std::vector<Open> open_;
  std::vector<std::size_t> structural_;  ///< indices into open_
  std::vector<std::string_view> seen_;   ///< attributes of the tag at hand
  std::array<std::size_t, 2> next_quote_{};
  std::size_t next_angle_ = 0;
  std::size_t cdata_end_ = 0;
  std::size_t next_cdata_ = 0;
  std::size_t item_edge_ = 0;
  TextEnds text_ends_;
  Open last_root_{};               ///< the root that was closed last, for items behind it
  std::size_t last_root_end_ = 0;  ///< where its end tag begins in the output
  Entities entities_;
  ReferenceRepairs references_;
  std::array<std::size_t, static_cast<std::size_t>(Fault::count)> faults_{};
  bool is_feed_ = false;    ///< something of a feed was opened
  bool root_done_ = false;  ///< and the root around it closed
  bool wrapped_ = false;    ///< a root was made up for items without one
  bool finished_ = false;
  bool cut_ = false;  ///< the text ended inside a tag
  bool doctype_seen_ = false;
  bool endless_comment_ = false;
  bool endless_instruction_ = false;
};

}  // namespace

Repaired repair(std::string_view text) { return Repairer(text).run(); }

}  // namespace newswire::feed::detail
