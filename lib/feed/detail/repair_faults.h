#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace newswire::feed::detail {

/// What repair of XML mends, beside characters and references.
enum class Fault : std::uint8_t {
  bare_angle,
  attribute,
  duplicate,
  mismatched,
  unclosed,
  stray,
  cdata,
  before,
  after,
  glued,
  truncated,
  comment,
  rootless,
  tag,
  html,
  nested_cdata,
  count
};

/// As the list of repairs says it.
inline constexpr std::array<std::string_view, static_cast<std::size_t>(Fault::count)> kFaultPhrases = {
    "bare \"<\"",
    "attribute without quotes or value",
    "duplicate attribute",
    "end tag in other case",
    "unclosed element",
    "stray end tag",
    "unclosed CDATA",
    "junk before the document",
    "junk after the document",
    "second document ignored",
    "truncated: incomplete last item dropped",
    "unclosed comment or declaration",
    "items without a feed around them",
    "unfinished tag",
    "HTML element without end",
    "CDATA inside CDATA",
};

}  // namespace newswire::feed::detail
