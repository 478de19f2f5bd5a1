#include "feed/detail/xml_channel.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.h"
#include "base/url.h"
#include "feed/dates.h"
#include "feed/detail/construct.h"
#include "feed/detail/html_urls.h"
#include "feed/detail/markup.h"
#include "feed/detail/person.h"
#include "feed/detail/plain.h"
#include "feed/detail/podcast.h"
#include "feed/detail/xml_entry.h"

namespace newswire::feed::detail {
namespace {

constexpr std::size_t kMostOfAKind = 4096;

class ChannelReader {
 public:
  ChannelReader(const Layout& layout, Scopes& scopes, Feed& feed) : layout_(layout), scopes_(scopes), feed_(feed) {}

  void read() {
    if (!scopes_.lang().empty()) lang_ = scopes_.lang();
    members(layout_.channel);
    // RSS 0.9 and 1.0 have the image beside the channel; broken RSS 2.0 has anything there.
    if (layout_.root != layout_.channel) members(layout_.root);
    finish();
  }

 private:
  enum Member : std::uint8_t {
    title,
    description,
    language,
    rights,
    generator,
    icon,
    published,
    updated,
    id,
    kMembers
  };

  bool outranks(Member member, std::uint8_t rank) noexcept {
    if (rank <= ranks_[member]) return false;
    ranks_[member] = rank;
    return true;
  }

  void members(xml::Node parent) {
    for (auto child = parent.first_child(); child; child = child.next_sibling()) {
      if (!child.is_element()) continue;
      const Level level(scopes_, child);
      element(child, scopes_.name(child));
    }
  }

  void element(xml::Node node, Name name) {
    if (name.tag == Tag::unknown || name.tag == Tag::item || name.tag == Tag::entry) return;
    switch (name.ns) {
      case Ns::plain:
      case Ns::atom:
      case Ns::rss10:
      case Ns::rss090:
      case Ns::rdf: plain_element(node, name); return;
      case Ns::dc:
      case Ns::dcterms: dublin_core(node, name); return;
      case Ns::itunes:
      case Ns::googleplay:
      case Ns::podcast: podcast(node, name); return;
      case Ns::media: media(node, name); return;
      case Ns::sy: syndication(node, name); return;
      case Ns::admin:
        if (name.tag == Tag::generatoragent && outranks(generator, 5))
          feed_.generator = trim(attribute(node, "resource"));
        return;
      case Ns::cc: license(node, name); return;
      case Ns::history:
        if (name.tag == Tag::complete) feed_.complete = true;
        if (name.tag == Tag::archive) feed_.archive = true;
        return;
      case Ns::tombstone:
        if (name.tag == Tag::deleted_entry && feed_.deleted_ids.size() < kMostOfAKind &&
            !attribute(node, "ref").empty()) {
          feed_.deleted_ids.emplace_back(attribute(node, "ref"));
        }
        return;
      case Ns::webfeeds:
        if (name.tag == Tag::icon && feed_.favicon.empty()) feed_.favicon = address(node);
        if (name.tag == Tag::logo && outranks(icon, 2)) feed_.icon = address(node);
        return;
      case Ns::feedburner:
        if (name.tag == Tag::browserfriendly) text(description, 1, node, false, feed_.description);
        return;
      default: return;
    }
  }

