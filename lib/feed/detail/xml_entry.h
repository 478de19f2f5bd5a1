#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "feed/detail/geo.h"
#include "feed/detail/layout.h"
#include "feed/detail/scopes.h"
#include "feed/detail/tree.h"
#include "feed/feed.h"

namespace newswire::feed::detail {

/// What an entry's reader has to know of the feed around it.
struct FeedContext {
  Dialect dialect = Dialect::rss;
  Format format = Format::rss20;
  std::string home_page_url;  ///< base of last resort for relative URLs
  std::string language;
};

/// Reads one item or entry of any XML format: RSS elements, Atom elements and modules mean the same wherever they
/// stand. Holds buffers that are reused from entry to entry.
class EntryReader {
 public:
  EntryReader(Scopes& scopes, const FeedContext& feed) : scopes_(scopes), feed_(feed) {}

  /// Appends to `entry`, which is empty. `node` is in scope already.
  void read(xml::Node node, Entry& entry);

  /// Did the one just read hold others?
  [[nodiscard]] bool holds_entries() const noexcept { return holds_entries_; }

 private:
  // Members that several elements may fill; the element of the highest rank wins, the first of the same rank.
  enum Member : std::uint8_t {
    title,
    content,
    description,
    summary,
    id,
    published,
    updated,
    image,
    language,
    rights,
    source,
    kMembers
  };

  struct Candidate {
    xml::Node node;
    std::uint8_t rank = 0;
    bool atom = false;
  };

  bool outranks(Member member, std::uint8_t rank) noexcept;
  void candidate(Member member, std::uint8_t rank, xml::Node node, bool atom) noexcept;
  void date(Member member, std::uint8_t rank, xml::Node node, Date& target);
  void person(xml::Node node, std::vector<Person>& people);

  void element(xml::Node node, Name name, Entry& entry);
  void plain_element(xml::Node node, Name name, Entry& entry);
  void dublin_core(xml::Node node, Name name, Entry& entry);
  void dublin_core_terms(xml::Node node, Name name, Entry& entry);
  void podcast(xml::Node node, Name name, Entry& entry);
  void media_element(xml::Node node, Name name, Entry& entry);
  void link(xml::Node node, bool atom, Entry& entry);
  void category(xml::Node node, Entry& entry);
  void keywords(xml::Node node, Entry& entry);
  void read_source(xml::Node node, Entry& entry);
  void out_of_line(xml::Node node, Entry& entry);
  void alternatives(xml::Node node);

  void finish(xml::Node node, Entry& entry);
  void finish_links(Entry& entry);
  void finish_texts(Entry& entry);
  void store_text(const Candidate& from, Entry& entry, std::string& html, std::string* plain, bool* is_html);
  void finish_people(Entry& entry);
  [[nodiscard]] std::string_view html_base() const noexcept;

  Scopes& scopes_;
  const FeedContext& feed_;

  // Of the entry at hand.
  std::array<Candidate, kMembers> best_;
  std::vector<Person> creators_;    ///< dc:creator, dc:author
  std::vector<Person> podcasters_;  ///< itunes:author, googleplay:author
  std::string plain_link_;          ///< the last <link> of RSS
  std::string atom_link_;           ///< the best alternate of Atom
  bool atom_link_is_html_ = false;
  std::string original_link_;       ///< feedburner:origLink
  std::string original_enclosure_;  ///< feedburner:origEnclosureLink
  std::string odd_link_;            ///< <url>, <uri>
  std::string guid_;
  bool guid_is_link_ = false;
  bool holds_entries_ = false;
  std::optional<double> duration_;
  Location location_;
  std::string html_base_;

  std::string scratch_;
  std::string patched_;
};

/// Adds a tag unless it is empty or there already.
void add_tag(std::vector<std::string>& tags, std::string tag);

/// Adds the pieces of a comma-separated list.
void add_tags(std::vector<std::string>& tags, std::string_view list);

}  // namespace newswire::feed::detail
