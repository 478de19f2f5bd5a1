#include "feed/detail/doctype.h"

#include "base/text.h"

namespace newswire::feed::detail {
namespace {

constexpr auto npos = std::string_view::npos;
constexpr std::size_t kLongestQuoted = 16384;  // twice the longest entity that is kept

// Behind the quotes that open at `at`; `at` + 1 if nothing closes them soon.
std::size_t skip_quoted(std::string_view text, std::size_t at) noexcept {
  const auto length = text.substr(at + 1, kLongestQuoted).find(text[at]);
  return length == npos ? at + 1 : at + length + 2;
}

// The "]" that ends the internal subset; npos if there is none.
std::size_t find_subset_end(std::string_view text, std::size_t at) noexcept {
  while ((at = text.find_first_of("\"'<]", at)) != npos) {
    const auto rest = text.substr(at);
    if (rest.front() == ']') return at;
    if (rest.front() != '<') {
      at = skip_quoted(text, at);
    } else if (rest.starts_with("<!--")) {
      const auto end = rest.find("-->", 4);
      at += end == npos ? 4 : end + 3;
    } else {
      ++at;
    }
  }
  return npos;
}

}  // namespace

Doctype read_doctype(std::string_view text, std::size_t at) {
  Doctype found{{}, text.size(), false};
  auto bracket = text.find_first_of("\"'[>", at);
  while (bracket != npos && (text[bracket] == '"' || text[bracket] == '\'')) {  // the identifiers of an external subset
    bracket = text.find_first_of("\"'[>", skip_quoted(text, bracket));
  }
  if (bracket == npos) return found;
  auto from = bracket;
  if (text[bracket] == '[') {
    auto end = find_subset_end(text, bracket + 1);
    if (end == npos) end = text.find("]>", bracket);
    if (end == npos) end = text.find(']', bracket);
    if (end != npos) {
      found.subset = text.substr(bracket + 1, end - bracket - 1);
      from = end;
    }
  }
  const auto end = text.find('>', from);
  if (end == npos) return found;
  found.end = end + 1;
  found.closed = true;
  return found;
}

bool declares_entities(std::string_view text) {
  const auto type = ifind(text.substr(0, 4096), "<!DOCTYPE");
  return type != npos && read_doctype(text, type).subset.find("<!ENTITY") != npos;
}

}  // namespace newswire::feed::detail
