#include "clean/detail/repeated_title.h"

#include <algorithm>

#include "clean/detail/atom_finder.h"
#include "clean/detail/match_text.h"

namespace newswire::clean {
namespace {

constexpr std::string_view kRule = "repeated-title";
constexpr std::string_view kCategory = "title";
constexpr std::uint32_t kMinWords = 2;  // of a title: one word may begin any text

std::string folded_core(std::string_view text) {
  const auto core = core_of(text);
  return fold_case(text.substr(core.begin, core.end - core.begin));
}

}  // namespace

void strip_repeated_title(std::vector<Line>& lines, std::string_view title, const Disabled& disabled) {
  if (disabled.contains(kCategory) || disabled.contains(kRule) || count_words(title) < kMinWords) return;
  const auto is_left = [](const Line& line) { return !line.gone(); };
  const auto first = std::find_if(lines.begin(), lines.end(), is_left);
  if (first == lines.end() || first->heading == 0 || first->protected_ || first->verbatim) return;
  if (std::none_of(first + 1, lines.end(), is_left) || folded_core(first->rest()) != folded_core(title)) return;
  take_all(*first, kRule, kCategory);
}

}  // namespace newswire::clean