  void plain_element(xml::Node node, Name name) {
    if (is_foreign(node)) return;
    const bool atom = name.ns == Ns::atom || layout_.dialect == Dialect::atom;
    switch (name.tag) {
      case Tag::title: text(title, 9, node, atom, feed_.title); break;
      case Tag::description: describe(9, node, atom); break;
      case Tag::subtitle:
      case Tag::tagline: describe(8, node, true); break;
      case Tag::abstract: describe(8, node, false); break;
      case Tag::info:
      case Tag::summary: describe(3, node, true); break;
      case Tag::link: link(node, atom); break;
      case Tag::id:
      case Tag::guid:
        if (auto found = fold_space(inner_text(node, scratch_)); !found.empty() && outranks(id, 9))
          feed_.id = absolute_id(found, scopes_, layout_.dialect == Dialect::atom);
        break;
      case Tag::language:
        if (auto found = fold_space(inner_text(node, scratch_)); !found.empty() && outranks(language, 9))
          feed_.language = std::move(found);
        break;
      case Tag::rights:
      case Tag::copyright: text(rights, 9, node, atom, feed_.rights); break;
      case Tag::generator: text(generator, 9, node, false, feed_.generator); break;
      case Tag::author:
      case Tag::creator:
      case Tag::managingeditor: person(node, editors_); break;
      case Tag::webmaster: person(node, webmasters_); break;
      case Tag::contributor: person(node, feed_.contributors); break;
      case Tag::category:
      case Tag::tag: category(node); break;
      case Tag::keywords:
      case Tag::tags: add_tags(feed_.tags, inner_text(node, scratch_)); break;
      case Tag::pubdate:
      case Tag::publicationdate:
      case Tag::published:
      case Tag::issued: date(published, 9, node, feed_.published); break;
      case Tag::lastbuilddate:
      case Tag::lastmod:
      case Tag::updated:
      case Tag::modified: date(updated, 9, node, feed_.updated); break;
      case Tag::created: date(published, 3, node, feed_.published); break;
      case Tag::image: image(node); break;
      case Tag::logo: logo(node); break;
      case Tag::icon:
        if (feed_.favicon.empty()) feed_.favicon = address(node);
        break;
      case Tag::ttl: time_to_live(node); break;
      case Tag::skiphours: skip_hours(node); break;
      case Tag::skipdays: skip_days(node); break;
      case Tag::newlocation:
      case Tag::location:
        if (feed_.new_feed_url.empty()) feed_.new_feed_url = address(node);
        break;
      default: break;
    }
  }

  void dublin_core(xml::Node node, Name name) {
    switch (name.tag) {
      case Tag::title: text(title, 5, node, false, feed_.title); break;
      case Tag::description: describe(4, node, false); break;
      case Tag::creator:
      case Tag::author: person(node, creators_); break;
      case Tag::publisher: person(node, publishers_); break;
      case Tag::contributor: person(node, feed_.contributors); break;
      case Tag::language:
        if (auto found = fold_space(inner_text(node, scratch_)); !found.empty() && outranks(language, 5))
          feed_.language = std::move(found);
        break;
      case Tag::rights: text(rights, 5, node, false, feed_.rights); break;
      case Tag::date:
        date(updated, 5, node, feed_.updated);
        date(published, 2, node, feed_.published);
        break;
      case Tag::issued: date(published, 6, node, feed_.published); break;
      case Tag::created: date(published, 4, node, feed_.published); break;
      case Tag::modified: date(updated, 6, node, feed_.updated); break;
      case Tag::subject: category(node); break;
      case Tag::identifier:
        if (auto found = fold_space(inner_text(node, scratch_)); !found.empty() && outranks(id, 3))
          feed_.id = std::move(found);
        break;
      default: break;
    }
  }

  void podcast(xml::Node node, Name name) {
    switch (name.tag) {
      case Tag::title: text(title, 3, node, false, feed_.title); break;
      case Tag::summary:
      case Tag::description: describe(5, node, false); break;
      case Tag::subtitle: describe(4, node, false); break;
      case Tag::author: person(node, podcasters_); break;
      case Tag::owner: person(node, owners_); break;
      case Tag::person:
        if (feed_.contributors.size() < kMostOfAKind)
          add_person(feed_.contributors, read_podcast_person(node, scratch_));
        break;
      case Tag::guid:
        if (auto found = fold_space(inner_text(node, scratch_)); !found.empty() && outranks(id, 2))
          feed_.id = std::move(found);
        break;
      case Tag::image: {
        auto url = trim(attribute(node, "href"));
        if (url.empty()) url = trim(attribute(node, "url"));
        if (url.empty()) url = trim(inner_text(node, scratch_));
        if (!url.empty() && outranks(icon, 5)) feed_.icon = resolve_url(scopes_.base(), url);
        break;
      }
      case Tag::keywords: add_tags(feed_.tags, inner_text(node, scratch_)); break;
      case Tag::category: podcast_category(node); break;
      case Tag::link:  // <itunes:link rel="image" href="…">
        if (iequals(trim(attribute(node, "rel")), "image") && !attribute(node, "href").empty() && outranks(icon, 4))
          feed_.icon = resolve_url(scopes_.base(), attribute(node, "href"));
        break;
      case Tag::new_feed_url: feed_.new_feed_url = address(node); break;
      default: break;
    }
  }

