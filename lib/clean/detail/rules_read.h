#pragma once

#include <span>

#include "clean/detail/rule_source.h"

namespace newswire::clean {

/// Reads rule files (YAML) on top of what `source` has: a rule with a known name replaces it. Errc::invalid, with
/// file:line:column, for a mistake.
Result<void> read_rules(std::span<const RuleText> files, RuleSource& source);

}  // namespace newswire::clean
