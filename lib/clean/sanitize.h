#pragma once

#include <string>
#include <string_view>

#include "clean/html.h"

namespace newswire::clean {

/// Makes the tree safe to show and portable: elements and attributes by allowlist, URLs absolute (against `base_url`)
/// and of allowed schemes, lazy-loaded images with their real source, no script, style, form, event handler; embeds
/// only of known players over https. What is not allowed is unwrapped (its text stays) or, where it has no readable
/// text, removed. Nesting that HTML does not allow is straightened, so that the written result parses to the same tree
/// and sanitizing it again changes nothing. Linear.
void sanitize(Tree& tree, std::string_view base_url);

/// Markup in, safe markup out.
std::string sanitize_html(std::string_view html, std::string_view base_url);

}  // namespace newswire::clean
