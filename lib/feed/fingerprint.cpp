#include "feed/fingerprint.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/hash.h"
#include "base/text.h"

namespace newswire::feed {
namespace {

constexpr auto npos = std::string_view::npos;
constexpr std::size_t kLongestHead = 64u << 10;  // an honest channel describes itself in less
constexpr std::size_t kLongestMoment = 64;       // "Tuesday, 24 November 2026 08:00:00 +0000", and air
constexpr std::array<std::string_view, 5> kMoments = {"lastBuildDate>", "pubDate>", "updated>", "dc:date>",
                                                      "modified>"};

// Where the first entry begins; npos: nowhere near. Inside of a comment or CDATA it is as good a border as any.
std::size_t first_entry(std::string_view bytes) {
  const auto head = bytes.substr(0, kLongestHead);
  return std::min(head.find("<item"), head.find("<entry"));
}

// The bytes without what follows the root's end, if that is only comments and white space.
std::string_view without_trailer(std::string_view bytes) {
  auto rest = trim(bytes);
  while (rest.ends_with("-->")) {
    const auto start = rest.rfind("<!--");
    // One comment, not the tail of a longer one: no other "-->" in it. Each round only looks at what it takes off.
    if (start == npos || rest.find("-->", start + 4) != rest.size() - 3) return bytes;
    rest = trim(rest.substr(0, start));
  }
  for (const std::string_view end : {"</rss>", "</feed>", "</rdf:RDF>"}) {
    if (rest.ends_with(end)) return rest;
  }
  return bytes;
}

// The length of the text at the start of `rest`, if it is the whole of an element and may be a moment; else 0.
std::size_t moment_length(std::string_view rest) {
  const auto end = rest.substr(0, kLongestMoment + 1).find('<');
  if (end == npos || end + 1 >= rest.size() || rest[end + 1] != '/') return 0;
  return end;
}

}  // namespace

std::uint64_t fingerprint(std::string_view bytes) noexcept {
  const auto body = without_trailer(bytes);
  const auto entries = first_entry(body);
  if (entries == npos) return hash64(body);
  auto head = body.substr(0, entries);
  std::uint64_t hash = 0;
  std::size_t from = 0;  // behind it nothing is hashed yet
  for (auto tag = head.find('<'); tag != npos; tag = head.find('<', tag + 1)) {
    const auto name = head.substr(tag + 1);
    const auto known =
        std::find_if(kMoments.begin(), kMoments.end(), [name](std::string_view one) { return name.starts_with(one); });
    if (known == kMoments.end()) continue;
    const auto text = tag + 1 + known->size();
    const auto length = moment_length(head.substr(text));
    if (length == 0) continue;
    hash = hash64(head.substr(from, text - from), hash);
    from = text + length;
  }
  return hash64(body.substr(from), hash);
}

}  // namespace newswire::feed
