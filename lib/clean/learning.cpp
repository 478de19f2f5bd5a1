#include "clean/detail/learning.h"

#include <algorithm>
#include <unordered_set>

#include "base/hash.h"
#include "base/text.h"
#include "clean/detail/match_text.h"
#include "clean/detail/units.h"

namespace newswire::clean {
namespace {

constexpr std::size_t kHeadLines = 5;      // lines that count as the beginning of an entry
constexpr std::size_t kTailLines = 14;     // and as its end
constexpr std::size_t kMaxObserved = 120;  // blocks counted of one entry
constexpr std::string_view kRule = "recurring-block";
constexpr std::string_view kCategory = "learned";

bool is_open(const Line& line) { return !line.gone() && !line.verbatim && !line.protected_; }

std::string_view core_text(std::string_view text) {
  const auto core = core_of(text);
  return text.substr(core.begin, core.end - core.begin);
}

// The title without decoration, if it stands in `text`; one of a word or two is an ordinary word of the text.
std::string_view title_in(std::string_view text, std::string_view title) {
  const auto core = core_text(title);
  const bool is_there = core.size() >= 10 && text.find(core) != std::string_view::npos && count_words(core) >= 3;
  return is_there ? core : std::string_view{};
}

std::vector<std::size_t> open_lines(const std::vector<Line>& lines) {
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (!lines[i].gone()) open.push_back(i);
  }
  return open;
}

class Observation {
 public:
  Observation(const std::vector<Line>& lines, std::string_view title) : lines_(lines), title_(title) {}

  std::vector<BlockSeen> run() {
    const auto open = open_lines(lines_);
    const auto count = open.size();
    // The edges first: they are what the bound must not lose.
    for (std::size_t left = 0; left < std::min(count, kTailLines); ++left) {
      const auto i = count - 1 - left;
      add_line(lines_[open[i]], i < kHeadLines, true);
    }
    for (std::size_t i = 0; i < std::min(kHeadLines, count - std::min(count, kTailLines)); ++i) {
      add_line(lines_[open[i]], true, false);
    }
    for (std::size_t i = 0; i < std::min<std::size_t>(count, 3); ++i) add_ends(lines_[open[count - 1 - i]]);
    for (std::size_t i = 0; i < std::min<std::size_t>(count, 2); ++i) add_starts(lines_[open[i]]);
    for (std::size_t i = kHeadLines; i + kTailLines < count; ++i) {
      if (lines_[open[i]].words >= 5) add_line(lines_[open[i]], false, false);
    }
    return std::move(seen_);
  }

 private:
  void add_line(const Line& line, bool head, bool tail) {
    if (is_open(line)) add(line.rest(), head, tail);
  }

  void add_ends(const Line& line) {
    if (!is_open(line)) return;
    for (const auto at : end_borders(line)) add(std::string_view(line.text).substr(at, line.end - at), false, true);
  }

  void add_starts(const Line& line) {
    if (!is_open(line)) return;
    for (const auto at : start_borders(line))
      add(std::string_view(line.text).substr(line.begin, at - line.begin), true, false);
  }

  void add(std::string_view text, bool head, bool tail) {
    if (seen_.size() >= kMaxObserved) return;
    text = core_text(text);
    if (text.size() < 2) return;
    const auto id = fingerprint(text, {});
    if (ids_.insert(id).second) seen_.push_back({id, text, head, tail});
    if (!tail || title_in(text, title_).empty()) return;
    // "The post TITLE appeared first on SITE", in whatever words.
    const auto general = fingerprint(text, title_);
    if (ids_.insert(general).second) seen_.push_back({general, text, head, tail});
  }

  const std::vector<Line>& lines_;
  std::string_view title_;
  std::vector<BlockSeen> seen_;
  std::unordered_set<std::uint64_t> ids_;
};

enum class Place : std::uint8_t { head, tail, body };

class LearnedStripper {
 public:
  LearnedStripper(std::vector<Line>& lines, std::string_view title, const Rules::Compiled& rules,
                  const SiteModel& model)
      : lines_(lines), title_(title), rules_(rules), model_(model) {}

  void run() {
    if (model_.entries() < 2) return;
    from_end();
    from_start();
    runs();
    inside();
  }

 private:
  // A block whose words are evidence enough is taken at once; the rest of the rules is in `is_boilerplate`.
  void from_end() {
    for (auto i = lines_.size(); i-- > 0;) {
      auto& line = lines_[i];
      if (line.gone()) continue;
      if (!is_open(line)) return;
      if (is_boilerplate(line, line.begin, line.end, Place::tail)) {
        take_all(line, kRule, kCategory);
        continue;
      }
      for (const auto at : end_borders(line)) {
        // The value of a field without its name is no block.
        if (trim(std::string_view(line.text).substr(line.begin, at - line.begin)).ends_with(':')) continue;
        if (!is_sentence_border(line, at) && linked_share(line, at, line.end) < 0.6) continue;
        if (!is_boilerplate(line, at, line.end, Place::tail)) continue;
        // Not the end of a line that is protected as a whole.
        if (!is_protected(core_text(line.rest()), line.words)) take(line, at, line.end, kRule, kCategory);
        break;
      }
      return;
    }
  }

