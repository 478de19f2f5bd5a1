#include "feed/detail/xml_entry.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "base/url.h"
#include "feed/dates.h"
#include "feed/detail/construct.h"
#include "feed/detail/geo.h"
#include "feed/detail/html_urls.h"
#include "feed/detail/markup.h"
#include "feed/detail/media.h"
#include "feed/detail/person.h"
#include "feed/detail/plain.h"
#include "feed/detail/podcast.h"

namespace newswire::feed::detail {
namespace {

constexpr std::size_t kMostOfAKind = 4096;   // links, tags, people of one entry
constexpr std::size_t kMostAlternates = 64;  // attachments that another one is compared with

bool is_html_type(std::string_view type) noexcept {
  return type.empty() || istarts_with(type, "text/html") || istarts_with(type, "application/xhtml+xml") ||
         iequals(type, "html") || iequals(type, "xhtml");
}

bool looks_like_url(std::string_view text) noexcept {
  return istarts_with(text, "http://") || istarts_with(text, "https://");
}

std::optional<std::uint64_t> count_from(std::string_view text) noexcept {
  text = trim(text);
  std::uint64_t value = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
  return ec == std::errc{} && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

void add_alternate(std::vector<Attachment>& attachments, Attachment other) {
  const bool known = std::any_of(attachments.begin(), attachments.end(),
                                 [&other](const Attachment& one) { return one.url == other.url; });
  if (!known && attachments.size() < kMostAlternates) attachments.push_back(std::move(other));
}

std::string first_line(std::string_view text) { return fold_space(text); }

}  // namespace

void add_tag(std::vector<std::string>& tags, std::string tag) {
  if (tag.empty() || tags.size() >= kMostOfAKind) return;
  const auto last = tags.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(tags.size(), 128));
  if (std::find(tags.begin(), last, tag) == last) tags.push_back(std::move(tag));
}

void add_tags(std::vector<std::string>& tags, std::string_view list) {
  for (const auto piece : split(list, ',')) add_tag(tags, label_from(piece));
}

bool EntryReader::outranks(Member member, std::uint8_t rank) noexcept {
  if (rank <= best_[member].rank) return false;
  best_[member].rank = rank;
  return true;
}

void EntryReader::candidate(Member member, std::uint8_t rank, xml::Node node, bool atom) noexcept {
  if (is_blank(node)) return;  // an empty element says nothing
  if (outranks(member, rank)) best_[member] = {node, rank, atom};
}

void EntryReader::date(Member member, std::uint8_t rank, xml::Node node, Date& target) {
  if (rank <= best_[member].rank && target.time) return;
  auto found = make_date(inner_text(node, scratch_));
  if (found.raw.empty() || (!found.time && !target.raw.empty())) return;
  best_[member].rank = rank;
  target = std::move(found);
}

void EntryReader::person(xml::Node node, std::vector<Person>& people) {
  for (auto& person : read_people(node, scopes_, scratch_)) {
    if (people.size() < kMostOfAKind) add_person(people, std::move(person));
  }
}

void EntryReader::read(xml::Node node, Entry& entry) {
  best_ = {};
  creators_.clear();
  podcasters_.clear();
  plain_link_.clear();
  atom_link_.clear();
  atom_link_is_html_ = false;
  original_link_.clear();
  original_enclosure_.clear();
  odd_link_.clear();
  guid_.clear();
  guid_is_link_ = false;
  holds_entries_ = false;
  if (auto about = trim(attribute(node, "about")); !about.empty() && outranks(id, 5)) guid_ = about;  // rdf:about
  duration_.reset();
  location_ = {};
  for (auto child = node.first_child(); child; child = child.next_sibling()) {
    if (!child.is_element()) continue;
    const Level level(scopes_, child);
    element(child, scopes_.name(child), entry);
  }
  finish(node, entry);
}

void EntryReader::element(xml::Node node, Name name, Entry& entry) {
  if (name.tag == Tag::unknown) return;
  switch (name.ns) {
    case Ns::plain:
    case Ns::atom:
    case Ns::rss10:
    case Ns::rss090:
    case Ns::rdf: plain_element(node, name, entry); return;
    case Ns::dc: dublin_core(node, name, entry); return;
    case Ns::dcterms: dublin_core_terms(node, name, entry); return;
    case Ns::content:
      if (name.tag == Tag::encoded) candidate(content, 9, node, false);
      if (name.tag == Tag::items) {  // the module's older form: a bag of descriptions
        if (const auto value = rdf_value(node, scopes_)) candidate(content, 6, value, false);
      }
      return;
    case Ns::media: media_element(node, name, entry); return;
    case Ns::itunes:
    case Ns::googleplay:
    case Ns::podcast: podcast(node, name, entry); return;
    case Ns::feedburner:
    case Ns::pheedo:
      if (name.tag == Tag::origlink) original_link_ = first_line(inner_text(node, scratch_));
      if (name.tag == Tag::origenclosurelink) original_enclosure_ = first_line(inner_text(node, scratch_));
      return;
    case Ns::georss:
    case Ns::geo:
    case Ns::gml: read_location(node, name, scopes_, location_, scratch_); return;
    case Ns::cc:
      if (name.tag == Tag::license && entry.links.size() < kMostOfAKind) {
        auto license = read_link(node, scopes_, scratch_);
        if (license.href.empty()) license.href = resolve_url(scopes_.base(), attribute(node, "resource"));
        license.rel = "license";
        if (!license.href.empty()) entry.links.push_back(std::move(license));
      }
      return;
    case Ns::wfw:
      if (name.tag == Tag::commentrss && entry.comments_feed.empty())
        entry.comments_feed = resolve_url(scopes_.base(), trim(inner_text(node, scratch_)));
      return;
    case Ns::slash:
    case Ns::thr:
      if (name.tag == Tag::comments || name.tag == Tag::total)
        entry.comment_count = count_from(inner_text(node, scratch_));
      return;
    case Ns::xhtml:
      if (name.tag == Tag::body || name.tag == Tag::div) candidate(content, 8, node, true);
      return;
    case Ns::prism:
      if (name.tag == Tag::publicationdate) date(published, 2, node, entry.published);
      return;
    case Ns::yandex:
      if (name.tag == Tag::full_text) candidate(content, 4, node, false);
      return;
    default: return;
  }
}

void EntryReader::plain_element(xml::Node node, Name name, Entry& entry) {
  if (is_foreign(node) && name.tag != Tag::item && name.tag != Tag::entry) return;
  const bool atom = name.ns == Ns::atom || feed_.dialect == Dialect::atom;
  switch (name.tag) {
    case Tag::item:
    case Tag::entry: holds_entries_ = true; break;
    case Tag::title: candidate(title, 9, node, atom); break;
    case Tag::link: link(node, atom, entry); break;
    case Tag::description: candidate(description, 9, node, atom); break;
    case Tag::summary: candidate(summary, 8, node, true); break;
    case Tag::abstract: candidate(description, 8, node, atom); break;
    case Tag::content:
      if (!attribute(node, "src").empty()) out_of_line(node, entry);
      if (istarts_with(attribute(node, "type"), "multipart/")) {
        alternatives(node);
      } else {
        candidate(content, 8, node, true);
      }
      break;
    case Tag::encoded: candidate(content, 7, node, false); break;
    case Tag::body: candidate(content, 7, node, true); break;
    case Tag::fullitem: candidate(content, 6, node, false); break;
    case Tag::full_text: candidate(content, 4, node, false); break;
    case Tag::guid:
    case Tag::id: {
      auto text = first_line(inner_text(node, scratch_));
      if (text.empty() || !outranks(id, name.tag == Tag::guid ? 9 : 8)) break;
      guid_ = std::move(text);
      const auto permalink = trim(attribute(node, "isPermaLink"));
      guid_is_link_ = !iequals(permalink, "false") && !iequals(permalink, "no") && permalink != "0";
      break;
    }
    case Tag::url:
    case Tag::uri: {
      const auto text = first_line(inner_text(node, scratch_));
      if (!text.empty() && odd_link_.empty()) odd_link_ = resolve_url(scopes_.base(), text);
      break;
    }
    case Tag::pubdate:
    case Tag::publicationdate:
    case Tag::published:
    case Tag::issued: date(published, name.tag == Tag::pubdate ? 9 : 8, node, entry.published); break;
    case Tag::updated:
    case Tag::modified:
    case Tag::lastmod:
    case Tag::lastbuilddate: date(updated, 8, node, entry.updated); break;
    case Tag::created:
    case Tag::date: date(published, 3, node, entry.published); break;
    case Tag::author:
    case Tag::creator:
    case Tag::managingeditor: person(node, entry.authors); break;
    case Tag::contributor: person(node, entry.contributors); break;
    case Tag::category:
    case Tag::tag:
    case Tag::subject: category(node, entry); break;
    case Tag::categories:  // a list around them (Macworld, 2018)
      for (auto child = first_element(node); child; child = child.next_sibling()) {
        if (child.is_element() && scopes_.name(child).tag == Tag::category) category(child, entry);
      }
      break;
    case Tag::keywords:
    case Tag::tags: keywords(node, entry); break;
    case Tag::enclosure:
      if (auto attachment = read_enclosure(node, scopes_, scratch_);
          attachment && entry.attachments.size() < kMostOfAKind) {
        entry.attachments.push_back(std::move(*attachment));
      }
      break;
    case Tag::comments: {
      const auto text = first_line(inner_text(node, scratch_));
      // "Be the first to comment" is no address.
      if (!text.empty() && text.find(' ') == std::string::npos) entry.comments = resolve_url(scopes_.base(), text);
      break;
    }
    case Tag::source: read_source(node, entry); break;
    case Tag::image: {
      auto picture = first_element(node);
      while (picture && scopes_.name(picture).tag != Tag::url) picture = picture.next_sibling();
      auto url = picture ? trim(inner_text(picture, scratch_)) : trim(attribute(node, "url"));
      if (url.empty()) url = trim(attribute(node, "href"));
      if (url.empty()) url = trim(attribute(node, "resource"));
      if (url.empty() && !has_elements(node)) url = trim(inner_text(node, scratch_));
      if (!url.empty() && outranks(image, 8)) entry.image = resolve_url(scopes_.base(), url);
      break;
    }
    case Tag::language: candidate(language, 9, node, false); break;
    case Tag::rights:
    case Tag::copyright: candidate(rights, 9, node, atom); break;
    default: break;
  }
}

void EntryReader::dublin_core(xml::Node node, Name name, Entry& entry) {
  switch (name.tag) {
    case Tag::title: candidate(title, 5, node, false); break;
    case Tag::creator:
    case Tag::author: person(node, creators_); break;
    case Tag::contributor: person(node, entry.contributors); break;
    case Tag::date:
      date(published, 5, node, entry.published);
      date(updated, 2, node, entry.updated);
      break;
    case Tag::subject: category(node, entry); break;
    case Tag::description: candidate(description, 5, node, false); break;
    case Tag::language: candidate(language, 5, node, false); break;
    case Tag::rights: candidate(rights, 5, node, false); break;
    case Tag::identifier:
      if (auto text = first_line(inner_text(node, scratch_)); !text.empty() && outranks(id, 3)) {
        guid_ = std::move(text);
        guid_is_link_ = false;
      }
      break;
    default: break;
  }
}

void EntryReader::dublin_core_terms(xml::Node node, Name name, Entry& entry) {
  switch (name.tag) {
    case Tag::issued: date(published, 6, node, entry.published); break;
    case Tag::created: date(published, 4, node, entry.published); break;
    case Tag::modified: date(updated, 6, node, entry.updated); break;
    case Tag::abstract: candidate(description, 4, node, false); break;
    default: dublin_core(node, name, entry); break;
  }
}

void EntryReader::podcast(xml::Node node, Name name, Entry& entry) {
  switch (name.tag) {
    case Tag::title: candidate(title, 4, node, false); break;
    case Tag::author: person(node, podcasters_); break;
    case Tag::person:
      if (entry.contributors.size() < kMostOfAKind) add_person(entry.contributors, read_podcast_person(node, scratch_));
      break;
    case Tag::transcript:
    case Tag::chapters:
      if (auto link = read_podcast_link(node, name.tag == Tag::chapters ? "chapters" : "transcript", scopes_);
          link && entry.links.size() < kMostOfAKind) {
        entry.links.push_back(*std::move(link));
      }
      break;
    case Tag::alternateenclosure:
      if (auto other = read_alternate_enclosure(node, scopes_)) add_alternate(entry.attachments, *std::move(other));
      break;
    case Tag::summary:
    case Tag::description: candidate(description, 4, node, false); break;
    case Tag::subtitle: candidate(description, 3, node, false); break;
    case Tag::link:  // <itunes:link rel="image" href="…">
      if (iequals(trim(attribute(node, "rel")), "image") && outranks(image, 7))
        entry.image = resolve_url(scopes_.base(), attribute(node, "href"));
      break;
    case Tag::image: {
      auto url = trim(attribute(node, "href"));
      if (url.empty()) url = trim(attribute(node, "url"));
      if (url.empty()) url = trim(inner_text(node, scratch_));
      if (!url.empty() && outranks(image, 9)) entry.image = resolve_url(scopes_.base(), url);
      break;
    }
    case Tag::duration: duration_ = parse_duration(inner_text(node, scratch_)); break;
    case Tag::keywords: keywords(node, entry); break;
    case Tag::category:
      add_tag(entry.tags, label_from(attribute(node, "text")));
      for (auto child = first_element(node); child; child = child.next_sibling()) {
        if (child.is_element() && scopes_.name(child).tag == Tag::category)
          add_tag(entry.tags, label_from(attribute(child, "text")));
      }
      break;
    default: break;
  }
}

void EntryReader::media_element(xml::Node node, Name name, Entry& entry) {
  switch (name.tag) {
    case Tag::group:
      // What a group says of all its members stands in for what the entry does not say itself (YouTube).
      for (auto child = node.first_child(); child; child = child.next_sibling()) {
        if (!child.is_element()) continue;
        const auto tag = scopes_.name(child).tag;
        if (tag == Tag::title) candidate(title, 1, child, false);
        if (tag == Tag::description) candidate(description, 1, child, false);
        if (tag == Tag::keywords) keywords(child, entry);
        if (tag == Tag::category) category(child, entry);
      }
      [[fallthrough]];
    case Tag::content:
    case Tag::thumbnail: read_media(node, name, scopes_, entry, scratch_); break;
    case Tag::title: candidate(title, 2, node, false); break;
    case Tag::description: candidate(description, 2, node, false); break;
    case Tag::keywords: keywords(node, entry); break;
    case Tag::category: category(node, entry); break;
    case Tag::copyright: candidate(rights, 4, node, false); break;
    default: break;
  }
}

void EntryReader::link(xml::Node node, bool atom, Entry& entry) {
  auto found = read_link(node, scopes_, scratch_);
  if ((found.href.empty() && !node.first_attribute()) || entry.links.size() >= kMostOfAKind) return;
  // <link> of RSS holds text, but <link href> without a prefix is seen there too; the last one counts.
  const bool rss_link = !atom && (attribute(node, "href").empty() || found.rel == "alternate");
  if (found.href.empty()) {
    // says something about a link, but not where to
  } else if (rss_link) {
    plain_link_ = found.href;
  } else if (found.rel == "alternate") {
    const bool html = is_html_type(found.type);
    if (atom_link_.empty() || (html && !atom_link_is_html_)) {
      atom_link_ = found.href;
      atom_link_is_html_ = html;
    }
  } else if (found.rel == "enclosure") {
    Attachment attachment;
    attachment.url = found.href;
    attachment.mime_type = found.type.empty() ? std::string(guess_type(found.href)) : found.type;
    attachment.title = found.title;
    attachment.size_in_bytes = found.length;
    entry.attachments.push_back(std::move(attachment));
  } else if (found.rel == "replies") {  // RFC 4685
    auto& target = is_html_type(found.type) ? entry.comments : entry.comments_feed;
    if (target.empty()) target = found.href;
    if (const auto count = count_from(attribute(node, "count")); count && !entry.comment_count)
      entry.comment_count = count;
  }
  entry.links.push_back(std::move(found));
}

void EntryReader::category(xml::Node node, Entry& entry) {
  auto term = attribute(node, "term");
  const auto value = term.empty() && has_elements(node) ? rdf_value(node, scopes_) : xml::Node{};
  if (term.empty()) term = inner_text(value ? value : node, scratch_);
  if (trim(term).empty()) term = attribute(node, "label");
  if (trim(term).empty()) term = attribute(node, "text");
  add_tag(entry.tags, label_from(term));
}

void EntryReader::keywords(xml::Node node, Entry& entry) { add_tags(entry.tags, inner_text(node, scratch_)); }

void EntryReader::read_source(xml::Node node, Entry& entry) {
  Source from;
  bool structured = false;
  for (auto child = node.first_child(); child; child = child.next_sibling()) {
    if (!child.is_element()) continue;
    const Level level(scopes_, child);
    switch (scopes_.name(child).tag) {
      case Tag::title:
        structured = true;
        if (from.title.empty()) from.title = read_plain(child, true, scratch_);
        break;
      case Tag::id:
        structured = true;
        if (from.id.empty()) from.id = first_line(inner_text(child, scratch_));
        break;
      case Tag::link: {
        structured = true;
        auto found = read_link(child, scopes_, scratch_);
        if (found.rel == "alternate" || (found.rel == "self" && from.url.empty())) from.url = std::move(found.href);
        break;
      }
      case Tag::author:
        structured = true;
        if (best_[source].rank == 0)
          person(child, podcasters_);  // RFC 4287, 4.2.1: an entry without author has its source's
        break;
      default: structured = structured || scopes_.name(child).tag != Tag::unknown; break;
    }
  }
  if (!structured) from.title = plain_from_html(inner_text(node, scratch_));
  if (from.url.empty()) {
    auto url = trim(attribute(node, "url"));
    if (url.empty()) url = trim(attribute(node, "href"));
    if (!url.empty()) from.url = resolve_url(scopes_.base(), url);
  }
  if (from.title.empty() && from.id.empty() && from.url.empty()) return;
  if (outranks(source, 1)) entry.source = std::move(from);
}

// Atom 0.3, multipart/alternative: the same content several times; markup says most.
void EntryReader::alternatives(xml::Node node) {
  for (auto child = first_element(node); child; child = child.next_sibling()) {
    if (!child.is_element() || scopes_.name(child).tag != Tag::content) continue;
    const bool markup = ifind(attribute(child, "type"), "html") != std::string_view::npos;
    candidate(content, markup ? 8 : 5, child, true);
  }
}

// atom:content with src: the content is elsewhere.
void EntryReader::out_of_line(xml::Node node, Entry& entry) {
  auto address = resolve_url(scopes_.base(), attribute(node, "src"));
  const auto type = trim(attribute(node, "type"));
  if (is_html_type(type)) {
    if (atom_link_.empty()) atom_link_ = std::move(address);
    return;
  }
  Attachment attachment;
  attachment.url = std::move(address);
  attachment.mime_type = type;
  entry.attachments.push_back(std::move(attachment));
}

void EntryReader::finish(xml::Node node, Entry& entry) {
  finish_links(entry);
  finish_texts(entry);
  finish_people(entry);
  if (feed_.dialect == Dialect::cdf) {
    if (const auto href = cdf_href(node); !href.empty()) {
      auto found = cdf_link(href, scopes_);
      if (entry.url.empty()) entry.url = found.href;
      entry.links.insert(entry.links.begin(), std::move(found));
    }
    if (entry.updated.raw.empty()) entry.updated = make_date(attribute(node, "lastmod"));
    if (entry.title.empty()) entry.title = cdf_anchor_text(node, scratch_);
  }
  entry.id = absolute_id(guid_, scopes_, feed_.dialect == Dialect::atom);
  // "Published" is what readers sort by; an entry that only says when it changed was published no later than that.
  if (entry.published.raw.empty()) entry.published = entry.updated;
  if (!original_enclosure_.empty() && !entry.attachments.empty()) entry.attachments.front().url = original_enclosure_;
  if (duration_) {
    for (auto& attachment : entry.attachments) {
      if (!attachment.duration_in_seconds && !istarts_with(attachment.mime_type, "image/")) {
        attachment.duration_in_seconds = duration_;
        break;
      }
    }
  }
  if (best_[image].rank == 0) {
    auto from_html = std::move(entry.image);
    entry.image.clear();
    apply_media(entry);
    if (entry.image.empty()) entry.image = std::move(from_html);
  } else {
    apply_media(entry);
  }
  entry.geo = to_text(std::move(location_));
  if (const auto& lang = best_[language]; lang.node) {
    entry.language = fold_space(inner_text(lang.node, scratch_));
  } else if (!scopes_.lang().empty()) {
    entry.language = scopes_.lang();
  }
  std::replace(entry.language.begin(), entry.language.end(), '_', '-');
  if (iequals(entry.language, feed_.language)) entry.language.clear();
}

void EntryReader::finish_links(Entry& entry) {
  const bool atom = feed_.dialect == Dialect::atom;
  auto& first = atom ? atom_link_ : plain_link_;
  auto& second = atom ? plain_link_ : atom_link_;
  if (!original_link_.empty() && looks_like_url(original_link_)) {
    entry.url = original_link_;
  } else if (!first.empty()) {
    entry.url = first;
  } else if (!second.empty()) {
    entry.url = second;
  } else if (!guid_.empty() && guid_is_link_ &&
             (looks_like_url(guid_) || (!atom && !is_http_url(guid_) && guid_.find(':') == std::string::npos))) {
    // A guid that is a permalink; "tag:" and other URNs never are, and neither is a bare number.
    const bool path = guid_.find('/') != std::string::npos || guid_.find('.') != std::string::npos;
    if (looks_like_url(guid_) || (path && guid_.find(' ') == std::string::npos))
      entry.url = resolve_url(scopes_.base(), guid_);
  }
  if (entry.url.empty() && is_http_url(odd_link_)) entry.url = odd_link_;
  if (feed_.dialect != Dialect::atom && !entry.url.empty() && !is_http_url(entry.url) && !feed_.home_page_url.empty()) {
    entry.url = resolve_url(feed_.home_page_url, entry.url);
  }
  for (const auto& attachment : entry.attachments) {
    if (entry.links.size() >= kMostOfAKind) break;
    const auto known = [&attachment](const Link& candidate) {
      return candidate.rel == "enclosure" && candidate.href == attachment.url;
    };
    if (entry.links.size() < 64 && std::any_of(entry.links.begin(), entry.links.end(), known)) continue;
    Link enclosure;
    enclosure.href = attachment.url;
    enclosure.rel = "enclosure";
    enclosure.type = attachment.mime_type;
    enclosure.length = attachment.size_in_bytes;
    entry.links.push_back(std::move(enclosure));
  }
}

// What relative URLs inside HTML refer to: the document's word (xml:base), for RSS, which has no rule, the page
// that the HTML was written for, and only then where the document came from.
std::string_view EntryReader::html_base() const noexcept {
  if (scopes_.has_own_base() || (feed_.dialect == Dialect::atom && !scopes_.base().empty())) return scopes_.base();
  return html_base_.empty() ? scopes_.base() : std::string_view(html_base_);
}

void EntryReader::store_text(const Candidate& from, Entry& entry, std::string& html, std::string* plain,
                             bool* is_html) {
  const Level level(scopes_, from.node);
  // The xml:base of TypePad and others stands on the div inside.
  const auto div = from.atom ? enclosing_div(from.node) : xml::Node{};
  std::optional<Level> inside;
  if (div) inside.emplace(scopes_, div);
  const auto construct = from.atom
                             ? read_atom_construct(from.node, feed_.format == Format::atom03, scratch_, html_base())
                             : read_rss_construct(from.node, scratch_);
  if (is_html != nullptr) *is_html = construct.html;
  if (!construct.html) {
    (plain != nullptr ? *plain : html) = construct.value;
    return;
  }
  html = resolve_html_urls(construct.value, html_base(), patched_, &entry.image);
}

void EntryReader::finish_texts(Entry& entry) {
  html_base_ = is_http_url(entry.url) ? entry.url : feed_.home_page_url;
  if (const auto& from = best_[title]; from.node) {
    const Level level(scopes_, from.node);
    entry.title = read_plain(from.node, from.atom, scratch_);
  }
  if (const auto& from = best_[rights]; from.node) entry.rights = read_plain(from.node, from.atom, scratch_);
  // The item's only text is its content, whatever it is called; but a summary of Atom says itself that it is none.
  const bool has_content = static_cast<bool>(best_[content].node);
  const auto& body = has_content ? best_[content] : best_[description];
  const auto& brief = best_[summary].node || !has_content ? best_[summary] : best_[description];
  if (body.node) store_text(body, entry, entry.content_html, &entry.content_text, nullptr);
  if (!brief.node) return;
  store_text(brief, entry, entry.summary, nullptr, &entry.summary_is_html);
  if (entry.summary == entry.content_html) entry.summary.clear();
}

void EntryReader::finish_people(Entry& entry) {
  if (!creators_.empty()) {
    // <author>desk@example.org</author> with <dc:creator>Jane Doe</dc:creator> is one person, told twice.
    if (entry.authors.size() == 1 && creators_.size() == 1 && entry.authors.front().name.empty()) {
      entry.authors.front().name = creators_.front().name;
    } else {
      for (auto& creator : creators_) {
        if (entry.authors.size() < kMostOfAKind) add_person(entry.authors, std::move(creator));
      }
    }
  }
  if (entry.authors.empty()) entry.authors.swap(podcasters_);
  // The same with <itunes:author>, which otherwise gives way.
  if (entry.authors.size() == 1 && entry.authors.front().name.empty() && podcasters_.size() == 1)
    entry.authors.front().name = std::move(podcasters_.front().name);
}

}  // namespace newswire::feed::detail
