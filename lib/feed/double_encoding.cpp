#include "feed/detail/double_encoding.h"

#include <algorithm>

#include "base/text.h"
#include "feed/detail/scan.h"

namespace newswire::feed::detail {
namespace {

// The byte that a character was made from, or -1.
int byte_of(char32_t c, bool had_controls) noexcept {
  if (c < 0x100) return static_cast<int>(c);
  if (!had_controls) return -1;
  for (unsigned byte = 0x80; byte < 0xA0; ++byte) {
    if (windows1252(static_cast<unsigned char>(byte)) == c) return static_cast<int>(byte);
  }
  return -1;
}

void undo(std::vector<Person>& people, bool had_controls) {
  for (auto& person : people) undo_double_encoding(person.name, had_controls);
}

void undo(std::vector<std::string>& texts, bool had_controls) {
  for (auto& text : texts) undo_double_encoding(text, had_controls);
}

}  // namespace

bool undo_double_encoding(std::string& text, bool had_controls) {
  const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  auto at = static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_ascii) - text.begin());
  if (at == text.size()) return false;
  auto bytes = text.substr(0, at);
  unsigned missing = 0;  // continuation bytes of the sequence at hand: gives up at the first that does not fit
  while (at < text.size()) {
    int byte = static_cast<unsigned char>(text[at]);
    unsigned size = 1;
    if (byte >= 0x80) {
      const auto step = decode_utf8(std::string_view(text).substr(at));
      byte = byte_of(step.value, had_controls);
      size = step.size;
    }
    if (byte < 0 || (missing > 0) != ((byte & 0xC0) == 0x80)) return false;
    missing = missing > 0 ? missing - 1 : byte >= 0xF0 ? 3U : byte >= 0xE0 ? 2U : byte >= 0xC2 ? 1U : 0U;
    bytes += static_cast<char>(static_cast<unsigned char>(byte));
    at += size;
  }
  if (!is_utf8(bytes)) return false;
  text = clean_utf8(bytes);  // what was hidden may hold what XML forbids
  return true;
}

void undo_double_encoding(Feed& feed, bool had_controls) {
  for (auto* text : {&feed.title, &feed.description, &feed.rights, &feed.generator})
    undo_double_encoding(*text, had_controls);
  undo(feed.authors, had_controls);
  undo(feed.contributors, had_controls);
  undo(feed.tags, had_controls);
}

void undo_double_encoding(Entry& entry, bool had_controls) {
  for (auto* text : {&entry.title, &entry.content_html, &entry.content_text, &entry.summary, &entry.rights})
    undo_double_encoding(*text, had_controls);
  undo(entry.authors, had_controls);
  undo(entry.contributors, had_controls);
  undo(entry.tags, had_controls);
  for (auto& media : entry.media) {
    for (auto* text : {&media.title, &media.description, &media.credit}) undo_double_encoding(*text, had_controls);
  }
  for (auto& attachment : entry.attachments) undo_double_encoding(attachment.title, had_controls);
  if (entry.source) undo_double_encoding(entry.source->title, had_controls);
}

}  // namespace newswire::feed::detail
