#include "clean/plain_wording.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string>

#include "base/text.h"
#include "clean/page_labels.h"
#include "clean/plain_lines.h"

namespace newswire::clean {
namespace {

constexpr std::size_t kButton = 24;        // characters of a word or two
constexpr std::size_t kLongestAppeal = 6;  // words of "Download our app"
constexpr std::size_t kMaxCrumbs = 120;    // bytes
constexpr std::size_t kMaxCaption = 160;   // bytes

bool has_any(std::string_view folded, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](auto word) { return folded.find(word) != folded.npos; });
}

constexpr std::array kAppNouns{"app",      "aplic",   "aplik",    "appli",    "apps", "прилож", "застосун", "uygulama",
                               "ứng dụng", "アプリ",  "应用",     "應用",     "앱",   "تطبيق",  "ऐप",       "εφαρμογ",
                               "אפליקצ",   "sovellu", "alkalmaz", "اپلیکیشن", "แอป",  "অ্যাপ",   "додаток",  "sovellus"};
// Stems that a request to get it begins with, or ends with where the verb comes last.
constexpr std::array kGetFirst{"download",  "get the ",  "get our ", "install", "scan ",     "baix",    "descarg",
                               "descarreg", "télécharg", "instal",   "scaric",  "laden sie", "lade ",   "hol dir",
                               "holen sie", "скача",     "загрузи",  "установ", "завантаж",  "pobierz", "zainstaluj",
                               "stáhn",     "stiahn",    "unduh",    "tải ",    "last ned",  "hent ",   "ladda ner",
                               "hämta",     "lataa",     "töltse",   "töltsd",  "descarc",   "preuzm",  "изтегл",
                               "κατεβ",     "下载",      "下載",     "تحميل",   "حمل",       "حمّل",     "نزّل",
                               "הורידו",    "להורדת",    "دانلود",   "نصب",     "ดาวน์โหลด"};
constexpr std::array kGetLast{"download", "downloaden", "herunterladen", "laden",        "installieren",
                              "indir",    "indirin",    "ダウンロード",  "インストール", "다운로드",
                              "설치",     "डाउनलोड करें", "ডাউনলোড করুন",   "下载",         "下載"};

bool is_lower(char32_t c) {
  return (c >= 'a' && c <= 'z') || (c >= 0xDF && c <= 0xFF && c != 0xF7) || (c >= 0x3AC && c <= 0x3CE) ||
         (c >= 0x430 && c <= 0x45F);
}

struct FactName {
  std::string_view name;
  HeadFact fact;
};
constexpr std::array kFactNames{
    FactName{"title", HeadFact::title},       FactName{"headline", HeadFact::title},
    FactName{"titel", HeadFact::title},       FactName{"titre", HeadFact::title},
    FactName{"título", HeadFact::title},      FactName{"titolo", HeadFact::title},
    FactName{"überschrift", HeadFact::title}, FactName{"tytuł", HeadFact::title},
    FactName{"заголовок", HeadFact::title},   FactName{"başlık", HeadFact::title},
    FactName{"judul", HeadFact::title},       FactName{"标题", HeadFact::title},
    FactName{"標題", HeadFact::title},        FactName{"タイトル", HeadFact::title},
    FactName{"제목", HeadFact::title},        FactName{"العنوان", HeadFact::title},
    FactName{"source", HeadFact::source},     FactName{"publisher", HeadFact::source},
    FactName{"site", HeadFact::source},       FactName{"section", HeadFact::source},
    FactName{"category", HeadFact::source},   FactName{"quelle", HeadFact::source},
    FactName{"fuente", HeadFact::source},     FactName{"fonte", HeadFact::source},
    FactName{"bron", HeadFact::source},       FactName{"källa", HeadFact::source},
    FactName{"źródło", HeadFact::source},     FactName{"источник", HeadFact::source},
    FactName{"kaynak", HeadFact::source},     FactName{"sumber", HeadFact::source},
    FactName{"来源", HeadFact::source},       FactName{"來源", HeadFact::source},
    FactName{"出典", HeadFact::source},       FactName{"출처", HeadFact::source},
    FactName{"المصدر", HeadFact::source},     FactName{"url", HeadFact::address},
    FactName{"link", HeadFact::address},      FactName{"address", HeadFact::address},
    FactName{"lien", HeadFact::address},      FactName{"enlace", HeadFact::address},
    FactName{"ссылка", HeadFact::address},    FactName{"链接", HeadFact::address},
};

}  // namespace

bool ends_sentence(std::string_view line) {
  for (const std::string_view end : {".", "!", "?", "…", "\"", "”", "»", "。", "！", "？", "।", "؟"})
    if (line.ends_with(end)) return true;
  return false;
}

// As long as in Latin letters: what Cyrillic or Devanagari writes in two or three bytes is a letter, an ideograph is
// more.
std::size_t length_of(std::string_view line) {
  std::size_t quarters = 0;
  while (!line.empty()) {
    const auto step = decode_utf8(line);
    quarters += step.value < 0x80 ? 4U : step.value < 0x3000 ? 5U : 12U;
    line.remove_prefix(step.size);
  }
  return quarters / 4;
}

