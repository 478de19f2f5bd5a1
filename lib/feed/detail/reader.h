#pragma once

#include <memory>
#include <string>

#include "feed/detail/tree.h"
#include "feed/feed.h"
#include "feed/parse.h"

namespace newswire::feed::detail {

/// One loaded document, read front to back: the feed's own members, then entry by entry, so that a caller that writes
/// them out needs no list of them.
class DocumentReader {
 public:
  virtual ~DocumentReader() = default;
  /// Everything but the entries, encoding and repairs.
  virtual void read_feed(Feed& feed) = 0;
  /// The next entry into `entry`, whose storage is reused; false at the end.
  virtual bool next(Entry& entry) = 0;
  /// How many entries there are, about: for reserving memory.
  [[nodiscard]] virtual std::size_t count() const = 0;
};

/// Empties every member, keeps the memory.
void clear(Entry& entry);

/// A reader of RSS in all its versions, RDF, Atom and CDF, or nothing if the document is none of them. The document
/// must outlive it.
std::unique_ptr<DocumentReader> open_xml(const xml::Document& document, const ParseOptions& options);

}  // namespace newswire::feed::detail
