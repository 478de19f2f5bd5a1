#pragma once

#include <string>
#include <string_view>

namespace newswire::feed::detail {

/// Appends the text of a piece of HTML on one line: tags of known HTML elements removed ("vector<int>" stays), comments
/// removed, references decoded (legacy names without ";" only where no letter, digit or "=" follows: "?a=1&copy=2" is a
/// URL, not a sign), white space folded. Markup that was escaped once too often is removed too, if its tags come
/// in pairs: "<b>x</b>" goes, "the <b> element" stays.
void append_plain_from_html(std::string& out, std::string_view html);
std::string plain_from_html(std::string_view html);

/// The same for a text that claims to be plain: only what is clearly HTML by accident is treated as such.
std::string plain_from_text(std::string_view text);

/// White space folded into `out`; references decoded unless that would produce markup. For names, tags, addresses.
std::string label_from(std::string_view text);

/// Does the text hold at least one tag of a known HTML element (a start tag that is closed, or a void one)?
bool holds_markup(std::string_view text) noexcept;

/// Does it hold references or tags, so that it has to be read as HTML to be understood? Errs on the side of no.
bool looks_like_html(std::string_view text) noexcept;

}  // namespace newswire::feed::detail
