#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

namespace newswire::feed::detail {

/// What was done to references, for the list of repairs.
struct ReferenceRepairs {
  std::size_t bare = 0;        ///< "&" that starts no reference
  std::size_t undeclared = 0;  ///< names of HTML that XML does not know
  std::size_t characters = 0;  ///< numeric references to characters that XML forbids
  std::size_t refused = 0;     ///< expansions over the bound
  std::string example;         ///< the first undeclared name
};

/// The entities that a document type declares, expanded when they are read. Bounded: a few hundred, each a few
/// kilobytes, and a budget for all their uses together, so that no document grows by more than a megabyte.
class Entities {
 public:
  /// Reads the <!ENTITY …> declarations of an internal subset.
  void declare(std::string_view subset);
  [[nodiscard]] bool empty() const noexcept { return values_.empty(); }
  /// The expansion, or null if there is none or the budget is spent.
  const std::string* expand(std::string_view name);
  [[nodiscard]] bool declared(std::string_view name) const { return values_.contains(std::string(name)); }

 private:
  std::unordered_map<std::string, std::string> values_;
  std::size_t budget_ = 1U << 20U;
};

/// Appends character data of XML so that every "&" in it starts a reference that XML knows: bare ones escaped, HTML's
/// names and the document's entities replaced, numeric references into windows-1252's range mapped, those to forbidden
/// characters dropped. `in_attribute`: quotes and "<" are escaped too.
void append_references(std::string& out, std::string_view text, bool in_attribute, Entities& entities,
                       ReferenceRepairs& repairs);

}  // namespace newswire::feed::detail
