#include "clean/plain_teasers.h"

#include <algorithm>
#include <chrono>

#include "base/text.h"
#include "base/time.h"
#include "clean/metadata.h"
#include "clean/page_labels.h"
#include "clean/plain_lines.h"

namespace newswire::clean {
namespace {

constexpr std::size_t kMaxTeasers = 100;
constexpr std::size_t kMaxSourceLine = 260;  // bytes
constexpr std::size_t kMaxTitle = 220;
constexpr Time kAnyTime{std::chrono::hours{24 * 365 * 50}};  // only whether a date can be read matters here

bool is_date(std::string_view text) {
  text = trim(text);
  return !text.empty() && text.size() < 60 && parse_page_date(text, kAnyTime).has_value();
}

bool says_published(std::string_view text) {
  const auto folded = fold_words(text);
  for (const std::string_view word :
       {"published",   "posted",       "updated",    "publié",       "mis à jour",     "publicado", "publicada",
        "actualizado", "atualizado",   "pubblicato", "aggiornato",   "veröffentlicht", "stand",     "aktualisiert",
        "erschienen",  "gepubliceerd", "publicerad", "opublikowano", "опубликовано",   "обновлено", "yayınlanma"})
    if (folded.starts_with(word)) return true;
  return false;
}

// Where a part of the line ends: position and width of the separator.
std::vector<std::pair<std::size_t, std::size_t>> separators(std::string_view line) {
  std::vector<std::pair<std::size_t, std::size_t>> out;
  for (std::size_t i = 0; i < line.size(); ++i) {
    for (const std::string_view separator : {"·", "•", "|", "∙", "‧", "・", " - ", " – ", " — ", ", ", "/ "}) {
      if (!line.substr(i).starts_with(separator)) continue;
      out.emplace_back(i, separator.size());
      i += separator.size() - 1;
      break;
    }
  }
  return out;
}

bool ends_like_text(std::string_view line) {
  for (const std::string_view end : {".", "…", "...", "!", "?", "。", "।", "”", "\"", "»"})
    if (line.ends_with(end)) return true;
  return false;
}

// A teaser's text rather than its title: long, or a sentence of some length.
bool looks_like_text(std::string_view line) {
  const auto length = characters_in(line);
  const bool period = line.ends_with(".") || line.ends_with("。") || line.ends_with("।");
  return length > kMaxTitle || (length > 60 && period) || (length > 110 && ends_like_text(line)) ||
         line.ends_with("…") || line.ends_with("...");
}

// Without the sign that a list has before each line.
std::string_view without_bullet(std::string_view line) {
  for (const std::string_view bullet : {"- ", "– ", "* ", "• ", "· ", "▪ ", "● ", "■ ", "→ ", "› ", "» ", "> ", "+ "})
    if (line.starts_with(bullet)) return trim(line.substr(bullet.size()));
  return line;
}

// "School swaps textbooks for a garden - Valley Times - 6 hours ago": where the source begins in what stands before
// the date, or npos if it is only a source.
std::size_t title_end(std::string_view source) {
  for (const std::string_view border : {" - ", " – ", " — ", " | ", " · ", " • "}) {
    const auto at = source.rfind(border);
    if (at == source.npos) continue;
    const auto title = source.substr(0, at);
    if (characters_in(title) >= 12 && std::count(title.begin(), title.end(), ' ') >= 2) return at;
  }
  return source.npos;
}

}  // namespace

SourceLine source_line(std::string_view raw) {
  const auto line = trim(raw);
  if (line.empty() || line.size() > kMaxSourceLine) return {};
  // "School swaps textbooks for a garden (Valley Times, 6 hours ago)"
  if (const auto open = line.rfind(" ("); open != line.npos && line.ends_with(')')) {
    const auto title = line.substr(0, open);
    auto inner = source_line(line.substr(open + 2, line.size() - open - 3));
    if (inner.matched && inner.title.empty() && std::count(title.begin(), title.end(), ' ') >= 1) {
      inner.title = title;
      return inner;
    }
  }
  if (is_date(line)) return {true, {}, std::string(line), {}};
  for (const auto& [at, width] : separators(line)) {
    const auto before = trim(line.substr(0, at));
    const auto after = trim(line.substr(at + width));
    if (before.empty() || after.empty()) continue;
    const auto end = title_end(before);
    if (end != before.npos && is_date(after))
      return {true, std::string(trim(before.substr(before.find(' ', end + 1)))), std::string(after),
              std::string(trim(before.substr(0, end)))};
    if (characters_in(before) <= 50 && is_date(after)) return {true, std::string(before), std::string(after), {}};
    if (characters_in(after) <= 50 && is_date(before)) return {true, std::string(after), std::string(before), {}};
  }
  // "BBC News 2 hours ago": no separator at all; the date begins at some word. "Published June 2" has no source.
  int words = 0;
  for (auto space = line.find(' '); space != line.npos && words < 6; space = line.find(' ', space + 1), ++words) {
    const auto date = line.substr(space + 1);
    if (date.size() >= 5 && (is_digit(date.front()) || istarts_with(date, "a")) && is_date(date) &&
        !ends_like_text(line)) {
      const auto before = trim(line.substr(0, space));
      return {true, says_published(before) ? std::string{} : std::string(before), std::string(date), {}};
    }
  }
  return {};
}

namespace {

class TeaserReader {
 public:
  explicit TeaserReader(std::span<const std::string> lines) {
    for (const auto& line : lines) lines_.emplace_back(without_bullet(line));
  }

