#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace newswire::config {

/// A feed's id when none is given: a pure function of its URL, so that neither order nor company in the file changes
/// it. "https://www.example.org/my-blog/feed.xml" gives "example.org_my-blog_feed.xml": scheme and "www." go, "/"
/// becomes "_". Whatever else is lost on the way (upper case, a query, other characters, length over 80) adds "-" and 8
/// hexadecimal digits of the URL's hash. A pair that still collides (http and https) is told apart by the collector.
std::string derive_feed_id(std::string_view url);

/// 1 to 128 of letters, digits and ". _ ~ : @ + -", the first a letter or digit. Errc::invalid says what is wrong.
Result<std::string> check_feed_id(std::string_view id);

}  // namespace newswire::config
