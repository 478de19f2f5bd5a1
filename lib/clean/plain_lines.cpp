#include "clean/plain_lines.h"

#include <algorithm>
#include <iterator>

#include "base/text.h"

namespace newswire::clean {
namespace {

constexpr std::size_t kNarrowestWrap = 50;  // columns
constexpr std::size_t kWidestWrap = 100;

bool has_word(std::string_view line) {
  return std::any_of(line.begin(), line.end(),
                     [](char c) { return is_alnum(c) || static_cast<unsigned char>(c) >= 0xC3; });
}

// Lines end as Windows, an old Macintosh or Unicode ends them.
std::string with_line_feeds(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto rest = text.substr(i);
    if (rest.front() == '\r') {
      if (!rest.starts_with("\r\n")) out += '\n';
    } else if (rest.starts_with("\xE2\x80\xA8") || rest.starts_with("\xE2\x80\xA9")) {  // U+2028, U+2029
      out += '\n';
      i += 2;
    } else {
      out += rest.front();
    }
  }
  return out;
}

bool ends_sentence(std::string_view line) {
  for (const std::string_view end : {".", "!", "?", ":", "\"", "”", "»", "…", "。"})
    if (line.ends_with(end)) return true;
  return false;
}

// Wrapped text: all lines but the last of each block are nearly of one width, and end anywhere in a sentence.
bool is_wrapped(const std::vector<std::vector<std::string>>& blocks) {
  std::size_t lines = 0, full = 0, open = 0, widest = 0;
  for (const auto& block : blocks)
    for (const auto& line : block) widest = std::max(widest, line.size());
  if (widest < kNarrowestWrap || widest > kWidestWrap) return false;
  for (const auto& block : blocks) {
    for (std::size_t i = 0; i + 1 < block.size(); ++i) {
      ++lines;
      if (block[i].size() + 18 >= widest) ++full;
      if (!ends_sentence(block[i])) ++open;
    }
  }
  return lines >= 4 && full * 10 >= lines * 8 && open * 10 >= lines * 6;
}

}  // namespace

std::size_t characters_in(std::string_view text) noexcept {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80; }));
}

std::vector<std::string> paragraphs_of(std::string_view text) {
  std::vector<std::vector<std::string>> blocks(1);
  const auto lines = with_line_feeds(text);
  for (const auto raw : split(lines, '\n')) {
    auto line = fold_space(raw);
    if (line.empty()) {
      if (!blocks.back().empty()) blocks.emplace_back();
    } else if (has_word(line)) {
      blocks.back().push_back(std::move(line));
    }
  }
  std::vector<std::string> out;
  const bool wrapped = is_wrapped(blocks);
  for (auto& block : blocks) {
    if (!wrapped) {
      std::move(block.begin(), block.end(), std::back_inserter(out));
      continue;
    }
    std::string joined;
    for (const auto& line : block) {
      if (!joined.empty()) joined += ' ';
      joined += line;
    }
    if (!joined.empty()) out.push_back(std::move(joined));
  }
  return out;
}

}  // namespace newswire::clean
