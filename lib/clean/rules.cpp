#include "clean/rules.h"

#include <fstream>
#include <set>
#include <sstream>
#include <stdexcept>

#include "clean/detail/compiled_rules.h"
#include "clean/detail/rule_codec.h"
#include "clean/detail/rules_read.h"

namespace newswire::clean {

Rules::Rules(std::unique_ptr<Compiled> compiled) : compiled_(std::move(compiled)) {}
Rules::~Rules() = default;

const std::vector<RuleInfo>& Rules::list() const noexcept { return compiled_->infos; }

const std::shared_ptr<const Rules>& Rules::built_in() {
  static const auto rules = [] {
    auto parsed = parse_rules({}, true);
    if (!parsed) throw std::logic_error("the built-in rules: " + to_string(parsed.error()));  // the build has read them
    return *std::move(parsed);
  }();
  return rules;
}

Result<std::shared_ptr<const Rules>> parse_rules(std::span<const RuleText> files, bool with_built_in) {
  auto source = with_built_in ? decode_rules(built_in_rules()) : RuleSource{};
  if (auto read = read_rules(files, source); !read) return read.error();
  return compile_rules(std::move(source));
}

Result<std::shared_ptr<const Rules>> load_rules(std::span<const std::filesystem::path> paths) {
  if (paths.empty()) return Rules::built_in();
  auto texts = read_rule_files(paths);
  if (!texts) return texts.error();
  return parse_rules(*texts, true);
}

Result<std::vector<RuleText>> read_rule_files(std::span<const std::filesystem::path> paths) {
  std::vector<std::filesystem::path> files;
  for (const auto& path : paths) {
    std::error_code failed;
    if (!std::filesystem::is_directory(path, failed)) {
      files.push_back(path);
      continue;
    }
    std::set<std::filesystem::path> sorted;
    for (std::filesystem::directory_iterator entry(path, failed), end; !failed && entry != end;
         entry.increment(failed)) {
      if (entry->path().extension() == ".yaml") sorted.insert(entry->path());
    }
    if (failed) return Error{Errc::io, "cannot read the directory: " + failed.message(), path.string()};
    files.insert(files.end(), sorted.begin(), sorted.end());
  }
  std::vector<RuleText> texts;
  for (const auto& path : files) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    if (!in || !(text << in.rdbuf())) {
      if (!in || in.bad() || in.peek() != std::ifstream::traits_type::eof())
        return Error{Errc::io, "cannot read the rule file", path.string()};
    }
    texts.push_back({path.string(), text.str()});
  }
  return texts;
}

}  // namespace newswire::clean
