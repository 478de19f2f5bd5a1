#pragma once

#include <string>
#include <string_view>

namespace newswire::feed::detail {

/// Makes the relative URLs inside a piece of HTML absolute against `base` (attributes by element as in the HTML
/// standard's index of attributes that are URLs, srcset included) and notes the first picture. `html` itself is
/// returned when nothing had to change, else a view of `out`. An empty base changes nothing. One pass, linear.
/// `first_image`: where to put the address of the first <img> that is no tracking pixel, if that is asked for and
/// still empty.
std::string_view resolve_html_urls(std::string_view html, std::string_view base, std::string& out,
                                   std::string* first_image);

}  // namespace newswire::feed::detail
