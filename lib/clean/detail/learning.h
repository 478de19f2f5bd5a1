#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "clean/detail/compiled_rules.h"
#include "clean/detail/lines.h"
#include "clean/detail/phrases.h"
#include "clean/site_model.h"

namespace newswire::clean {

/// The fingerprint of a block: case and the paths of URLs do not count, and the entry's own title stands for any title
/// ("The post … appeared first on …"). Numbers count: a date or a version that changes is news.
std::uint64_t fingerprint(std::string_view text, std::string_view title);

/// Counts the blocks of an entry in the model: lines that phrases left, and beginnings and ends of the outer ones.
void observe_lines(const std::vector<Line>& lines, std::string_view title, std::uint64_t entry, SiteModel& model,
                   Time now);

/// Takes what the model knows to be boilerplate. From both edges inwards: a recurring block in the middle of an article
/// is only taken on strong evidence, and protected kinds (rules of category "protected") never.
void strip_learned(std::vector<Line>& lines, std::string_view title, const Rules::Compiled& rules,
                   const Disabled& disabled, const SiteModel& model);

}  // namespace newswire::clean
