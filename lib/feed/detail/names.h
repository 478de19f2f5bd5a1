#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace newswire::feed::detail {

/// The vocabularies that the readers know. `plain` is RSS in all its namespaces, none, and unknown default ones: many
/// feeds bind a URI of their own.
/// Those of feed formats come first, up to rss090.
enum class Ns : std::uint8_t {
  plain,
  atom,
  rdf,
  rss10,
  rss090,
  dc,
  dcterms,
  content,
  media,
  itunes,
  googleplay,
  podcast,
  sy,
  slash,
  wfw,
  thr,
  feedburner,
  pheedo,
  georss,
  geo,
  gml,
  cc,
  admin,
  history,    ///< RFC 5005
  tombstone,  ///< RFC 6721
  xhtml,
  webfeeds,
  prism,
  yandex,
  foaf,
  other,  ///< a namespace of no use here
};

/// The local names that the readers know, without regard to case.
enum class Tag : std::uint8_t {
  unknown,
#define X(id, text) id,
#include "feed/detail/tags.inc"
#undef X
};

struct Name {
  Ns ns;
  Tag tag;
};

/// A name as it stands in a document, taken apart at its first colon.
struct SplitName {
  std::string_view prefix;  ///< empty if there is none
  std::string_view local;
};
SplitName split_name(std::string_view qualified) noexcept;

/// The tag of a local name; ASCII case is ignored ("pubdate" is as common as "pubDate" is right).
Tag find_tag(std::string_view local) noexcept;

/// The vocabulary of a namespace URI (case and trailing slash ignored, http and https alike); Ns::plain for an
/// unknown one if it is a default namespace, Ns::other if not.
Ns find_namespace(std::string_view uri, bool is_default) noexcept;

/// The vocabulary that a prefix is used for by convention, for documents that never declare it.
Ns find_conventional_prefix(std::string_view prefix) noexcept;

/// The bindings of prefixes in scope. Lookup goes from the innermost binding outwards; documents have few.
class Bindings {
 public:
  void bind(std::string_view prefix, std::string_view uri);
  /// Binds a prefix to the vocabulary of RSS, whatever it was bound to.
  void bind_plain(std::string_view prefix);
  [[nodiscard]] std::size_t depth() const noexcept { return bound_.size(); }
  void cut(std::size_t depth) noexcept { bound_.resize(depth); }

  /// The name of an element as it stands in the document.
  [[nodiscard]] Name resolve(std::string_view qualified) const noexcept;

  /// The vocabulary of a prefix, which may be empty.
  [[nodiscard]] Ns of_prefix(std::string_view prefix) const noexcept;

 private:
  struct Bound {
    std::string_view prefix;
    Ns ns;
  };
  std::vector<Bound> bound_;
};

}  // namespace newswire::feed::detail
