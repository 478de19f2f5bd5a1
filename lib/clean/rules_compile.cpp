#include <map>
#include <utility>

#include "clean/detail/rule_source.h"

namespace newswire::clean {
namespace {

constexpr std::size_t kMaxPattern = 4000;

Error mistake(const std::string& file, const Written& at, std::string what) {
  return Error{Errc::invalid, std::move(what),
               file + ":" + std::to_string(at.line + 1) + ":" + std::to_string(at.column + 1)};
}

}  // namespace

/// Puts together what the stages use.
class RulesCompiler {
 public:
  Result<std::shared_ptr<const Rules>> run(RuleSource source) {
    compiled_->phrase_set.know(std::move(source.atoms));
    if (auto added = add_guards(source.title_guards); !added) return added.error();
    for (auto& draft : source.drafts) {
      if (draft.disabled) continue;
      if (auto added = add_phrases(draft); !added) return added.error();
      if (auto added = add_selectors(draft); !added) return added.error();
      compiled_->infos.push_back(std::move(draft.info));
    }
    for (auto& parameter : source.parameters) add(std::move(parameter));
    compiled_->wrappers = std::move(source.wrappers);
    compiled_->phrase_set.compile();
    return std::shared_ptr<const Rules>(new Rules(std::move(compiled_)));
  }

 private:
  // Those of a category that are known to compile are one pattern: looking at a title costs a search a pattern.
  Result<void> add_guards(std::vector<TitleGuard>& guards) {
    std::map<std::string, std::string> joined;
    for (auto& guard : guards) {
      if (guard.known_good) {
        auto& all = joined[guard.category];
        all.append(all.empty() ? "(?:" : "|(?:").append(guard.pattern.text).append(")");
        continue;
      }
      LazyPattern pattern(guard.pattern.text);
      if (const auto message = pattern.error(); !message.empty())
        return mistake(guard.file, guard.pattern, "bad pattern: " + message);
      compiled_->title_guards.emplace_back(std::move(guard.category), std::move(pattern));
    }
    for (auto& [category, all] : joined) compiled_->title_guards.emplace_back(category, LazyPattern(std::move(all)));
    return {};
  }

  Result<void> add_phrases(RuleDraft& draft) {
    if (draft.patterns.empty()) return {};
    const auto index = static_cast<std::uint32_t>(compiled_->phrases.size());
    compiled_->phrases.push_back(
        {draft.info.name, draft.info.category, draft.kinds, draft.where, draft.takes, draft.max_words, draft.linked});
    for (std::size_t i = 0; i < draft.patterns.size(); ++i) {
      const auto& pattern = draft.patterns[i];
      if (pattern.text.empty() || pattern.text.size() > kMaxPattern)
        return mistake(draft.file, pattern, "a pattern has 1 to 4000 characters");
      if (i < draft.required.size()) {
        compiled_->phrase_set.add_known(pattern.text, index, std::move(draft.required[i]));
        continue;
      }
      if (const auto message = compiled_->phrase_set.add(pattern.text, index, !draft.known_good); !message.empty())
        return mistake(draft.file, pattern, "bad pattern: " + message);
    }
    return {};
  }

  Result<void> add_selectors(const RuleDraft& draft) {
    for (const auto& written : draft.selectors) {
      auto selector = Selector::parse(written.text);
      if (!selector) {
        return mistake(draft.file, written,
                       "bad selector: " + selector.error().what + " at character " + selector.error().where);
      }
      const auto index = static_cast<std::uint32_t>(compiled_->structure.size());
      for (auto& key : selector->keys()) {
        auto& list = compiled_->structure_index[key];
        if (list.empty() || list.back() != index) list.push_back(index);
      }
      compiled_->structure.push_back(
          {draft.info.name, draft.info.category, written.text, *std::move(selector), draft.max_words});
    }
    return {};
  }

  void add(ParameterRule parameter) {
    const auto index = static_cast<std::uint32_t>(compiled_->parameters.size());
    if (parameter.prefix) {
      compiled_->parameter_prefixes.push_back(index);
    } else {
      compiled_->parameter_names[parameter.name].push_back(index);
    }
    compiled_->parameters.push_back(std::move(parameter));
  }

  std::unique_ptr<Rules::Compiled> compiled_ = std::make_unique<Rules::Compiled>();
};

Result<std::shared_ptr<const Rules>> compile_rules(RuleSource source) { return RulesCompiler().run(std::move(source)); }

}  // namespace newswire::clean
