#pragma once

#include <string>

#include "article/article.h"
#include "base/result.h"

namespace newswire::daemon {

/// The article with this uid (its latest revision that is kept) or number in the spool at `dir`; reads while a daemon
/// runs, and locks nothing. A number is one look-up, a uid is looked for in every line. Errc::not_found if there is
/// none, Errc::gone if the number is no longer retained, Errc::io.
Result<article::Article> spooled_article(const std::string& dir, const std::string& uid_or_seq);

}  // namespace newswire::daemon