  // <itunes:category text="Technology"><itunes:category text="Gadgets"/></itunes:category>, one level.
  void podcast_category(xml::Node node) {
    auto term = attribute(node, "text");
    if (term.empty() && !has_elements(node)) term = inner_text(node, scratch_);
    add_tag(feed_.tags, label_from(term));
    for (auto child = first_element(node); child; child = child.next_sibling()) {
      if (child.is_element() && scopes_.name(child).tag == Tag::category)
        add_tag(feed_.tags, label_from(attribute(child, "text")));
    }
  }

  void media(xml::Node node, Name name) {
    switch (name.tag) {
      case Tag::title: text(title, 1, node, false, feed_.title); break;
      case Tag::description: describe(2, node, false); break;
      case Tag::copyright: text(rights, 3, node, false, feed_.rights); break;
      case Tag::keywords: add_tags(feed_.tags, inner_text(node, scratch_)); break;
      case Tag::category: category(node); break;
      case Tag::thumbnail:
        if (const auto url = trim(attribute(node, "url")); !url.empty() && outranks(icon, 3))
          feed_.icon = resolve_url(scopes_.base(), url);
        break;
      case Tag::content:
        if (const auto url = trim(attribute(node, "url"));
            !url.empty() &&
            (iequals(attribute(node, "medium"), "image") || istarts_with(attribute(node, "type"), "image/")) &&
            outranks(icon, 2)) {
          feed_.icon = resolve_url(scopes_.base(), url);
        }
        break;
      case Tag::credit: person(node, credits_); break;
      default: break;
    }
  }

  void syndication(xml::Node node, Name name) {
    const auto found = trim(inner_text(node, scratch_));
    if (name.tag == Tag::updateperiod) {
      using std::chrono::hours;
      if (iequals(found, "hourly")) period_ = hours{1};
      if (iequals(found, "daily")) period_ = hours{24};
      if (iequals(found, "weekly")) period_ = hours{24 * 7};
      if (iequals(found, "monthly")) period_ = hours{24 * 30};
      if (iequals(found, "yearly")) period_ = hours{24 * 365};
    } else if (name.tag == Tag::updatefrequency) {
      int value = 0;
      if (std::from_chars(found.data(), found.data() + found.size(), value).ec == std::errc{} && value > 0)
        frequency_ = value, frequency_given_ = true;
    }
  }

  void license(xml::Node node, Name name) {
    if (name.tag != Tag::license || feed_.links.size() >= kMostOfAKind) return;
    auto found = read_link(node, scopes_, scratch_);
    if (found.href.empty()) found.href = resolve_url(scopes_.base(), attribute(node, "resource"));
    found.rel = "license";
    if (!found.href.empty()) feed_.links.push_back(std::move(found));
  }

  std::string address(xml::Node node) {
    auto url = trim(inner_text(node, scratch_));
    if (url.empty()) url = trim(attribute(node, "href"));
    if (url.empty()) url = trim(attribute(node, "url"));
    return url.empty() ? std::string{} : resolve_url(scopes_.base(), url);
  }

  void text(Member member, std::uint8_t rank, xml::Node node, bool atom, std::string& target) {
    if (is_blank(node) || rank <= ranks_[member]) return;
    auto found = read_plain(node, atom, scratch_);
    if (found.empty()) return;
    ranks_[member] = rank;
    target = std::move(found);
  }

  void describe(std::uint8_t rank, xml::Node node, bool atom) {
    if (picture_.empty()) resolve_html_urls(inner_text(node, scratch_), scopes_.base(), patched_, &picture_);
    text(description, rank, node, atom, feed_.description);
    // Nothing but a picture: better its markup than nothing.
    if (feed_.description.empty()) feed_.description = trim(inner_text(node, scratch_));
  }

