#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace newswire::clean {

/// A page's bytes as UTF-8: a byte order mark, then the charset of `content_type` (the HTTP header), then that of a
/// <meta> in the first 4 KiB, then UTF-8 if the bytes are that, then detection (uchardet). Bytes that are well-formed
/// UTF-8 with letters beyond ASCII are taken as such whatever they are declared to be. What cannot be converted
/// becomes U+FFFD. Errc::binary if it is no text (NUL bytes, known signatures), Errc::empty, Errc::too_large over 16
/// MiB.
Result<std::string> page_to_utf8(std::string_view bytes, std::string_view content_type);

}  // namespace newswire::clean
