#include "feed/detail/double_encoding.h"

#include "base/text.h"
#include "feed/detail/scan.h"

namespace newswire::feed::detail {
namespace {

// The byte that a character was made from, or -1.
int byte_of(char32_t c) noexcept {
  if (c < 0x100) return static_cast<int>(c);
  for (unsigned byte = 0x80; byte < 0xA0; ++byte) {
    if (windows1252(static_cast<unsigned char>(byte)) == c) return static_cast<int>(byte);
  }
  return -1;
}

void undo(std::vector<Person>& people) {
  for (auto& person : people) undo_double_encoding(person.name);
}

void undo(std::vector<std::string>& texts) {
  for (auto& text : texts) undo_double_encoding(text);
}

}  // namespace

bool undo_double_encoding(std::string& text) {
  std::string bytes;
  std::size_t done = 0;
  while (done < text.size()) {
    if (static_cast<unsigned char>(text[done]) < 0x80) {
      bytes += text[done++];
      continue;
    }
    const auto step = decode_utf8(std::string_view(text).substr(done));
    const int byte = byte_of(step.value);
    if (byte < 0) return false;
    bytes += static_cast<char>(static_cast<unsigned char>(byte));
    done += step.size;
  }
  if (bytes.size() == text.size() || !is_utf8(bytes)) return false;
  text = std::move(bytes);
  return true;
}

void undo_double_encoding(Feed& feed) {
  for (auto* text : {&feed.title, &feed.description, &feed.rights, &feed.generator}) undo_double_encoding(*text);
  undo(feed.authors);
  undo(feed.contributors);
  undo(feed.tags);
}

void undo_double_encoding(Entry& entry) {
  for (auto* text : {&entry.title, &entry.content_html, &entry.content_text, &entry.summary, &entry.rights})
    undo_double_encoding(*text);
  undo(entry.authors);
  undo(entry.contributors);
  undo(entry.tags);
  for (auto& media : entry.media) {
    for (auto* text : {&media.title, &media.description, &media.credit}) undo_double_encoding(*text);
  }
  for (auto& attachment : entry.attachments) undo_double_encoding(attachment.title);
  if (entry.source) undo_double_encoding(entry.source->title);
}

}  // namespace newswire::feed::detail