  void date(Member member, std::uint8_t rank, xml::Node node, Date& target) {
    if (rank <= ranks_[member] && target.time) return;
    auto found = make_date(inner_text(node, scratch_));
    if (found.raw.empty() || (!found.time && !target.raw.empty())) return;
    ranks_[member] = rank;
    target = std::move(found);
  }

  void person(xml::Node node, std::vector<Person>& people) {
    for (auto& person : read_people(node, scopes_, scratch_)) {
      if (people.size() < kMostOfAKind) add_person(people, std::move(person));
    }
  }

  void category(xml::Node node) {
    auto term = attribute(node, "term");
    if (term.empty()) term = inner_text(node, scratch_);
    if (trim(term).empty()) term = attribute(node, "label");
    add_tag(feed_.tags, label_from(term));
  }

  void link(xml::Node node, bool atom) {
    if (feed_.links.size() >= kMostOfAKind) return;
    auto found = read_link(node, scopes_, scratch_);
    if (found.href.empty() && !node.first_attribute()) return;
    const bool rss_link = !atom && (attribute(node, "href").empty() || found.rel == "alternate");
    if (found.href.empty()) {
      // says something about a link, but not where to
    } else if (rss_link) {
      plain_link_ = found.href;
    } else if (found.rel == "alternate") {
      const bool html = found.type.empty() || ifind(found.type, "html") != std::string_view::npos;
      if (atom_link_.empty() || (html && !atom_link_is_html_)) {
        atom_link_ = found.href;
        atom_link_is_html_ = html;
      }
    } else if (found.rel == "self") {
      if (feed_.feed_url.empty()) feed_.feed_url = found.href;
    } else if (found.rel == "hub") {
      if (std::find(feed_.hubs.begin(), feed_.hubs.end(), found.href) == feed_.hubs.end())
        feed_.hubs.push_back(found.href);
    } else if (found.rel == "next" || found.rel == "prev-archive") {
      if (feed_.next_url.empty() || found.rel == "prev-archive") feed_.next_url = found.href;
    }
    feed_.links.push_back(std::move(found));
  }

  void image(xml::Node node) {
    std::string url;
    for (auto child = node.first_child(); child; child = child.next_sibling()) {
      if (!child.is_element()) continue;
      const Level level(scopes_, child);
      if (scopes_.name(child).tag == Tag::url && url.empty()) url = address(child);
    }
    if (url.empty() && !has_elements(node)) url = address(node);
    if (url.empty() && layout_.dialect == Dialect::rdf) {
      // In the channel it is only a reference to the image beside it.
      if (const auto resource = attribute(node, "resource"); !resource.empty() && outranks(icon, 4))
        feed_.icon = resolve_url(scopes_.base(), resource);
      return;
    }
    if (!url.empty() && outranks(icon, 9)) feed_.icon = std::move(url);
  }

  void logo(xml::Node node) {
    auto url = address(node);
    if (url.empty()) return;
    if (iequals(attribute(node, "style"), "icon")) {  // CDF
      if (feed_.favicon.empty()) feed_.favicon = std::move(url);
    } else if (outranks(icon, 8)) {
      feed_.icon = std::move(url);
    }
  }

  void time_to_live(xml::Node node) {
    feed_.ttl_raw = fold_space(inner_text(node, scratch_));
    int minutes = 0;
    if (std::from_chars(feed_.ttl_raw.data(), feed_.ttl_raw.data() + feed_.ttl_raw.size(), minutes).ec == std::errc{} &&
        minutes > 0) {
      feed_.hints.ttl = std::chrono::minutes{minutes};
    }
  }

  void skip_hours(xml::Node node) {
    for (auto child = first_element(node); child; child = child.next_sibling()) {
      if (!child.is_element() || scopes_.name(child).tag != Tag::hour || feed_.skip_hours_raw.size() >= 64) continue;
      auto raw = fold_space(inner_text(child, scratch_));
      int hour = -1;
      if (std::from_chars(raw.data(), raw.data() + raw.size(), hour).ec == std::errc{} && hour >= 0 && hour <= 24) {
        feed_.hints.skip_hours.push_back(static_cast<std::uint8_t>(hour % 24));  // RSS 0.91 counts 1 to 24
      }
      if (!raw.empty()) feed_.skip_hours_raw.push_back(std::move(raw));
    }
  }

