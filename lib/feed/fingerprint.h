#pragma once

#include <cstdint>
#include <string_view>

namespace newswire::feed {

/// A hash of a document's bytes, for telling that nothing came since the last time without parsing it. It leaves out
/// what many publishers write anew at each rendering, and what no entry depends on: the moments that a channel says of
/// itself before its first entry (RSS lastBuildDate and pubDate, Atom updated and modified, dc:date), and comments and
/// white space behind the end of the root element ("<!-- Dynamic page generated in 0.12 seconds -->", WordPress
/// caches). Everything else counts, byte for byte; so does all of a document in UTF-16 or JSON. Never gives equal
/// values for documents with different entries, but by a collision of 64 bits. Pure, any thread; linear in the size of
/// `bytes`.
std::uint64_t fingerprint(std::string_view bytes) noexcept;

}  // namespace newswire::feed
