#include "clean/detail/units.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "clean/detail/match_text.h"

namespace newswire::clean {
namespace {

constexpr std::uint32_t kMaxLabel = 8;  // words before a link that name it

constexpr bool is_sentence_end(char32_t c) noexcept {
  return c == '.' || c == '!' || c == '?' || c == 0x3002 || c == 0xFF01 || c == 0xFF1F || c == 0x0964 || c == 0x06D4 ||
         c == 0x061F;
}

bool needs_no_space(char32_t c) noexcept { return c >= 0x3000; }

constexpr bool is_closing(char32_t c) noexcept {
  return c == '"' || c == '\'' || c == ')' || c == ']' || c == 0xBB || c == 0x300D || c == 0x300F;
}

constexpr bool is_separator(char32_t c) noexcept {
  return c == '|' || c == '-' || c == 0x2022 || c == 0xB7 || c == 0xBB || c == '>' || c == ':' || c == 0xFF5C;
}

constexpr bool is_opening(char32_t c) noexcept {
  return c == '[' || c == '(' || c == 0x3010 || c == 0xFF08 || c == '<';
}

// ASCII characters that neither end nor begin anything: most of any text.
constexpr auto kOrdinary = [] {
  std::array<bool, 256> table{};
  for (unsigned char c = '!'; c < 0x80; ++c)
    table[c] = !is_sentence_end(c) && !is_closing(c) && !is_separator(c) && !is_opening(c);
  return table;
}();

// Templates forget the space after the last sentence: "… in 1994.Read more". Not in names like "U.S.A".
bool ends_word(std::string_view text, std::size_t at) noexcept {
  const auto is_small = [](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80;
  };
  return at >= 3 && text[at - 1] == '.' && is_small(text[at - 2]) && is_small(text[at - 3]);
}

// Ascending positions in (line.begin, line.end) at which something new begins.
std::vector<std::uint32_t> borders(const Line& line, std::uint32_t from, std::uint32_t to) {
  std::vector<std::uint32_t> found;
  enum class State : std::uint8_t { inside, ended, separated } state = State::inside;
  bool space = from == line.begin;
  for (auto at = from; at < to;) {
    const bool is_blank = line.text[at] == ' ';
    if (is_blank || (state == State::inside && kOrdinary[static_cast<unsigned char>(line.text[at])])) {
      space = is_blank;
      ++at;
      continue;
    }
    const auto step = decode_utf8(std::string_view(line.text).substr(at));
    const auto c = step.value;
    const bool begins = (space && (state != State::inside || is_opening(c))) ||
                        (state == State::ended && needs_no_space(c) && !is_closing(c) && !is_sentence_end(c)) ||
                        (state == State::ended && c >= 'A' && c <= 'Z' && ends_word(line.text, at));
    if (begins && at > line.begin) found.push_back(at);
    if (is_sentence_end(c)) {
      state = State::ended;
      if (needs_no_space(c)) found.push_back(at + step.size);
    } else if (is_separator(c) && (space || c == ':')) {
      state = State::separated;
    } else if (!is_closing(c) || state == State::inside) {
      state = is_closing(c) && c == ']' ? State::ended : State::inside;
    }
    space = false;
    at += step.size;
  }
  for (const auto& link : line.links) {
    if (link.begin > std::max(from, line.begin) && link.begin < to) found.push_back(link.begin);
    if (link.end > std::max(from, line.begin) && link.end < to) {
      const auto next = line.text[link.end] == ' ' ? link.end + 1 : link.end;
      if (next < to) found.push_back(next);
    }
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  std::erase_if(found, [&](std::uint32_t at) {
    return at <= line.begin || at >= line.end ||
           std::any_of(line.links.begin(), line.links.end(),
                       [at](const LinkSpan& link) { return link.begin < at && at < link.end; });
  });
  return found;
}

// Those of all that remains of a line, worked out once until a part of it goes.
const std::vector<std::uint32_t>& all_borders(const Line& line) {
  auto& kept = line.borders;
  if (!kept.known || kept.begin != line.begin || kept.end != line.end)
    kept = {true, line.begin, line.end, borders(line, line.begin, line.end)};
  return kept.places;
}

std::uint32_t character_border(const Line& line, std::uint32_t at) {
  while (at > line.begin && (static_cast<unsigned char>(line.text[at]) & 0xC0) == 0x80) --at;
  return at;
}

}  // namespace

std::vector<std::uint32_t> end_borders(const Line& line) {
  if (line.gone()) return {};
  if (line.end - line.begin <= kMaxUnit) {
    const auto& all = all_borders(line);
    return {all.end() - static_cast<std::ptrdiff_t>(std::min(all.size(), kMaxBorders)), all.end()};
  }
  auto found = borders(line, character_border(line, line.end - static_cast<std::uint32_t>(kMaxUnit)), line.end);
  if (found.size() > kMaxBorders) found.erase(found.begin(), found.end() - kMaxBorders);
  return found;
}

std::vector<std::uint32_t> start_borders(const Line& line) {
  if (line.gone()) return {};
  if (line.end - line.begin <= kMaxUnit) {
    const auto& all = all_borders(line);
    return {all.rend() - static_cast<std::ptrdiff_t>(std::min(all.size(), kMaxBorders)), all.rend()};
  }
  auto found = borders(line, line.begin, character_border(line, line.begin + static_cast<std::uint32_t>(kMaxUnit)));
  if (found.size() > kMaxBorders) found.resize(kMaxBorders);
  std::reverse(found.begin(), found.end());
  return found;
}

bool is_sentence_border(const Line& line, std::uint32_t at) {
  auto before = std::string_view(line.text).substr(0, at);
  while (before.ends_with(' ')) before.remove_suffix(1);
  if (before.empty()) return true;
  std::size_t from = before.size() - 1;
  while (from > 0 && (static_cast<unsigned char>(before[from]) & 0xC0) == 0x80) --from;
  const auto c = decode_utf8(before.substr(from)).value;
  return is_sentence_end(c) || is_closing(c) || is_separator(c) || c == '[' || c == '(' || (c >= 0x2190 && c <= 0x2BFF);
}

double linked_share(const Line& line, std::uint32_t begin, std::uint32_t end) {
  std::uint32_t linked = 0;
  for (const auto& link : line.links) {
    if (link.begin < end && link.end > begin) linked += std::min(link.end, end) - std::max(link.begin, begin);
  }
  return static_cast<double>(linked) / static_cast<double>(end - begin);
}

bool is_labelled_link(const Line& line, std::uint32_t begin, std::uint32_t end) {
  const auto core = core_of(std::string_view(line.text).substr(begin, end - begin));
  const auto last = begin + static_cast<std::uint32_t>(core.end);
  return std::any_of(line.links.begin(), line.links.end(), [&](const LinkSpan& link) {
    if (link.begin <= begin || link.begin >= last || link.end < last) return false;
    const auto label = trim(std::string_view(line.text).substr(begin, link.begin - begin));
    if (label.empty() || count_words(label) > kMaxLabel) return false;
    auto from = label.size() - 1;
    while (from > 0 && (static_cast<unsigned char>(label[from]) & 0xC0) == 0x80) --from;
    const auto c = decode_utf8(label.substr(from)).value;
    return c == ':' || c == '|' || c == '>' || c == 0xFF1A || c == 0xFF5C || c == 0x3011;
  });
}

}  // namespace newswire::clean