  std::vector<article::Related> read() {
    for (const auto& line : lines_) sources_.push_back(source_line(line));
    if (lines_.empty()) return {};
    tell_layout();
    for (at_ = 0; at_ < lines_.size(); ++at_) {
      if (sources_[at_].matched) {
        take_source();
      } else if (names_source(at_)) {
        if (layout_ == Layout::source_first) close();
        open_.source = lines_[at_];
      } else if (layout_ == Layout::title_first) {
        take_after_title_line();
      } else {
        take_line();
      }
    }
    close();
    return std::move(out_);
  }

 private:
  enum class Layout : std::uint8_t {
    any,           // title, text, source; or titles alone
    source_first,  // source, title, text
    title_first,   // title, source, text
  };

  // What the first line that names a source tells.
  void tell_layout() {
    std::size_t first = lines_.size();
    for (std::size_t i = 0; i < lines_.size() && first == lines_.size(); ++i) {
      if (sources_[i].matched && sources_[i].title.empty()) first = i;
      any_source_ = any_source_ || sources_[i].matched;
    }
    if (first == lines_.size()) return;
    const bool bare_date = sources_[first].source.empty();
    const bool name_before =
        first > 0 && bare_date && characters_in(lines_[first - 1]) <= 30 && !ends_like_text(lines_[first - 1]);
    if (first == 0 || (first == 1 && name_before)) {
      layout_ = Layout::source_first;
    } else if ((first == 1 && !bare_date) || (first == 2 && name_before)) {
      layout_ = Layout::title_first;
    }
  }

  // A bare name right before a bare date: "The Sun" / "2 hours ago".
  bool names_source(std::size_t i) const {
    // Dates on both sides: titles and dates take turns.
    if (layout_ != Layout::source_first && i > 0 && sources_[i - 1].matched) return false;
    return i + 1 < lines_.size() && sources_[i + 1].matched && sources_[i + 1].source.empty() &&
           characters_in(lines_[i]) <= 40 && !ends_like_text(lines_[i]) &&
           (layout_ == Layout::source_first || !open_.title.empty());
  }

  // Does the source of the line's own teaser follow it?
  bool is_before_source(std::size_t i) const {
    if (i + 1 < lines_.size() && sources_[i + 1].matched) return true;
    return i + 2 < lines_.size() && sources_[i + 2].matched && sources_[i + 2].source.empty() &&
           characters_in(lines_[i + 1]) <= 40 && !ends_like_text(lines_[i + 1]);
  }

  void close() {
    // A title that was read as the source before a date.
    if (open_.title.empty()) std::swap(open_.title, open_.source);
    // "2. What to do when the lights go out", the second of a list.
    if (const auto number = std::to_string(out_.size() + 1) + ". "; open_.title.starts_with(number))
      open_.title.erase(0, number.size());
    if (!open_.title.empty() && out_.size() < kMaxTeasers) out_.push_back(std::move(open_));
    open_ = {};
  }

  void take_source() {
    const auto& found = sources_[at_];
    if (!found.title.empty()) {
      close();
      open_.title = found.title;
      open_.source = found.source;
      open_.date = found.date;
      return;
    }
    if (!open_.title.empty() && (layout_ == Layout::source_first || !open_.date.empty())) close();
    if (!found.source.empty()) open_.source = found.source;
    open_.date = found.date;
  }

  void take_after_title_line() {
    const auto& line = lines_[at_];
    if (is_before_source(at_)) close();
    if (open_.title.empty()) {
      open_.title = line;
    } else if (open_.text.empty()) {
      open_.text = line;
    } else if (looks_like_text(line)) {
      open_.text.append(" ").append(line);
    } else {
      close();
      open_.title = line;
    }
  }

  void take_line() {
    const auto& line = lines_[at_];
    if (open_.title.empty()) {
      open_.title = line;
    } else if (looks_like_text(line) && open_.text.empty()) {
      open_.text = line;
    } else if (looks_like_text(line)) {
      open_.text.append(" ").append(line);
    } else if (!open_.text.empty() || !open_.date.empty() || !any_source_) {
      if (layout_ == Layout::source_first && open_.text.empty() && any_source_) {
        open_.text = line;  // a source line must come before the next title
        return;
      }
      close();
      open_.title = line;
    } else {
      open_.text = line;  // a short text before its source line
    }
  }

  std::vector<std::string> lines_;
  std::vector<SourceLine> sources_;
  std::vector<article::Related> out_;
  article::Related open_;
  Layout layout_ = Layout::any;
  bool any_source_ = false;
  std::size_t at_ = 0;
};

}  // namespace

std::vector<article::Related> teasers_of(std::span<const std::string> lines) { return TeaserReader(lines).read(); }

}  // namespace newswire::clean
