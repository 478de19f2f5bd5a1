#include "clean/metadata_relative.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/text.h"
#include "clean/page_labels.h"

namespace newswire::clean {
namespace {

struct Unit {
  std::string_view word;
  std::int64_t value;
};

#include "clean/metadata_relative.inc"

constexpr std::size_t kMaxBytes = 80;
constexpr std::size_t kMaxTokens = 8;
constexpr std::int64_t kMaxSeconds = std::int64_t{60} * 31556952;

using Values = std::unordered_map<std::string_view, std::int64_t>;
template <std::size_t N>
Values index(const Unit (&table)[N]) {
  Values out;
  for (const auto& unit : table) out.emplace(unit.word, unit.value);
  return out;
}

struct Words {
  Values units = index(kUnits);
  Values duals = index(kDuals);
  Values numbers = index(kNumbers);
  Values phrases = index(kPhrases);
  std::unordered_set<std::string_view> ago{std::begin(kAgo), std::end(kAgo)};
  std::unordered_set<std::string_view> fillers{std::begin(kFillers), std::end(kFillers)};
};

const Words& words() {
  static const Words table;
  return table;
}

// Words and numbers; a border between digits and letters separates too ("2h", "3小时前").
std::vector<std::string_view> tokens_of(std::string_view text) {
  std::vector<std::string_view> out;
  std::size_t start = 0;
  const auto flush = [&](std::size_t end) {
    if (end > start) out.push_back(text.substr(start, end - start));
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool separator = is_space(c) || c == ':' || c == ',' || c == '.' || c == '(' || c == ')' || c == '|';
    if (separator) {
      flush(i);
      start = i + 1;
    } else if (i > start && is_digit(c) != is_digit(text[i - 1])) {
      flush(i);
      start = i;
    }
  }
  flush(text.size());
  return out;
}

// The digits of other scripts as ours: "۳ ساعت پیش", "৩ ঘণ্টা আগে".
std::string with_our_digits(std::string_view text) {
  constexpr char32_t kZeros[] = {0x660, 0x6F0, 0x966, 0x9E6, 0xE50, 0xFF10};
  std::string out;
  while (!text.empty()) {
    const auto step = decode_utf8(text);
    const auto* const zero = std::find_if(std::begin(kZeros), std::end(kZeros),
                                          [&step](char32_t z) { return step.value >= z && step.value <= z + 9; });
    if (zero == std::end(kZeros))
      out += text.substr(0, step.size);
    else
      out += static_cast<char>('0' + static_cast<int>(step.value - *zero));
    text.remove_prefix(step.size);
  }
  return out;
}

ZonedTime before(Time now, std::int64_t seconds) {
  return ZonedTime{now - std::chrono::seconds{seconds}, std::chrono::minutes{0}};
}

}  // namespace

std::optional<ZonedTime> parse_relative_date(std::string_view raw, Time now) {
  if (raw.size() > kMaxBytes) return std::nullopt;
  auto text = fold_words(with_our_digits(raw));
  if (text.empty()) return std::nullopt;
  const auto& table = words();
  if (const auto phrase = table.phrases.find(text); phrase != table.phrases.end()) return before(now, phrase->second);

  bool ago = false;
  constexpr std::string_view kFrench = "il y a ";  // three words, each of which means something else alone
  if (const auto at = text.find(kFrench); at != text.npos) {
    text.erase(at, kFrench.size());
    ago = true;
  }
  const auto tokens = tokens_of(text);
  if (tokens.empty() || tokens.size() > kMaxTokens) return std::nullopt;
  constexpr std::int64_t kNone = -1;
  std::int64_t number = kNone;
  std::optional<std::int64_t> total;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const auto token = tokens[i];
    const auto unit = table.units.find(token);
    const auto named = table.numbers.find(token);
    // "an" is both: a number before a unit, a unit after a number.
    const bool unit_follows = i + 1 < tokens.size() && table.units.contains(tokens[i + 1]);
    if (is_digit(token[0])) {
      std::int64_t value = 0;
      const auto [end, ec] = std::from_chars(token.data(), token.data() + token.size(), value);
      if (ec != std::errc{} || value > 1000 || number != kNone) return std::nullopt;
      number = value;
    } else if (const auto dual = table.duals.find(token); dual != table.duals.end()) {
      if (total) return std::nullopt;
      total = dual->second;
    } else if (named != table.numbers.end() && number == kNone && (unit == table.units.end() || unit_follows)) {
      number = named->second;
    } else if (unit != table.units.end()) {
      // "1 hour 20 minutes ago" adds up; "hour" alone is one of it.
      total = total.value_or(0) + (number == kNone ? 1 : number) * unit->second;
      number = kNone;
      if (token.ends_with("前") || token.ends_with("전") || token.ends_with("ที่แล้ว") || token.ends_with("ที่ผ่านมา"))
        ago = true;
    } else if (table.ago.contains(token)) {
      ago = true;
    } else if (token == "and" || token == "und" || token == "et" || token == "y" || token == "e") {
      continue;
    } else if (!table.fillers.contains(token)) {
      return std::nullopt;
    }
  }
  if (!ago) ago = text.starts_with("för ") || text.starts_with("for ");
  // Bare "2h", "5 min" and "3d" are what aggregators print.
  if (!ago) ago = tokens.size() == 2 && is_digit(tokens[0][0]);
  if (!ago || !total || number != kNone || *total > kMaxSeconds) return std::nullopt;
  return before(now, *total);
}

}  // namespace newswire::clean
