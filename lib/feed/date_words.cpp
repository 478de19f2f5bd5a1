#include "feed/detail/date_words.h"

#include <algorithm>
#include <iterator>

#include "base/text.h"

namespace newswire::feed::detail {
namespace {

struct MonthName {
  int month;
  std::size_t least;
  std::string_view name;
};
struct DayName {
  std::size_t least;
  bool english;
  std::string_view name;
};
struct Zone {
  std::string_view name;
  int minutes;
};

#define M(number, least, name) {number, least, name},
#define W(least, english, name)
constexpr MonthName kMonths[] = {
#include "feed/date_names.inc"
};
#undef M
#undef W
#define M(number, least, name)
#define W(least, english, name) {least, english, name},
constexpr DayName kDays[] = {
#include "feed/date_names.inc"
};
#undef M
#undef W
#define Z(name, minutes) {name, minutes},
constexpr Zone kZones[] = {
#include "feed/zone_names.inc"
};
#undef Z

constexpr std::string_view kFillers[] = {
    "the", "of",   "at",    "on",   "in",    "um",  "am",    "den",     "der",  "de",    "del",  "dia",  "do",
    "da",  "di",   "du",    "le",   "la",    "el",  "il",    "a",       "as",   "alle",  "ore",  "om",   "kl",
    "klo", "uhr",  "och",   "og",   "y",     "e",   "et",    "st",      "nd",   "rd",    "th",   "er",   "eme",
    "ho",  "roku", "r",     "г",    "года",  "год", "в",     "г.",      "р",    "року",  "στις", "την",  "τις",
    "hs",  "hrs",  "hours", "ngay", "luc",   "az",  "an",    "ta",      "pada", "pukul", "saat", "gunu", "v",
    "dne", "dnia", "godz",  "ч",    "dated", "o",   "clock", "o'clock", "l",    "vom",   "von",  "seit", "à",
};

// U+00C0..U+017F without marks, in lower case; ' ' where the letter has no such form (×, ÷, þ …).
constexpr std::string_view kLatin =
    "aaaaaaaceeeeiiiidnooooo ouuuuy saaaaaaaceeeeiiiidnooooo ouuuuy y"
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll"
    "lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
static_assert(kLatin.size() == 0x180 - 0xC0);

void append_ascii_letter(std::string& out, char letter, char32_t original) {
  if (letter == ' ') {
    append_utf8(out, original);
  } else {
    out += letter;
  }
}

char32_t fold_greek(char32_t c) noexcept {
  switch (c) {
    case 0x386:
    case 0x3AC: return 0x3B1;  // α
    case 0x388:
    case 0x3AD: return 0x3B5;  // ε
    case 0x389:
    case 0x3AE: return 0x3B7;  // η
    case 0x38A:
    case 0x3AA:
    case 0x3AF:
    case 0x3CA:
    case 0x390: return 0x3B9;  // ι
    case 0x38C:
    case 0x3CC: return 0x3BF;  // ο
    case 0x38E:
    case 0x3AB:
    case 0x3CB:
    case 0x3CD:
    case 0x3B0: return 0x3C5;  // υ
    case 0x38F:
    case 0x3CE: return 0x3C9;  // ω
    case 0x3C2: return 0x3C3;  // final sigma
    default: return c >= 0x391 && c <= 0x3A9 ? c + 0x20 : c;
  }
}

char32_t fold_cyrillic(char32_t c) noexcept {
  if (c >= 0x400 && c <= 0x40F) c += 0x50;
  if (c >= 0x410 && c <= 0x42F) c += 0x20;
  return c == 0x451 ? 0x435 : c;  // ё as е
}

// The first of ten digits of the scripts whose digits feeds use.
constexpr char32_t kZeros[] = {0x660, 0x6F0, 0x966, 0x9E6, 0xA66, 0xAE6,  0xB66, 0xBE6,
                               0xC66, 0xCE6, 0xD66, 0xE50, 0xED0, 0x1040, 0xFF10};

}  // namespace

std::string fold_date_text(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto step = decode_utf8(text);
    text.remove_prefix(step.size);
    const auto c = step.value;
    if (c < 0x80) {
      out += is_space(static_cast<char>(c)) || c < 0x20 ? ' ' : to_lower(static_cast<char>(c));
      continue;
    }
    const auto* const zero =
        std::find_if(std::begin(kZeros), std::end(kZeros), [c](char32_t z) { return c >= z && c < z + 10; });
    if (zero != std::end(kZeros)) {
      out += static_cast<char>('0' + (c - *zero));
    } else if (c >= 0xC0 && c <= 0x17F) {
      append_ascii_letter(out, kLatin[c - 0xC0], c);
    } else if (c == 0x218 || c == 0x219) {
      out += 's';
    } else if (c == 0x21A || c == 0x21B) {
      out += 't';
    } else if (c >= 0x300 && c <= 0x36F) {
      // a combining mark: the letter before it stands alone
    } else if (c >= 0x370 && c <= 0x3FF) {
      append_utf8(out, fold_greek(c));
    } else if (c >= 0x400 && c <= 0x45F) {
      append_utf8(out, fold_cyrillic(c));
    } else if (c == 0xA0 || (c >= 0x2000 && c <= 0x200A) || c == 0x202F || c == 0x3000 || c == 0x2028 || c == 0x2029) {
      out += ' ';
    } else if ((c >= 0x2010 && c <= 0x2015) || c == 0x2212) {
      out += '-';
    } else if (c >= 0x200B && c <= 0x200F) {
      // zero width, direction marks
    } else if (c >= 0xFF01 && c <= 0xFF5E) {
      out += to_lower(static_cast<char>(c - 0xFF01 + 0x21));
    } else if (c == 0x60C) {
      out += ',';
    } else {
      append_utf8(out, c);
    }
  }
  return out;
}

