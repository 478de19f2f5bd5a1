#include "clean/plain_text.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "base/text.h"
#include "clean/detail/clean_extracted.h"
#include "clean/detail/compiled_rules.h"
#include "clean/detail/match_text.h"
#include "clean/language.h"
#include "clean/metadata.h"
#include "clean/page_labels.h"
#include "clean/plain_lines.h"
#include "clean/plain_teasers.h"

namespace newswire::clean {
namespace {

constexpr std::size_t kProse = 90;  // bytes of a paragraph that ends a sentence
constexpr std::size_t kLongProse = 200;
constexpr std::size_t kLongTeaser = 300;
constexpr std::size_t kMaxTitle = 300;
constexpr std::size_t kButton = 24;  // characters of a word or two
constexpr std::size_t kMaxBlock = 6;
constexpr std::size_t kLongestLeadIn = 40;   // bytes of "Read more:"
constexpr std::size_t kMaxTeaserLine = 160;  // bytes of it with the title

bool ends_sentence(std::string_view line) {
  for (const std::string_view end : {".", "!", "?", "…", "\"", "”", "»", "。", "！", "？", "।", "؟"})
    if (line.ends_with(end)) return true;
  return false;
}

bool is_prose(std::string_view line) {
  return line.size() >= kLongProse || (line.size() >= kProse && ends_sentence(line));
}

std::size_t words_in(std::string_view line) {
  return static_cast<std::size_t>(std::count(line.begin(), line.end(), ' ')) + 1;
}

bool is_button(std::string_view line) {
  return characters_in(line) <= kButton && words_in(line) <= 3 && !ends_sentence(line);
}

bool has_any(std::string_view folded, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](auto word) { return folded.find(word) != folded.npos; });
}

// What may follow "Download the app": pitches and store badges.
bool mentions_app(std::string_view line) {
  return has_any(fold_words(line),
                 {"app",         "google play", "google-play", "play store", "play-store", "download", "herunterladen",
                  "get started", "télécharg",   "descarg",     "baix",       "scarica",    "скача",    "прилож",
                  "indir",       "unduh",       "下载",        "應用",       "アプリ",     "앱"});
}

// What may follow "Try our AI features".
bool mentions_ai(std::string_view line) {
  for (const std::string_view word : {"AI", "KI", "IA", "ИИ", "A.I."}) {
    for (auto at = line.find(word); at != line.npos; at = line.find(word, at + 1)) {
      const bool start = at == 0 || !is_alnum(line[at - 1]);
      const auto end = at + word.size();
      if (start && (end >= line.size() || !is_alnum(line[end]))) return true;
    }
  }
  return has_any(line, {"yapay zeka", "人工智能", "人工知能", "인공지능"});
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
       {"by ",     "by: ",     "written by ", "von ",     "par ",    "por ",  "di ",    "door ",   "av ",    "af ",
        "autor: ", "author: ", "autore: ",    "auteur: ", "автор: ", "oleh ", "oleh: ", "yazan: ", "text: ", "текст: "})
    if (folded.starts_with(by)) return true;
  return false;
}

class Reader {
 public:
  Reader(std::vector<std::string> lines, const ExtractOptions& options)
      : lines_(std::move(lines)), options_(options), rule_(lines_.size()) {}

  Extracted read() {
    find_prose();
    find_title();
    find_related();
    read_head();
    for (std::size_t i = 0; i < end_; ++i)
      if (rule_[i].empty()) read_line(i);
    drop_repeats();
    return result();
  }

 private:
  void mark(std::size_t i, std::string_view rule, std::string_view category) {
    rule_[i] = rule;
    category_.resize(lines_.size());
    category_[i] = category;
  }