bool is_prose(std::string_view line) {
  if (line.size() < kProse) return false;
  const auto length = length_of(line);
  const auto first = decode_utf8(line).value;
  const bool knows_no_stop = first >= 0xE00 && first <= 0xEFF;  // Thai, Lao
  return length >= kLongProse || (length >= kProse && (knows_no_stop || ends_sentence(line)));
}

std::size_t words_in(std::string_view line) {
  return static_cast<std::size_t>(std::count(line.begin(), line.end(), ' ')) + 1;
}

bool is_button(std::string_view line) {
  return characters_in(line) <= kButton && words_in(line) <= 3 && !ends_sentence(line);
}

bool mentions_app(std::string_view line) {
  return has_any(fold_words(line),
                 {"app",         "google play", "google-play", "play store", "play-store", "download", "herunterladen",
                  "get started", "télécharg",   "descarg",     "baix",       "scarica",    "скача",    "прилож",
                  "indir",       "unduh",       "下载",        "應用",       "アプリ",     "앱"});
}

bool asks_for_app(std::string_view line) {
  const auto folded = fold_words(line.substr(0, line.size() <= 200 ? line.size() : 0));
  auto asks = trim(std::string_view(folded));
  if (const auto colon = asks.rfind(':'); colon != asks.npos) asks = trim(asks.substr(colon + 1));
  while (!asks.empty() && (asks.back() == '!' || asks.back() == '.')) asks.remove_suffix(1);
  if (asks.empty() || words_in(asks) > kLongestAppeal || std::any_of(asks.begin(), asks.end(), is_digit)) return false;
  const auto stands = [asks](std::string_view noun) {  // at the start of a word, or anywhere without words
    for (auto at = asks.find(noun); at != asks.npos; at = asks.find(noun, at + 1)) {
      if (at > 0 && is_alnum(asks[at - 1])) continue;
      const auto next = at + noun.size() < asks.size() ? asks[at + noun.size()] : ' ';
      if (noun != "app" || !is_alnum(next) || next == 'e') return true;  // "appen", no apple
    }
    return false;
  };
  return std::any_of(kAppNouns.begin(), kAppNouns.end(), stands) &&
         (std::any_of(kGetFirst.begin(), kGetFirst.end(), [asks](auto verb) { return asks.starts_with(verb); }) ||
          std::any_of(kGetLast.begin(), kGetLast.end(), [asks](auto verb) { return asks.ends_with(verb); }));
}

bool mentions_ai(std::string_view line) {
  for (const std::string_view word : {"AI", "KI", "IA", "ИИ", "A.I."}) {
    for (auto at = line.find(word); at != line.npos; at = line.find(word, at + 1)) {
      const bool start = at == 0 || !is_alnum(line[at - 1]);
      const auto end = at + word.size();
      if (start && (end >= line.size() || !is_alnum(line[end]))) return true;
    }
  }
  return has_any(line, {"yapay zeka",
                        "人工智能",
                        "人工智慧",
                        "人工知能",
                        "인공지능",
                        "एआई",
                        "এআই",
                        "ஏஐ",
                        "ఏఐ",
                        "الذكاء الاصطناعي",
                        "بالذكاء الاصطناعي",
                        "בינה מלאכותית",
                        "τεχνητής νοημοσύνης",
                        "τεχνητή νοημοσύνη",
                        "هوش مصنوعی",
                        "ปัญญาประดิษฐ์",
                        "trí tuệ nhân tạo",
                        "tekoäly",
                        "Tekoäly",
                        "sztuczn",
                        "umělá inteligence",
                        "umělé inteligence",
                        "mesterséges intelligencia",
                        "кусственн",
                        "ШІ",
                        "kecerdasan buatan"});
}

bool is_reading_time(std::string_view line) {
  if (line.size() > 40) return false;
  const auto folded = fold_words(line);
  const bool digit = std::any_of(folded.begin(), folded.end(), is_digit);
  return digit && has_any(folded, {"min read",    "mins read",      "minute read",    "minutes read", "min. read",
                                   "lesezeit",    "min lesen",      "min de lecture", "de lecture",   "min de lectura",
                                   "de lectura",  "min de leitura", "de leitura",     "di lettura",   "leestijd",
                                   "min läsning", "lästid",         "мин чтения",     "на чтение",    "dk okuma",
                                   "czytania",    "分で読める",     "阅读",           "read time"});
}

bool starts_with_by(std::string_view line) {
  const auto folded = fold_words(line);
  for (const std::string_view by :
       {"by ",      "by: ",    "written by ", "story by ", "reported by ", "words by ", "von ",     "par ",
        "por ",     "di ",     "door ",       "av ",       "af ",          "autor: ",   "author: ", "autore: ",
        "auteur: ", "автор: ", "oleh ",       "oleh: ",    "yazan: ",      "text: ",    "текст: "})
    if (folded.starts_with(by)) return true;
  return false;
}