  void skip_days(xml::Node node) {
    static constexpr std::array<std::string_view, 7> kDays = {"sunday",   "monday", "tuesday", "wednesday",
                                                              "thursday", "friday", "saturday"};
    for (auto child = first_element(node); child; child = child.next_sibling()) {
      if (!child.is_element() || scopes_.name(child).tag != Tag::day || feed_.skip_days_raw.size() >= 64) continue;
      auto raw = fold_space(inner_text(child, scratch_));
      const auto* const day = std::find_if(kDays.begin(), kDays.end(), [&raw](std::string_view name) {
        return raw.size() >= 3 && istarts_with(name, raw);
      });
      if (day != kDays.end()) feed_.hints.skip_days.push_back(static_cast<std::uint8_t>(day - kDays.begin()));
      if (!raw.empty()) feed_.skip_days_raw.push_back(std::move(raw));
    }
  }

  void finish() {
    const bool atom = layout_.dialect == Dialect::atom;
    feed_.home_page_url =
        atom ? (atom_link_.empty() ? plain_link_ : atom_link_) : (plain_link_.empty() ? atom_link_ : plain_link_);
    if (layout_.dialect == Dialect::cdf) {
      if (const auto href = cdf_href(layout_.channel); !href.empty()) {
        auto found = cdf_link(href, scopes_);
        if (feed_.home_page_url.empty()) feed_.home_page_url = found.href;
        feed_.links.insert(feed_.links.begin(), std::move(found));
      }
      if (feed_.updated.raw.empty()) feed_.updated = make_date(attribute(layout_.channel, "lastmod"));
      if (feed_.feed_url.empty() && !attribute(layout_.channel, "self").empty())
        feed_.feed_url = resolve_url(scopes_.base(), attribute(layout_.channel, "self"));
    }
    if (layout_.dialect == Dialect::rdf && feed_.id.empty()) feed_.id = trim(attribute(layout_.channel, "about"));
    if (feed_.language.empty()) feed_.language = lang_;
    std::replace(feed_.language.begin(), feed_.language.end(), '_', '-');
    // Whoever is named first in this order speaks for the feed.
    for (auto* people : {&editors_, &creators_, &podcasters_, &webmasters_, &owners_, &publishers_, &credits_}) {
      if (people->empty()) continue;
      if ((people == &creators_ || people == &podcasters_) && feed_.authors.size() == 1 && people->size() == 1 &&
          feed_.authors.front().name.empty()) {
        feed_.authors.front().name = people->front().name;
        continue;
      }
      if (feed_.authors.empty() || people == &creators_) {
        for (auto& one : *people) add_person(feed_.authors, std::move(one));
      }
    }
    if (feed_.icon.empty()) feed_.icon = picture_;
    if (period_.count() == 0 && frequency_given_) period_ = std::chrono::hours{24};  // the module's default
    if (period_.count() > 0)
      feed_.hints.update_interval = std::chrono::duration_cast<std::chrono::seconds>(period_) / frequency_;
  }

  const Layout& layout_;
  Scopes& scopes_;
  Feed& feed_;
  std::array<std::uint8_t, kMembers> ranks_{};
  std::vector<Person> editors_;
  std::vector<Person> webmasters_;
  std::vector<Person> creators_;
  std::vector<Person> publishers_;
  std::vector<Person> podcasters_;
  std::vector<Person> owners_;
  std::vector<Person> credits_;
  std::string lang_;
  std::string plain_link_;
  std::string atom_link_;
  bool atom_link_is_html_ = false;
  std::string picture_;  ///< the first picture of the description
  std::chrono::hours period_{0};
  int frequency_ = 1;
  bool frequency_given_ = false;
  std::string scratch_;
  std::string patched_;
};

}  // namespace

void read_channel(const Layout& layout, Scopes& scopes, Feed& feed) { ChannelReader(layout, scopes, feed).read(); }

}  // namespace newswire::feed::detail
