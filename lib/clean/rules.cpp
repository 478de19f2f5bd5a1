#include "clean/rules.h"

#include <stdexcept>

#include "clean/detail/built_in_rules.h"
#include "clean/detail/compiled_rules.h"

namespace newswire::clean {

Rules::Rules(std::unique_ptr<Compiled> compiled) : compiled_(std::move(compiled)) {}
Rules::~Rules() = default;

const std::vector<RuleInfo>& Rules::list() const noexcept { return compiled_->infos; }

const std::shared_ptr<const Rules>& Rules::built_in() {
  static const auto rules = [] {
    auto parsed = parse_rules({}, true);
    if (!parsed) throw std::logic_error("the built-in rules: " + to_string(parsed.error()));  // the tests have read them
    return *std::move(parsed);
  }();
  return rules;
}

}  // namespace newswire::clean