namespace {
std::size_t letters(std::string_view text) noexcept {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}
}  // namespace

DateWord find_date_word(std::string_view word) noexcept {
  DateWord found;
  // The English short forms without a second meaning, before the whole table is searched.
  static constexpr std::string_view kShortMonths = "janfeb   aprmayjunjulaugsepoctnovdec";
  static constexpr std::string_view kShortDays = "montuewedthufrisatsun";
  if (word.size() == 3 && is_alpha(word.front())) {
    if (const auto at = kShortMonths.find(word); at != std::string_view::npos && at % 3 == 0) {
      found.month = static_cast<int>(at / 3 + 1);
      return found;
    }
    if (const auto at = kShortDays.find(word); at != std::string_view::npos && at % 3 == 0) {
      found.weekday = found.english = true;
      return found;
    }
  }
  bool several = false;
  const auto size = letters(word);
  for (const auto& name : kMonths) {
    if (name.name == word) {
      found.month = name.month;
      found.exact = true;
      several = false;
      break;
    }
    if (size < name.least || !name.name.starts_with(word)) continue;
    several = several || (found.month != 0 && found.month != name.month);
    found.month = name.month;
  }
  if (several) found.month = 0;
  for (const auto& day : kDays) {
    const bool exact = day.name == word;
    if (!exact && (size < day.least || !day.name.starts_with(word))) continue;
    if (exact && !found.exact) found.month = 0;
    if (!exact && found.exact) continue;
    found.weekday = true;
    found.english = found.english || day.english;
  }
  return found;
}

std::optional<int> find_zone(std::string_view name) noexcept {
  const auto* const zone =
      std::find_if(std::begin(kZones), std::end(kZones), [name](const Zone& z) { return z.name == name; });
  if (zone == std::end(kZones)) return std::nullopt;
  return zone->minutes;
}

bool is_date_filler(std::string_view word) noexcept {
  return std::find(std::begin(kFillers), std::end(kFillers), word) != std::end(kFillers);
}

}  // namespace newswire::feed::detail