  void from_start() {
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      auto& line = lines_[i];
      if (line.gone()) continue;
      if (!is_open(line) || announces(i)) return;
      if (is_boilerplate(line, line.begin, line.end, Place::head)) {
        take_all(line, kRule, kCategory);
        continue;
      }
      for (const auto at : start_borders(line)) {
        if (!is_boilerplate(line, line.begin, at, Place::head)) continue;
        take(line, line.begin, at, kRule, kCategory);
        break;
      }
      return;
    }
  }

  // Several recurring lines in a row, with a link among them: the standing block of a site, wherever it stands.
  void runs() {
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      auto end = i;
      std::uint32_t words = 0;
      std::uint32_t count = 0;
      bool linked = false;
      double least = 1;  // of the shares
      bool likely = true;
      for (; end < lines_.size(); ++end) {
        const auto& line = lines_[end];
        if (line.gone()) {
          // Taken by a phrase: promotion all right.
          linked = linked || !line.removals.empty();
          words += line.words;
          continue;
        }
        const auto known = recurrence(line);
        if (known.share == 0) break;
        least = std::min(least, known.share);
        likely = likely && known.share >= likely_share(known.entries);
        words += line.words;
        linked = linked || is_linked(line, line.begin, line.end);
        ++count;
      }
      // What announces the line after the run belongs to it.
      while (end > i && (announces(end - 1) || is_remark(lines_[end - 1]))) --end;
      const bool evident = words >= 25 ? likely : words >= 10 && least >= 0.4;
      if (count >= 2 && evident && linked) {
        for (auto j = i; j < end; ++j) take_all(lines_[j], kRule, kCategory);
      }
      i = std::max(i, end);
    }
  }

  // In how many of the entries the line stands; zeros for one that is no evidence.
  SiteModel::Evidence recurrence(const Line& line) {
    if (!is_open(line)) return {};
    const auto text = core_text(line.rest());
    if (text.size() < 2) return {};
    auto known = model_.evidence(fingerprint(text, {}));
    if (known.verdict == Verdict::keep) return {};
    if (known.verdict == Verdict::strip) {
      known.share = 1;
      return known;
    }
    if (known.entries < 3 || is_protected(text, count_words(text))) return {};
    if (is_field(text) && !is_linked(line, line.begin, line.end)) return {};
    return known;
  }

  // "Vehicles: 2 engines, 1 ladder": a field of the entry, even if its value is often the same.
  static bool is_field(std::string_view text) {
    const auto colon = text.find(": ");
    return colon != std::string_view::npos && count_words(text) <= 12 && count_words(text.substr(0, colon)) <= 4;
  }

  // "Cheers!", "Jane": words that end many an article, even if standing ones are next to them.
  static bool is_remark(const Line& line) {
    return !line.gone() && line.heading == 0 && line.words < 3 && !is_linked(line, line.begin, line.end);
  }

  // A heading, or a line that ends in a colon, before something that stays.
  bool announces(std::size_t i) {
    const auto& line = lines_[i];
    if (line.gone() || (!line.rest().ends_with(':') && (line.heading == 0 || line.heading > 6))) return false;
    return i + 1 < lines_.size() && !lines_[i + 1].gone() && recurrence(lines_[i + 1]).share == 0;
  }

  void inside() {
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      auto& line = lines_[i];
      if (!is_open(line) || announces(i)) continue;
      if (is_boilerplate(line, line.begin, line.end, Place::body)) take_all(line, kRule, kCategory);
    }
  }

  bool is_boilerplate(const Line& line, std::uint32_t begin, std::uint32_t end, Place place) {
    const auto text = core_text(std::string_view(line.text).substr(begin, end - begin));
    if (text.size() < 2) return false;
    const auto known = evidence(text, place);
    if (known.verdict != Verdict::learned) return known.verdict == Verdict::strip;
    if (known.entries < 3) return false;
    const auto words = count_words(text);
    const bool whole = begin == line.begin && end == line.end;
    const bool linked = is_linked(line, begin, end);
    if (!linked && is_field(text)) return false;
    // "Jane posted a photo:" stands before what is to be seen.
    if (place == Place::tail && line.rest().ends_with(':')) return false;
    if (!is_evident(known, words, linked, whole, place)) return false;
    return !is_protected(text, words);
  }

  SiteModel::Evidence evidence(std::string_view text, Place place) const {
    auto known = model_.evidence(fingerprint(text, {}));
    if (place != Place::tail || known.verdict != Verdict::learned || title_in(text, title_).empty()) return known;
    // The title itself is no boilerplate: there must be words around it.
    if (count_words(text) < count_words(title_) + 3) return known;
    const auto around = model_.evidence(fingerprint(text, title_));
    return around.share >= 0.5 && around.entries > known.entries ? around : known;
  }

  // A link, or an address that is written out.
  static bool is_linked(const Line& line, std::uint32_t begin, std::uint32_t end) {
    if (std::any_of(line.links.begin(), line.links.end(),
                    [&](const LinkSpan& l) { return l.begin < end && l.end > begin; }))
      return true;
    const auto text = std::string_view(line.text).substr(begin, end - begin);
    return ifind(text, "http://") != std::string_view::npos || ifind(text, "https://") != std::string_view::npos ||
           ifind(text, "www.") != std::string_view::npos;
  }

  // The share of the entries from which on a long text is no coincidence. The fewer entries, the likelier it is that a
  // few of them just tell of the same thing.
  static double likely_share(std::uint32_t entries) {
    return entries >= 8 ? 0.05 : entries >= 6 ? 0.1 : entries >= 5 ? 0.15 : entries >= 4 ? 0.25 : 0.4;
  }

  // How often and how regularly, against how much is at stake.
  static bool is_evident(const SiteModel::Evidence& known, std::uint32_t words, bool linked, bool whole, Place place) {
    const auto entries = known.entries;
    switch (place) {
      case Place::tail: {
        const auto regular = known.tails * 4 >= entries * 3;
        if (!regular) return false;
        if (words >= 8) return known.share >= likely_share(entries);
        if (words >= 4) return linked && known.share >= 0.25;
        return linked && known.share >= 0.5 && (whole || entries >= 4);
      }
      case Place::head: {
        const auto regular = known.heads * 4 >= entries * 3;
        if (!regular) return false;
        if (words >= 6) return known.share >= (linked ? 0.5 : 0.7);
        return linked && words >= 3 && known.share >= 0.8 && entries >= 4;
      }
      case Place::body:
        if (entries < 4) return false;
        return words >= 20 ? known.share >= likely_share(entries) : words >= 8 && known.share >= (linked ? 0.5 : 0.75);
    }
    return false;
  }

  bool is_protected(std::string_view text, std::uint32_t words) {
    if (words > 60) return false;
    rules_.phrase_set.match(text, found_);
    return std::any_of(found_.begin(), found_.end(),
                       [this](std::uint32_t id) { return rules_.phrases[id].category == "protected"; });
  }

  std::vector<Line>& lines_;
  std::string_view title_;
  const Rules::Compiled& rules_;
  const SiteModel& model_;
  std::vector<std::uint32_t> found_;
};

}  // namespace

