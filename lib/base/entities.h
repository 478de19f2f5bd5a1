#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace newswire {

/// The text of an HTML named character reference ("eacute" gives "é"), without & and ;. Nothing for an unknown name.
/// `legacy` is set to whether HTML allows it without a semicolon. Source: WHATWG HTML, section 13.5.
std::optional<std::string_view> html_entity(std::string_view name, bool* legacy = nullptr) noexcept;

/// `text` with every numeric and named character reference replaced, as a browser does in text: references without a
/// semicolon where HTML allows it, numeric references of the C1 range read as windows-1252, anything else left as it
/// is. One pass: "&amp;lt;" gives "&lt;". Linear.
std::string decode_entities(std::string_view text);

/// Appends `text` with &, <, > (and " if `attribute`) escaped.
void append_html_escaped(std::string& out, std::string_view text, bool attribute = false);

}  // namespace newswire