bool is_breadcrumb(std::string_view line) {
  if (line.size() > kMaxCrumbs || ends_sentence(line)) return false;
  for (const std::string_view border : {" > ", " › ", " » ", " → ", " / ", " ▸ "}) {
    std::size_t parts = 1, longest = 0, start = 0;
    for (auto at = line.find(border); at != line.npos; at = line.find(border, start)) {
      longest = std::max(longest, words_in(line.substr(start, at - start)));
      start = at + border.size();
      ++parts;
    }
    // The last one may be the headline.
    if (parts >= 3 && longest <= 3) return true;
  }
  return false;
}

bool is_pager(std::string_view line) {
  if (std::none_of(line.begin(), line.end(),
                   [](char c) { return is_alpha(c) || static_cast<unsigned char>(c) >= 0x80; }))
    return true;
  const auto folded = fold_words(line);
  for (const std::string_view word :
       {"previous",  "prev",     "next",      "vorherige", "nächste", "zurück",     "weiter",
        "précédent", "suivant",  "anterior",  "siguiente", "próximo", "precedente", "successivo",
        "vorige",    "volgende", "poprzedni", "następny",  "назад",   "далее",      "visit"})
    if (folded == word) return true;
  return false;
}

bool reads_as_description(std::string_view line) {
  const auto first = decode_utf8(line);
  if (!is_lower(first.value) || line.size() <= first.size) return false;
  if (const char next = line[first.size]; next >= 'A' && next <= 'Z') return false;  // iPhone
  return words_in(line) >= 3 && !ends_sentence(line) && !line.ends_with(',') && !line.ends_with(';') &&
         !line.ends_with(':') && line.find("://") == line.npos && line.find('@') == line.npos;
}

bool is_sentence(std::string_view line) { return is_prose(line) || (line.size() >= kProse / 2 && line.ends_with('.')); }

bool is_short_sentence(std::string_view line) {
  return ends_sentence(line) && (words_in(line) >= 4 || (is_ideographic(line) && characters_in(line) >= 10));
}

bool is_proper_name(std::string_view line) {
  bool upper = true;
  for (const auto word : split(line, ' ')) {
    if (characters_in(word) < 4) continue;
    const auto first = word.substr(0, decode_utf8(word).size);
    upper = upper && fold_words(first) != first;
  }
  return upper;
}

bool starts_with_copyright(std::string_view line) { return line.starts_with("©") || line.starts_with("(c)"); }

bool ends_advertisement(std::string_view line) {
  auto folded = fold_words(line);
  for (const std::string_view end : {"end of ", "ende der ", "ende des ", "fin de ", "fin del ", "fim da ", "fim do ",
                                     "fine ", "einde ", "koniec ", "конец ", "slut på "}) {
    const auto at = folded.find(end);
    if (at > 8) continue;
    if (label_of(std::string_view(folded).substr(at + end.size())).label == Label::advertisement) return true;
  }
  return false;
}

bool is_credited_caption(std::string_view line) {
  const auto sign = line.find("©");
  if (sign == line.npos || line.size() > 2 * kMaxCaption) return false;
  const auto holder = trim(line.substr(sign + std::string_view("©").size()));
  return !holder.empty() && !is_digit(holder.front()) && words_in(holder) <= 6 && !holder.ends_with('.') &&
         (sign == 0 || line[sign - 1] == ' ' || line[sign - 1] == '(') && !line.substr(0, sign).ends_with("Copyright ");
}

bool is_credit(std::string_view line) {
  const auto folded = fold_words(line);
  for (const std::string_view credit : {"©", "credit", "image credit", "image source", "photo credit", "photo by",
                                        "photograph:", "bildquelle", "crédit", "getty images"})
    if (folded.starts_with(credit)) return true;
  return false;
}

bool is_ideographic(std::string_view text) {
  const auto first = decode_utf8(text).value;
  return first >= 0x3000 || (first >= 0xE00 && first <= 0xEFF) || (first >= 0x1000 && first <= 0x109F) ||
         (first >= 0x1780 && first <= 0x17FF);
}

std::pair<HeadFact, std::string_view> head_fact(std::string_view line) {
  auto colon = line.find(':');
  std::size_t width = 1;
  if (const auto wide = line.find("："); wide < colon) {
    colon = wide;
    width = std::string_view("：").size();
  }
  if (colon == line.npos || colon > 30) return {};
  const auto name = fold_words(trim(line.substr(0, colon)));
  const auto value = trim(line.substr(colon + width));
  const auto* found =
      std::find_if(kFactNames.begin(), kFactNames.end(), [&name](const FactName& known) { return known.name == name; });
  if (found == kFactNames.end() || value.empty()) return {};
  if (found->fact == HeadFact::address && value.find("://") == value.npos) return {};
  return {found->fact, value};
}

}  // namespace newswire::clean
