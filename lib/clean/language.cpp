#include "clean/language.h"

#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>

#include "base/text.h"

namespace newswire::clean {
namespace {

constexpr std::size_t kMaxBytes = 16 * 1024;
constexpr int kMinLetterBytes = 24;  // below, cld2 guesses from single words

// cld2 has the codes of 2006: those that BCP 47 has since replaced, and the scripts it marks as languages.
std::string_view modern_code(std::string_view code) {
  if (code == "iw") return "he";
  if (code == "jw") return "jv";
  if (code == "in") return "id";
  if (code == "mo") return "ro";
  if (code == "ji") return "yi";
  if (code == "xxx" || code == "un" || code.starts_with("xx-")) return {};
  return code;
}

}  // namespace

std::string detect_language(std::string_view text) {
  text = cut_utf8(text, kMaxBytes);
  if (text.empty() || !is_utf8(text)) return {};
  CLD2::CLDHints hints{nullptr, nullptr, CLD2::UNKNOWN_ENCODING, CLD2::UNKNOWN_LANGUAGE};
  CLD2::Language top[3];
  int percent[3];
  double score[3];
  int letters = 0;
  bool reliable = false;
  const auto language =
      CLD2::ExtDetectLanguageSummary(text.data(), static_cast<int>(text.size()), /*is_plain_text=*/true, &hints,
                                     /*flags=*/0, top, percent, score, nullptr, &letters, &reliable);
  if (!reliable || letters < kMinLetterBytes || language == CLD2::UNKNOWN_LANGUAGE) return {};
  return std::string(modern_code(CLD2::LanguageCode(language)));
}

std::string normalize_language(std::string_view tag) {
  tag = trim(tag);
  if (const auto end = tag.find_first_of(",; \t\r\n"); end != tag.npos) tag = tag.substr(0, end);  // "de, en"
  if (tag.empty() || tag.size() > 35) return {};
  std::string out;
  std::size_t index = 0;
  std::size_t start = 0;
  while (start <= tag.size()) {
    auto end = tag.find_first_of("-_.", start);
    if (end == tag.npos) end = tag.size();
    const auto part = tag.substr(start, end - start);
    if (index > 0 && tag[start - 1] == '.') break;  // "de_DE.UTF-8"
    const auto alphabetic = [&] {
      for (const char c : part)
        if (!is_alpha(c)) return false;
      return true;
    }();
    if (index == 0) {
      if (!alphabetic || part.size() < 2 || part.size() > 3) return {};
      out = lower(part);
    } else if (part.empty() || part.size() > 8) {
      break;
    } else {
      for (const char c : part)
        if (!is_alnum(c)) return out;
      out += '-';
      auto subtag = lower(part);
      if (alphabetic && part.size() == 4) {
        subtag[0] = static_cast<char>(subtag[0] - 'a' + 'A');
      } else if (alphabetic && part.size() == 2) {
        for (char& c : subtag) c = static_cast<char>(c - 'a' + 'A');
      }
      out += subtag;
    }
    ++index;
    start = end + 1;
  }
  return out;
}

}  // namespace newswire::clean
