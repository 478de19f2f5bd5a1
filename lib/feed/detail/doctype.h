#pragma once

#include <cstddef>
#include <string_view>

namespace newswire::feed::detail {

/// A document type declaration in a text.
struct Doctype {
  std::string_view subset;  ///< what stands between its brackets
  std::size_t end;          ///< behind its ">"; the end of the text if it has none
  bool closed;              ///< it has one
};

/// Reads the declaration that begins at `at` ("<!DOCTYPE"). Brackets inside quotes and comments end nothing; where
/// quotes do not match, the first bracket that could be the end is. Linear.
Doctype read_doctype(std::string_view text, std::size_t at);

/// Does the document declare entities of its own?
bool declares_entities(std::string_view text);

}  // namespace newswire::feed::detail
