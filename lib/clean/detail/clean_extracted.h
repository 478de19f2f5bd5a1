#pragma once

#include "clean/cleaner.h"
#include "clean/extract.h"

namespace newswire::clean {

/// Cleans what was extracted as an entry of its own (clean/cleaner.h): `entry` has the html or the text, the rest is
/// taken from `out`, which gets the content and, after what it has, the removals and teasers.
void clean_extracted(Entry entry, const ExtractOptions& options, Extracted& out);

}  // namespace newswire::clean