  void find_prose() {
    first_prose_ = lines_.size();
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      if (!is_prose(lines_[i]) || label_of(cut_utf8(lines_[i], 110)).label != Label::none) continue;
      first_prose_ = std::min(first_prose_, i);
      last_prose_ = i;
    }
    end_ = lines_.size();
  }

  bool could_be_title(std::size_t i) const {
    const auto& line = lines_[i];
    const bool runs_on = line.ends_with(',') || line.ends_with(';') || line.ends_with('.');
    return line.size() >= (i == 0 ? 6U : 12U) && line.size() <= kMaxTitle && !runs_on &&
           words_in(line) >= (static_cast<unsigned char>(line[0]) >= 0xE3 ? 1U : 2U) &&
           label_of(cut_utf8(line, 110)).label == Label::none && !source_line(line).matched &&
           !looks_like_dateline(line) && !is_reading_time(line) && !starts_with_by(line);
  }

  void find_title() {
    const auto limit = std::min<std::size_t>(std::min(first_prose_ + 1, lines_.size()), 12);
    const auto hint = fold_words(options_.title_hint);
    std::size_t first = lines_.size();
    for (std::size_t i = 0; i < limit; ++i) {
      if (!could_be_title(i)) continue;
      if (!hint.empty() && fold_words(lines_[i]) == hint) {
        first = i;
        break;
      }
      // A headline that is there twice is one; otherwise the first line that could be.
      const bool twice = std::find(lines_.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                                   lines_.begin() + static_cast<std::ptrdiff_t>(limit),
                                   lines_[i]) != lines_.begin() + static_cast<std::ptrdiff_t>(limit);
      if (twice) {
        first = i;
        break;
      }
      if (first == lines_.size() && hint.empty()) first = i;
    }
    if (first == lines_.size() || (first >= first_prose_ && hint.empty())) {
      first = lines_.size();
      out_.title = options_.title_hint;
    } else {
      out_.title = title_without_site(lines_[first], {});
      mark(first, "title", "title");
    }
    const auto title = fold_words(out_.title);
    if (title.size() < 8) return;
    for (std::size_t i = 0; i < limit; ++i) {
      const auto line = fold_words(lines_[i]);
      const bool with_site = line.size() > title.size() && line.size() < title.size() + 40 && line.starts_with(title) &&
                             fold_words(title_without_site(lines_[i], {})) == title;
      if (i != first && (line == title || with_site)) mark(i, "repeated-title", "title");
    }
  }

  // The section of teasers, to which everything from there on belongs; or single teasers between paragraphs.
  void find_related() {
    for (std::size_t i = std::min(first_prose_ + 1, lines_.size()); i < lines_.size(); ++i) {
      const auto [label, whole] = label_of(lines_[i]);
      if (label != Label::related || (!whole && !lines_[i].ends_with(':'))) continue;
      std::size_t sources = 0, prose = 0;
      for (auto j = i + 1; j < lines_.size(); ++j) {
        if (source_line(lines_[j]).matched)
          ++sources;
        else if (lines_[j].size() > kLongTeaser && !mentions_app(lines_[j]))
          ++prose;
      }
      if (prose > sources) {
        take_inline_teaser(i);
        continue;
      }
      end_ = i;
      mark(i, "related", "related");
      std::vector<std::string> teasers;
      for (auto j = i + 1; j < lines_.size(); ++j) {
        if (rule_[j].empty() && !read_furniture(j)) read_between_teasers(j);
        if (rule_[j].empty()) {
          teasers.push_back(lines_[j]);
          mark(j, "related-teaser", {});
        }
      }
      out_.related = teasers_of(teasers);
      return;
    }
  }

  // Another heading of teasers, or an invitation that a phrase rule knows: no teasers.
  void read_between_teasers(std::size_t i) {
    const auto& line = lines_[i];
    if (label_of(line).label == Label::related && characters_in(line) <= 40) {
      mark(i, "related", "related");
      return;
    }
    const auto matched = match_text(line);
    const auto core = core_of(matched);
    if (line.size() > kLongProse || core.end == core.begin) return;
    const auto& rules = options_.cleaning.rules ? *options_.cleaning.rules : *Rules::built_in();
    std::vector<std::uint32_t> found;
    rules.compiled().phrase_set.match(std::string_view(matched).substr(core.begin, core.end - core.begin), found);
    for (const auto id : found) {
      const auto& rule = rules.compiled().phrases[id];
      if (rule.linked || rule.category == "protected" || rule.category == "related") continue;
      if (!rule.may(Where::line) && !rule.may(Where::tail)) continue;
      mark(i, rule.name, rule.category);
      return;
    }
  }

  void take_inline_teaser(std::size_t i) {
    if (i + 1 >= lines_.size() || is_prose(lines_[i + 1]) || lines_[i + 1].size() > 160 ||
        label_of(lines_[i + 1]).label != Label::none)
      return;
    mark(i, "related", "related");
    mark(i + 1, "related-teaser", {});
    article::Related teaser;
    teaser.title = lines_[i + 1];
    inline_.push_back(std::move(teaser));
  }

  // Title, source, byline and date above the first paragraph.
  void read_head() {
    bool furniture = false;
    for (std::size_t i = 0; i < std::min(first_prose_, end_); ++i) {
      if (!rule_[i].empty()) continue;
      const auto& line = lines_[i];
      if (const auto source = source_line(line); source.matched && !source.has_title) {
        read_date(source.date);
        if (const auto by = source.source; starts_with_by(by)) read_byline(by);
        mark(i, "dateline", "byline");
      } else if (starts_with_by(line) && line.size() < 120 && !ends_sentence(line)) {
        read_byline(line);
        mark(i, "byline", "byline");
      } else if (looks_like_dateline(line)) {
        read_labelled_date(line);
        mark(i, "dateline", "byline");
      } else if (is_reading_time(line)) {
        mark(i, "reading-time", "byline");
      } else {
        continue;
      }
      furniture = true;
    }
    name_sources();
    if (!furniture && std::count(rule_.begin(), rule_.end(), std::string("repeated-title")) == 0) return;
    for (std::size_t i = 0; i < std::min(first_prose_, end_); ++i)
      if (rule_[i].empty() && is_button(lines_[i]) && label_of(lines_[i]).label == Label::none)
        mark(i, "source-line", "byline");
  }

  // "La Voz del Río" beside "hace 2 horas": a name, since teasers below have the same source or its words are written
  // as those of names.
  void name_sources() {
    const auto is_age = [this](std::size_t i) {
      return i < std::min(first_prose_, end_) && rule_[i] == "dateline" && source_line(lines_[i]).source.empty() &&
             lines_[i].size() <= 30;
    };
    for (std::size_t i = 0; i < std::min(first_prose_, end_); ++i) {
      if (!rule_[i].empty() || !(is_age(i + 1) || (i > 0 && is_age(i - 1)))) continue;
      const auto& line = lines_[i];
      if (characters_in(line) > 40 || words_in(line) > 6 || ends_sentence(line) || label_of(line).label != Label::none)
        continue;
      const bool known = std::any_of(out_.related.begin(), out_.related.end(),
                                     [&line](const article::Related& teaser) { return teaser.source == line; });
      if (known || is_proper_name(line)) mark(i, "source-line", "byline");
    }
  }

  static bool is_proper_name(std::string_view line) {
    bool upper = true;
    for (const auto word : split(line, ' ')) {
      if (characters_in(word) < 4) continue;
      const auto first = word.substr(0, decode_utf8(word).size);
      upper = upper && fold_words(first) != first;
    }
    return upper;
  }

  void read_date(std::string_view text) {
    if (!out_.date_published) out_.date_published = parse_page_date(text, options_.fetched_at);
  }

  // "Published: June 5, 2025, 9:00 am": the date starts at a digit or at one of the words.
  void read_labelled_date(std::string_view line) {
    for (std::size_t at = 0; at != line.npos && !out_.date_published; at = line.find(' ', at)) {
      if (at > 0) ++at;
      read_date(line.substr(at));
    }
  }

  void read_byline(std::string_view line) {
    for (auto& name : names_of_byline(line))
      if (out_.authors.size() < 16) out_.authors.push_back({std::move(name), {}, {}, {}});
    // "By Ann Lee, June 5, 2025", "By Ann Lee · Updated June 5, 2025 · 4 min read"
    for (const std::string_view border : {"|", "·", "•", ","}) {
      for (auto at = line.find(border); at != line.npos && !out_.date_published; at = line.find(border, at + 1)) {
        const auto rest = line.substr(at + border.size());
        read_labelled_date(trim(border == "," ? rest : rest.substr(0, rest.find(border))));
      }
    }
  }

  // Furniture that needs no place: labels and the block that each begins. True if line `i` is.
  bool read_furniture(std::size_t i) {
    const auto& line = lines_[i];
    const auto [label, whole] = label_of(cut_utf8(line, 110));
    switch (label) {
      case Label::none: return false;
      case Label::image:
        if (line.size() > 400) return false;
        mark(i, "alt-text", "alt-text");
        return true;
      case Label::app:
        if (!whole && is_prose(line) && i < last_prose_ && i < end_) return false;
        take_block(i, "app-download", "app-download", [](std::string_view next) { return mentions_app(next); });
        return true;
      case Label::ai:
        if (!whole && ends_sentence(line) && line.size() > kProse) return false;
        if (whole && is_button(line) && !has_furniture_beside(i) && !mentions_ai(line)) return false;
        take_block(i, "ai-feature", "ai-feature", [](std::string_view next) {
          return next.size() < kLongProse &&
                 (mentions_ai(next) || next.ends_with('?') || label_of(next).label == Label::ai || is_button(next));
        });
        return true;
      case Label::comments:
        if (!whole && line.size() > kProse) return false;
        take_block(i, "comments", "comments", [this, i](std::string_view next) {
          return label_of(next).label == Label::comments ||
                 (i > last_prose_ && is_button(next) && label_of(next).label == Label::none);
        });
        return true;
      case Label::share:
        if (!whole && ends_sentence(line) && line.size() > kProse) return false;
        if (whole && is_button(line) && !has_furniture_beside(i)) return false;
        mark(i, "share", "share");
        return true;
      case Label::related:
      case Label::author: return false;
      case Label::advertisement:
      case Label::newsletter:
      case Label::tags:
        if (!whole && ends_sentence(line) && i < last_prose_) return false;
        mark(i, category_of(label), category_of(label));
        return true;
    }
    return false;
  }

  // A word such as "Save" is a button among other buttons, a heading alone.
  bool has_furniture_beside(std::size_t i) const {
    const auto is_label = [this](std::size_t at) {
      return at < lines_.size() && (label_of(cut_utf8(lines_[at], 110)).label != Label::none ||
                                    rule_[at] == "dateline" || rule_[at] == "byline");
    };
    return is_label(i + 1) || (i > 0 && is_label(i - 1)) || i > last_prose_;
  }

  template <class Belongs>
  void take_block(std::size_t i, std::string_view rule, std::string_view category, Belongs belongs) {
    mark(i, rule, category);
    const auto own = label_of(cut_utf8(lines_[i], 110)).label;
    for (auto j = i + 1; j < lines_.size() && j <= i + kMaxBlock && rule_[j].empty() && belongs(lines_[j]); ++j) {
      const auto label = label_of(lines_[j]).label;
      if (label != Label::none && label != own) break;
      mark(j, rule, category);
    }
  }

  // "Read more: Why the last night train stopped": a teaser on one line, between paragraphs.
  bool read_teaser_line(std::size_t i) {
    const auto& line = lines_[i];
    const auto colon = line.find(':');
    if (colon == line.npos || colon > kLongestLeadIn || line.size() > kMaxTeaserLine || ends_sentence(line))
      return false;
    const auto [label, whole] = label_of(line.substr(0, colon + 1));
    const auto title = trim(std::string_view(line).substr(colon + 1));
    if (label != Label::related || !whole || words_in(title) < 3) return false;
    mark(i, "related", "related");
    article::Related teaser;
    teaser.title = title;
    inline_.push_back(std::move(teaser));
    return true;
  }

  void read_line(std::size_t i) {
    if (read_furniture(i) || read_teaser_line(i)) return;
    if (i <= last_prose_ || last_prose_ == 0) return;
    // Below the last paragraph.
    const auto& line = lines_[i];
    const auto hash_tags = static_cast<std::size_t>(std::count(line.begin(), line.end(), '#'));
    if (line.starts_with('#') && hash_tags * 2 >= words_in(line))
      mark(i, "tags", "navigation");
    else if (const auto source = source_line(line); (source.matched && !source.has_title) || looks_like_dateline(line))
      mark(i, "dateline", "byline");
  }

  void drop_repeats() {
    std::set<std::string_view> seen;
    for (std::size_t i = 0; i < end_; ++i) {
      if (!rule_[i].empty() || lines_[i].size() < 20) continue;
      if (!seen.insert(lines_[i]).second) mark(i, "repeated-line", "alt-text");
    }
  }

  Extracted result() {
    std::string text;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      if (!rule_[i].empty()) continue;
      if (!text.empty()) text += "\n\n";
      text += lines_[i];
    }
    out_.url = options_.url;
    if (text.empty()) {  // if everything would go, nothing goes
      for (const auto& line : lines_) text.append(text.empty() ? "" : "\n\n").append(line);
      out_.related.clear();
    } else {
      report();
      out_.related.insert(out_.related.begin(), std::make_move_iterator(inline_.begin()),
                          std::make_move_iterator(inline_.end()));
    }
    Entry entry;
    entry.text = std::move(text);
    clean_extracted(std::move(entry), options_, out_);
    out_.language = detect_language(out_.content_text);
    return std::move(out_);
  }

  // Neighbouring lines of one rule are one removal.
  void report() {
    std::string_view open;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      const bool reported = !rule_[i].empty() && rule_[i] != "title" && rule_[i] != "related-teaser";
      if (!reported) {
        if (rule_[i] != "related-teaser") open = {};
        continue;
      }
      if (rule_[i] == open) {
        out_.stripped.back().text.append(" ").append(lines_[i]);
        continue;
      }
      open = rule_[i];
      const std::string_view where = i < first_prose_ ? "head" : i > last_prose_ || i >= end_ ? "tail" : "body";
      out_.stripped.push_back({rule_[i], category_[i], std::string(where), lines_[i]});
    }
  }

  std::vector<std::string> lines_;
  const ExtractOptions& options_;
  std::vector<std::string> rule_;  // empty: of the article
  std::vector<std::string> category_;
  std::vector<article::Related> inline_;
  Extracted out_;
  std::size_t first_prose_ = 0;
  std::size_t last_prose_ = 0;
  std::size_t end_ = 0;  // of the article: where the teasers begin
};

}  // namespace

bool looks_like_markup(std::string_view text) {
  const auto head = text.substr(0, 256U << 10U);
  if (const auto start = trim(head); istarts_with(start, "<!doctype") || istarts_with(start, "<html")) return true;
  if (ifind(head, "<html") != head.npos || ifind(head, "<body") != head.npos) return true;
  int tags = 0;
  for (auto at = head.find("</"); at != head.npos && tags < 2; at = head.find("</", at + 2))
    if (at + 2 < head.size() && is_alpha(head[at + 2])) ++tags;
  for (const std::string_view tag : {"<p>", "<br>", "<br/>", "<br />", "<div", "<p ", "<img "})
    if (ifind(head, tag) != head.npos) ++tags;
  return tags >= 2;
}

Result<Extracted> extract_plain_text(std::string_view text, const ExtractOptions& options) {
  auto lines = paragraphs_of(text);
  if (lines.empty()) return Error{Errc::not_found, "the text has no words", options.url};
  return Reader(std::move(lines), options).read();
}

}  // namespace newswire::clean
