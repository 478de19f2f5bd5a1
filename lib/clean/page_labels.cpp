#include "clean/page_labels.h"

#include <algorithm>
#include <string>
#include <unordered_map>

#include "base/text.h"

namespace newswire::clean {
namespace {

constexpr std::size_t kMaxLine = 120;

struct Entry {
  std::string_view text;
  Label label;
  bool goes_on;
};

#include "clean/page_labels.inc"

const std::unordered_map<std::string_view, const Entry*>& labels() {
  static const auto table = [] {
    std::unordered_map<std::string_view, const Entry*> out;
    for (const auto& entry : kLabels) out.emplace(entry.text, &entry);
    return out;
  }();
  return table;
}

constexpr std::size_t kLongestLabel = [] {
  std::size_t longest = 0;
  for (const auto& entry : kLabels) longest = std::max(longest, entry.text.size());
  return longest;
}();

bool is_ornament(char32_t c) {
  return c == '"' || c == '\'' || c == '*' || c == '-' || c == '|' || c == '>' || c == '<' || c == '[' || c == ']' ||
         c == '(' || c == ')' || c == '.' || c == '!' || c == ',' || c == '/' || c == '+' || c == '#' || c == ' ' ||
         is_digit(static_cast<char>(c < 0x80 ? c : 0)) || (c >= 0x2010 && c <= 0x203A) ||
         (c >= 0x2190 && c <= 0x2BFF) || c == 0xAB || c == 0xBB || c == 0xB7 || (c >= 0x3008 && c <= 0x3011) ||
         c == 0x25 || c == 0x200B || c == 0xFE0F || (c >= 0x1F300 && c <= 0x1FAFF);
}

// Without the numbers, arrows, bullets and quotes around it.
std::string_view without_ornaments(std::string_view text) {
  while (!text.empty()) {
    const auto step = decode_utf8(text);
    if (!is_ornament(step.value)) break;
    text.remove_prefix(step.size);
  }
  while (!text.empty()) {
    std::size_t start = text.size() - 1;
    while (start > 0 && (static_cast<unsigned char>(text[start]) & 0xC0U) == 0x80) --start;
    if (!is_ornament(decode_utf8(text.substr(start)).value)) break;
    text = text.substr(0, start);
  }
  return text;
}

}  // namespace

std::string fold_words(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  bool space = false;
  while (!text.empty()) {
    const auto step = decode_utf8(text);
    text.remove_prefix(step.size);
    char32_t c = step.value;
    if (c == ' ' || (c >= '\t' && c <= '\r') || c == 0xA0 || c == 0x2028 || c == 0x3000) {
      space = !out.empty();
      continue;
    }
    if (space) out += ' ';
    space = false;
    if (c < 0x80) {
      c = static_cast<char32_t>(to_lower(static_cast<char>(c)));
    } else if ((c >= 0xC0 && c <= 0xDE && c != 0xD7) || (c >= 0x391 && c <= 0x3A9) || (c >= 0x410 && c <= 0x42F)) {
      c += 0x20;
    } else if (c == 0x130) {
      c = 'i';  // Turkish
    } else if ((c >= 0x100 && c <= 0x137 && c != 0x131) || (c >= 0x14A && c <= 0x177)) {
      c |= 1U;
    } else if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E)) {
      c += c % 2;
    } else if ((c >= 0x1E00 && c <= 0x1E95) || (c >= 0x1EA0 && c <= 0x1EFF)) {
      c |= 1U;  // Vietnamese
    } else if (c >= 0x400 && c <= 0x40F) {
      c += 0x50;
    }
    append_utf8(out, c);
  }
  return out;
}

LabelMatch label_of(std::string_view line) {
  if (line.size() > kMaxLine) return {};
  const auto folded = fold_words(line);
  const auto core = without_ornaments(folded);
  if (core.empty()) return {};
  const auto& table = labels();
  for (const auto candidate : {core, core.ends_with(':') ? trim(core.substr(0, core.size() - 1)) : core,
                               without_ornaments(core.ends_with(':') ? core.substr(0, core.size() - 1) : core)})
    if (const auto whole = table.find(candidate); whole != table.end()) return {whole->second->label, true};
  // A label at the start, then a border: every prefix that ends at one is looked up.
  for (std::size_t end = 1; end < core.size() && end <= kLongestLabel; ++end) {
    const bool border = core[end] == ' ' || core[end] == '-' || core[end] == ':' || core[end - 1] == ':' ||
                        core[end] == ',' || static_cast<unsigned char>(core[end]) >= 0xE3 || core[end] == '|' ||
                        core[end] == '.';
    if (!border) continue;
    const auto found = table.find(core.substr(0, end));
    if (found != table.end() && found->second->goes_on) return {found->second->label, false};
  }
  return {};
}

std::string_view category_of(Label label) noexcept {
  switch (label) {
    case Label::related: return "related";
    case Label::comments: return "comments";
    case Label::share: return "share";
    case Label::newsletter: return "newsletter";
    case Label::author: return "author-bio";
    case Label::tags: return "navigation";
    case Label::advertisement: return "ad";
    case Label::app: return "app-download";
    case Label::ai: return "ai-feature";
    case Label::image: return "alt-text";
    case Label::none: return "navigation";
  }
  return "navigation";
}

bool looks_like_dateline(std::string_view line) {
  line = trim(line);
  if (line.empty() || line.size() > 160 || line.starts_with('+')) return false;  // + starts a telephone number
  std::size_t digits = 0, letters = 0;
  bool year = false, clock = false;
  std::size_t run = 0;
  for (std::size_t i = 0; i <= line.size(); ++i) {
    const char c = i < line.size() ? line[i] : ' ';
    if (is_digit(c)) {
      ++digits;
      ++run;
      continue;
    }
    if (run == 4) {
      const auto value = line.substr(i - 4, 4);
      year = year || value.starts_with("19") || value.starts_with("20");
    }
    if (run >= 1 && run <= 2 && i + 2 < line.size() && (c == ':' || c == '.' || c == 'h') && is_digit(line[i + 1]) &&
        is_digit(line[i + 2]))
      clock = true;
    run = 0;
    if (is_alpha(c) || static_cast<unsigned char>(c) >= 0xC0) ++letters;
  }
  if (!year && !clock) return false;
  const bool sentence =
      line.ends_with('.') || line.ends_with('!') || line.ends_with('?') || line.find(". ") != line.npos;
  return digits >= 3 && !sentence && letters <= digits * 5;
}

}  // namespace newswire::clean
