#pragma once

#include <string>
#include <string_view>

#include "clean/rules.h"

namespace newswire::clean {

/// `url` without tracking parameters (utm_*, fbclid …) and out of redirect wrappers that carry their target
/// (google.com/url?q=, l.facebook.com/l.php?u= …), by the list in config/rules/links.yaml; a URL that nothing applies
/// to comes back byte for byte. The result of a wrapper is only taken if it is an http(s) URL. Pure.
std::string clean_link(std::string_view url, const Rules& rules);

/// With the built-in rules.
std::string clean_link(std::string_view url);

}  // namespace newswire::clean
