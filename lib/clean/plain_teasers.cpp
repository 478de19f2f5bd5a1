#include "clean/plain_teasers.h"

#include <algorithm>
#include <chrono>

#include "base/text.h"
#include "base/time.h"
#include "clean/metadata.h"
#include "clean/plain_lines.h"

namespace newswire::clean {
namespace {

constexpr std::size_t kMaxTeasers = 100;
constexpr std::size_t kMaxSourceLine = 160;  // bytes
constexpr std::size_t kMaxTitle = 220;
constexpr Time kAnyTime{std::chrono::hours{24 * 365 * 50}};  // only whether a date can be read matters here

bool is_date(std::string_view text) {
  text = trim(text);
  return !text.empty() && text.size() < 60 && parse_page_date(text, kAnyTime).has_value();
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

}  // namespace

SourceLine source_line(std::string_view raw) {
  const auto line = trim(raw);
  if (line.empty() || line.size() > kMaxSourceLine) return {};
  if (is_date(line)) return {true, {}, std::string(line)};
  for (const auto& [at, width] : separators(line)) {
    const auto before = trim(line.substr(0, at));
    const auto after = trim(line.substr(at + width));
    if (before.empty() || after.empty()) continue;
    if (characters_in(before) <= 50 && is_date(after)) return {true, std::string(before), std::string(after)};
    if (characters_in(after) <= 50 && is_date(before)) return {true, std::string(after), std::string(before)};
  }
  // "BBC News 2 hours ago": no separator at all; the date begins at some word.
  int words = 0;
  for (auto space = line.find(' '); space != line.npos && words < 6; space = line.find(' ', space + 1), ++words) {
    const auto date = line.substr(space + 1);
    if (date.size() >= 5 && (is_digit(date.front()) || istarts_with(date, "a")) && is_date(date) &&
        !ends_like_text(line))
      return {true, std::string(trim(line.substr(0, space))), std::string(date)};
  }
  return {};
}

std::vector<article::Related> teasers_of(std::span<const std::string> lines) {
  std::vector<article::Related> out;
  std::vector<SourceLine> sources;
  bool any_source = false;
  for (const auto& line : lines) {
    sources.push_back(source_line(line));
    any_source = any_source || sources.back().matched;
  }
  if (lines.empty()) return out;
  // The first line tells the layout: a source line first means that a teaser starts with one.
  const bool name_then_date = lines.size() > 1 && sources[1].matched && sources[1].source.empty() &&
                              characters_in(lines.front()) <= 30 && !ends_like_text(lines.front());
  const bool source_first = sources.front().matched || name_then_date;
  article::Related open;
  const auto close = [&] {
    if (!open.title.empty() && out.size() < kMaxTeasers) out.push_back(std::move(open));
    open = {};
  };
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto& line = lines[i];
    if (sources[i].matched) {
      if (!open.title.empty() && (source_first || !open.date.empty())) close();
      if (!sources[i].source.empty()) open.source = sources[i].source;
      open.date = sources[i].date;
      continue;
    }
    // A bare name right before a bare date: "The Sun" / "2 hours ago".
    const bool names_source = i + 1 < lines.size() && sources[i + 1].matched && sources[i + 1].source.empty() &&
                              characters_in(line) <= 40 && !ends_like_text(line) &&
                              (source_first || !open.title.empty());
    if (names_source) {
      if (source_first) close();
      open.source = line;
      continue;
    }
    if (open.title.empty()) {
      open.title = line;
    } else if (looks_like_text(line) && open.text.empty()) {
      open.text = line;
    } else if (looks_like_text(line)) {
      open.text += ' ';
      open.text += line;
    } else if (!open.text.empty() || !open.date.empty() || !any_source) {
      if (source_first && open.text.empty() && any_source) {
        open.text = line;  // a source line must come before the next title
        continue;
      }
      close();
      open.title = line;
    } else {
      open.text = line;  // a short text before its source line
    }
  }
  close();
  return out;
}

}  // namespace newswire::clean
