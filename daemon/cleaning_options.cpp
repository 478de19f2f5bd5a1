#include "cleaning_options.h"

#include <filesystem>

#include "clean/rules.h"

namespace newswire::daemon {

std::shared_ptr<CleaningChoice> add_cleaning_options(CLI::App& command) {
  auto choice = std::make_shared<CleaningChoice>();
  command.add_option("--rules", choice->rules, "Further rule files or folders")->type_name("PATH");
  command.add_option("--skip-category", choice->skip, "Do not apply rules of this category");
  command.add_option("--keep", choice->keep, "CSS selector of what must stay");
  command.add_option("--drop", choice->drop, "CSS selector of what must go");
  command.add_flag("--no-structure", choice->no_structure, "Without the structure stage");
  command.add_flag("--no-phrases", choice->no_phrases, "Without the phrase rules");
  command.add_flag("--no-learning", choice->no_learning, "Without learning from the other entries");
  command.add_flag("--no-links", choice->no_links, "Leave tracking parameters in links");
  return choice;
}

Result<clean::Options> cleaning_options(const CleaningChoice& choice) {
  for (const auto* const selectors : {&choice.keep, &choice.drop}) {
    for (const auto& selector : *selectors) {
      if (const auto checked = clean::check_selector(selector); !checked)
        return Error{Errc::invalid, checked.error().what,
                     "selector \"" + selector + "\", character " + checked.error().where};
    }
  }
  const std::vector<std::filesystem::path> paths(choice.rules.begin(), choice.rules.end());
  auto rules = clean::load_rules(paths);
  if (!rules) return rules.error();
  clean::Options options;
  options.rules = *std::move(rules);
  options.learning = !choice.no_learning;
  options.structure = !choice.no_structure;
  options.phrases = !choice.no_phrases;
  options.links = !choice.no_links;
  options.disabled_categories = choice.skip;
  options.keep_selectors = choice.keep;
  options.drop_selectors = choice.drop;
  return options;
}

}  // namespace newswire::daemon