namespace {

std::size_t words_beside_addresses(std::string_view text) {
  std::size_t words = 0;
  for (const auto word : split(text, ' ')) {
    if (!word.empty() && !istarts_with(word, "http://") && !istarts_with(word, "https://")) ++words;
  }
  return words;
}

}  // namespace

std::uint64_t fingerprint(std::string_view text, std::string_view title) {
  const auto title_core = title_in(text, title);
  if (title_core.empty() && text.find("://") == std::string_view::npos) return hash64(lower(text));
  std::string key;
  key.reserve(text.size());
  const bool is_address = words_beside_addresses(text) <= 2;
  for (std::size_t at = 0; at < text.size();) {
    if (!title_core.empty() && text[at] == title_core.front() && text.substr(at).starts_with(title_core)) {
      key += '\x01';
      at += title_core.size();
      continue;
    }
    const auto rest = text.substr(at);
    const bool is_url = (rest.front() == 'h' || rest.front() == 'H') &&
                        (istarts_with(rest, "http://") || istarts_with(rest, "https://"));
    if (is_url) {
      const auto url_end = std::min(rest.find(' '), rest.size());
      // Of a URL in a sentence only the host: campaigns change the rest. A URL alone is what the line says.
      const auto kept = is_address ? rest.find_first_of(" ?#", 8) : rest.find('/', 8);
      key += lower(rest.substr(0, std::min(kept, url_end)));
      at += url_end;
      continue;
    }
    key += to_lower(text[at++]);
  }
  return hash64(key);
}

void observe_lines(const std::vector<Line>& lines, std::string_view title, std::uint64_t entry, SiteModel& model,
                   Time now) {
  model.observe(entry, Observation(lines, title).run(), now);
}

void strip_learned(std::vector<Line>& lines, std::string_view title, const Rules::Compiled& rules,
                   const Disabled& disabled, const SiteModel& model) {
  if (disabled.contains(kCategory) || disabled.contains(kRule)) return;
  LearnedStripper(lines, title, rules, model).run();
}

}  // namespace newswire::clean
