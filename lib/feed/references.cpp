#include "feed/detail/references.h"

#include <algorithm>

#include "base/entities.h"
#include "base/text.h"
#include "feed/detail/scan.h"

namespace newswire::feed::detail {
namespace {

constexpr auto npos = std::string_view::npos;
constexpr std::size_t kMostEntities = 256;
constexpr std::size_t kLongestEntity = 8192;
constexpr std::size_t kLongestName = 64;

bool is_name_char(char c) noexcept {
  return is_alnum(c) || c == '_' || c == '-' || c == '.' || static_cast<unsigned char>(c) >= 0x80;
}

void append_escaped(std::string& out, char c, bool in_attribute) {
  switch (c) {
    case '&': out += "&amp;"; break;
    case '<': out += "&lt;"; break;
    case '"':
      if (in_attribute) {
        out += "&quot;";
      } else {
        out += c;
      }
      break;
    default: out += c;
  }
}

// A numeric reference at the front ("&#…"): its size and value, size 0 if it is none.
struct Numeric {
  std::size_t size = 0;
  std::uint32_t value = 0;
  bool closed = false;
};
Numeric numeric_at(std::string_view text) noexcept {
  const bool hex = text.size() > 2 && (text[2] == 'x' || text[2] == 'X');
  std::size_t at = hex ? 3 : 2;
  const auto first = at;
  Numeric found;
  for (; at < text.size() && at < 32; ++at) {
    const char c = to_lower(text[at]);
    std::uint32_t digit = 0;
    if (is_digit(c)) {
      digit = static_cast<std::uint32_t>(c - '0');
    } else if (hex && c >= 'a' && c <= 'f') {
      digit = static_cast<std::uint32_t>(c - 'a' + 10);
    } else {
      break;
    }
    if (found.value < 0x200000) found.value = found.value * (hex ? 16U : 10U) + digit;
  }
  if (at == first) return {};
  found.closed = at < text.size() && text[at] == ';';
  found.size = at + (found.closed ? 1 : 0);
  return found;
}

// Two references at the front that are one character in UTF-16, as JavaScript counts ("&#55357;&#56832;"); size 0 if
// they are not. `first`: the one at the front.
Numeric surrogates_at(std::string_view text, const Numeric& first) noexcept {
  if (first.value < 0xD800 || first.value >= 0xDC00 || !first.closed) return {};
  const auto rest = text.substr(first.size);
  if (!rest.starts_with("&#")) return {};
  const auto second = numeric_at(rest);
  if (second.size == 0 || second.value < 0xDC00 || second.value >= 0xE000) return {};
  return {first.size + second.size, 0x10000 + ((first.value - 0xD800) << 10U) + (second.value - 0xDC00), true};
}

bool is_forbidden(std::uint32_t c) noexcept {
  return (c < 0x20 && c != 9 && c != 10 && c != 13) || (c >= 0xD800 && c < 0xE000) || c == 0xFFFE || c == 0xFFFF ||
         c > 0x10FFFF;
}

// The first character of an attribute's value that cannot stay as it is.
std::size_t first_special(std::string_view text) noexcept {
  const auto* const at =
      std::find_if(text.begin(), text.end(), [](char c) { return c == '&' || c == '<' || c == '"'; });
  return at == text.end() ? npos : static_cast<std::size_t>(at - text.begin());
}

bool is_predefined(std::string_view name) noexcept {
  return name == "lt" || name == "gt" || name == "amp" || name == "quot" || name == "apos";
}

// What an entity stands for is read as if it stood in its place (XML 1.0, 4.4.2), so references in it still count; tags
// do not: the texts of feeds are HTML that is escaped anyway.
void append_replacement(std::string& out, std::string_view value, bool in_attribute) {
  for (std::size_t at = 0; at < value.size(); ++at) {
    if (value[at] == '&') {
      const auto rest = value.substr(at);
      const auto numeric = rest.starts_with("&#") ? numeric_at(rest) : Numeric{};
      const auto close = rest.substr(0, 8).find(';');
      const bool named = close != npos && is_predefined(rest.substr(1, close - 1));
      const auto size = numeric.closed && !is_forbidden(numeric.value) ? numeric.size : named ? close + 1 : 0;
      if (size > 0) {
        out += rest.substr(0, size);
        at += size - 1;
        continue;
      }
    }
    append_escaped(out, value[at], in_attribute);
  }
}

}  // namespace

void Entities::declare(std::string_view subset) {
  for (auto at = subset.find("<!ENTITY"); at != npos && values_.size() < kMostEntities;
       at = subset.find("<!ENTITY", at + 8)) {
    auto rest = subset.substr(at + 8);
    rest = trim(rest.substr(0, kLongestEntity + 256));
    if (rest.starts_with('%')) continue;
    std::size_t size = 0;
    while (size < rest.size() && is_name_char(rest[size])) ++size;
    const auto name = rest.substr(0, size);
    rest = trim(rest.substr(size));
    if (name.empty() || name.size() > kLongestName || rest.empty() || (rest.front() != '"' && rest.front() != '\''))
      continue;  // external: never loaded
    const auto end = rest.find(rest.front(), 1);
    if (end == npos) continue;
    // Earlier entities are expanded here and now; a value that grows too long is not kept, so nothing can explode.
    std::string value;
    auto raw = rest.substr(1, end - 1);
    bool usable = true;
    while (usable && !raw.empty()) {
      const auto amp = raw.find('&');
      value += raw.substr(0, amp);
      if (amp == npos) break;
      raw.remove_prefix(amp);
      if (const auto numeric = numeric_at(raw); raw.size() > 1 && raw[1] == '#' && numeric.size > 0) {
        if (!is_forbidden(numeric.value)) append_utf8(value, numeric.value);
        raw.remove_prefix(numeric.size);
      } else {
        const auto close = raw.find(';');
        const auto inner = close == npos ? std::string_view{} : raw.substr(1, close - 1);
        if (const auto known = values_.find(std::string(inner)); !inner.empty() && known != values_.end()) {
          value += known->second;
          raw.remove_prefix(close + 1);
        } else {
          value += '&';
          raw.remove_prefix(1);
        }
      }
      usable = value.size() <= kLongestEntity;
    }
    if (usable && value.size() <= kLongestEntity) values_.emplace(name, std::move(value));
  }
}

const std::string* Entities::expand(std::string_view name) {
  const auto found = values_.find(std::string(name));
  if (found == values_.end() || found->second.size() > budget_) return nullptr;
  budget_ -= found->second.size();
  return &found->second;
}

void append_references(std::string& out, std::string_view text, bool in_attribute, Entities& entities,
                       ReferenceRepairs& repairs) {
  while (!text.empty()) {
    const auto at = in_attribute ? first_special(text) : text.find('&');
    out += text.substr(0, at);
    if (at == npos) return;
    text.remove_prefix(at);
    if (text.front() != '&') {
      append_escaped(out, text.front(), true);
      text.remove_prefix(1);
      continue;
    }
    if (text.size() > 1 && text[1] == '#') {
      if (const auto numeric = numeric_at(text); numeric.size > 0) {
        auto value = static_cast<char32_t>(numeric.value);
        if (const auto pair = surrogates_at(text, numeric); pair.size > 0) {
          ++repairs.characters;
          append_utf8(out, pair.value);
          text.remove_prefix(pair.size);
          continue;
        }
        if (value >= 0x80 && value < 0xA0) {
          value = windows1252(static_cast<unsigned char>(value));
          ++repairs.characters;
        }
        if (is_forbidden(static_cast<std::uint32_t>(value))) {
          ++repairs.characters;
        } else if (numeric.closed && value == numeric.value && text[2] != 'X') {
          out += text.substr(0, numeric.size);  // as it was
        } else {
          if (!numeric.closed) ++repairs.bare;
          if (value < 0x80) {
            append_escaped(out, static_cast<char>(value), in_attribute);
          } else {
            append_utf8(out, value);
          }
        }
        text.remove_prefix(numeric.size);
        continue;
      }
    }
    std::size_t size = 1;
    while (size < text.size() && size <= kLongestName && is_name_char(text[size])) ++size;
    const auto name = text.substr(1, size - 1);
    const bool closed = size < text.size() && text[size] == ';' && !name.empty();
    if (closed && is_predefined(name)) {
      out += text.substr(0, size + 1);
    } else if (closed && entities.declared(name)) {
      if (const auto* value = entities.expand(name)) {
        append_replacement(out, *value, in_attribute);
      } else {
        ++repairs.refused;
        out += "&amp;";
        out += text.substr(1, size);
      }
    } else if (const auto html = closed ? html_entity(name) : std::nullopt) {
      ++repairs.undeclared;
      if (repairs.example.empty()) repairs.example = name;
      for (const char c : *html) append_escaped(out, c, in_attribute);
    } else {
      ++repairs.bare;
      out += "&amp;";
      text.remove_prefix(1);
      continue;
    }
    text.remove_prefix(size + 1);
  }
}

}  // namespace newswire::feed::detail
