#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <sstream>

#include "base/text.h"
#include "clean/detail/built_in_rules.h"
#include "clean/detail/compiled_rules.h"
#include "clean/detail/match_text.h"
#include "clean/rules.h"

namespace newswire::clean {
namespace {

// A mistake in a rule file; becomes an Error at the border of this file.
struct Mistake {
  std::string what;
  YAML::Mark at;
};

[[noreturn]] void mistake(const YAML::Node& node, std::string what) { throw Mistake{std::move(what), node.Mark()}; }

constexpr std::size_t kMaxPattern = 4000;

struct WhereName {
  std::string_view name;
  Where where;
};
constexpr WhereName kWhereNames[] = {{"line", Where::line},      {"head", Where::head}, {"tail", Where::tail},
                                     {"start", Where::start},    {"end", Where::end},   {"link", Where::link},
                                     {"section", Where::section}};

/// A rule between reading and compiling.
struct Draft {
  RuleInfo info;
  std::uint8_t where = 0;
  Takes takes = Takes::links;
  std::uint32_t max_words = 0;
  bool linked = false;
  std::vector<std::pair<std::string, YAML::Mark>> patterns;
  std::vector<std::pair<std::string, YAML::Mark>> selectors;
  std::string file;
  bool disabled = false;
  bool check = true;  // do the patterns compile?
};

std::string scalar(const YAML::Node& node, std::string_view key) {
  if (!node.IsScalar()) mistake(node, "\"" + std::string(key) + "\" must be a text");
  return node.Scalar();
}

std::vector<std::pair<std::string, YAML::Mark>> texts(const YAML::Node& node, std::string_view key) {
  std::vector<std::pair<std::string, YAML::Mark>> out;
  if (node.IsNull()) return out;
  if (node.IsScalar()) {
    out.emplace_back(node.Scalar(), node.Mark());
    return out;
  }
  if (!node.IsSequence()) mistake(node, "\"" + std::string(key) + "\" must be a text or a list of texts");
  for (const auto& item : node) out.emplace_back(scalar(item, key), item.Mark());
  return out;
}

std::vector<std::string> plain_texts(const YAML::Node& node, std::string_view key) {
  std::vector<std::string> out;
  for (auto& [text, mark] : texts(node, key)) out.push_back(std::move(text));
  return out;
}

std::uint32_t number(const YAML::Node& node, std::string_view key) {
  const auto text = scalar(node, key);
  if (text.empty() || text.size() > 6 || !std::all_of(text.begin(), text.end(), is_digit)) {
    mistake(node, "\"" + std::string(key) + "\" must be a number from 0 to 999999");
  }
  return static_cast<std::uint32_t>(std::stoul(text));
}

void check_keys(const YAML::Node& map, const std::vector<std::string_view>& known, std::string_view what) {
  if (!map.IsMap()) mistake(map, std::string(what) + " must be a map");
  for (const auto& member : map) {
    const auto key = scalar(member.first, "key");
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    auto message = "unknown key \"" + key + "\" in " + std::string(what);
    if (const auto near = nearest(key, known)) message += "; did you mean \"" + std::string(*near) + "\"?";
    mistake(member.first, std::move(message));
  }
}

bool is_category(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(),
                                      [](char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || c == '-'; });
}

using Macros = std::map<std::string, std::string, std::less<>>;

// {{name}} replaced by what `define` says.
std::string expand(const std::string& pattern, const Macros& macros, const YAML::Mark& at) {
  std::string out;
  std::size_t from = 0;
  while (true) {
    const auto open = pattern.find("{{", from);
    out += pattern.substr(from, open == std::string::npos ? open : open - from);
    if (open == std::string::npos) return out;
    const auto close = pattern.find("}}", open);
    if (close == std::string::npos) throw Mistake{"\"{{\" without \"}}\" in a pattern", at};
    const auto name = pattern.substr(open + 2, close - open - 2);
    const auto macro = macros.find(name);
    if (macro == macros.end()) throw Mistake{"\"{{" + name + "}}\" is not defined in this file", at};
    out += macro->second;
    if (out.size() > kMaxPattern) throw Mistake{"the pattern is too long", at};
    from = close + 2;
  }
}

// The rules of a file without their examples, which are half of it and which no run of the program needs. The lines
// stay, so that places in messages are right.
std::string without_examples(std::string_view yaml) {
  std::string out;
  out.reserve(yaml.size());
  constexpr auto kNone = std::string_view::npos;
  auto skipped = kNone;  // indentation of the key whose list is left out
  while (!yaml.empty()) {
    const auto size = std::min(yaml.find('\n'), yaml.size() - 1) + 1;
    const auto line = yaml.substr(0, size);
    const auto indent = std::min(line.find_first_not_of(' '), line.size());
    const auto key = trim(line);
    if (skipped != kNone && !key.empty() && indent <= skipped) skipped = kNone;
    if (skipped == kNone && (key == "strip:" || key == "keep:")) skipped = indent;
    if (skipped == kNone)
      out += line;
    else if (line.ends_with('\n'))
      out += '\n';
    yaml.remove_prefix(size);
  }
  return out;
}

}  // namespace

/// Reads rule files one after the other and compiles what they say together. Of files that are known to be good the
/// patterns are not tried: they compile when they are first needed.
class RulesLoader {
 public:
  Result<void> read(const std::string& name, std::string_view yaml, bool known_good = false) {
    check_ = !known_good;
    try {
      file(name, YAML::Load(std::string(yaml)));
      return {};
    } catch (const Mistake& wrong) {
      return error(name, wrong.what, wrong.at);
    } catch (const YAML::Exception& wrong) {
      return error(name, wrong.msg, wrong.mark);
    }
  }

  Result<std::shared_ptr<const Rules>> compile() {
    for (const auto& draft : drafts_) {
      if (draft.disabled) continue;
      try {
        add(draft);
      } catch (const Mistake& wrong) {
        return error(draft.file, wrong.what, wrong.at);
      }
      compiled_->infos.push_back(draft.info);
    }
    compiled_->phrase_set.compile();
    return std::shared_ptr<const Rules>(new Rules(std::move(compiled_)));
  }

 private:
  static Error error(const std::string& name, std::string what, const YAML::Mark& at) {
    return Error{Errc::invalid, std::move(what),
                 name + ":" + std::to_string(at.line + 1) + ":" + std::to_string(at.column + 1)};
  }

  void file(const std::string& name, const YAML::Node& top) {
    if (top.IsNull()) return;
    check_keys(top, {"category", "define", "unless_title", "rules", "tracking_parameters", "redirect_wrappers"},
               "a rule file");
    Macros macros;
    if (const auto define = top["define"]) {
      if (!define.IsMap()) mistake(define, "\"define\" must be a map");
      for (const auto& member : define) {
        macros[scalar(member.first, "define")] = expand(scalar(member.second, "define"), macros, member.second.Mark());
      }
    }
    std::string category;
    if (const auto node = top["category"]) category = category_of(node);
    if (const auto node = top["unless_title"]) {
      if (category.empty()) mistake(node, "\"unless_title\" needs the category it is for");
      for (const auto& [text, mark] : texts(node, "unless_title")) {
        LazyPattern pattern(match_text(expand(text, macros, mark)));
        if (const auto message = check_ ? pattern.error() : std::string{}; !message.empty())
          throw Mistake{"bad pattern: " + message, mark};
        compiled_->title_guards.emplace_back(category, std::move(pattern));
      }
    }
    if (const auto rules = top["rules"]) {
      if (!rules.IsSequence()) mistake(rules, "\"rules\" must be a list");
      for (const auto& node : rules) rule(name, node, category, macros);
    }
    if (const auto node = top["tracking_parameters"]) parameters(node);
    if (const auto node = top["redirect_wrappers"]) wrappers(node);
  }

  static std::string category_of(const YAML::Node& node) {
    auto category = scalar(node, "category");
    if (!is_category(category)) mistake(node, "a category is a word of lower-case letters, digits and hyphens");
    return category;
  }

  void rule(const std::string& file, const YAML::Node& node, const std::string& category, const Macros& macros) {
    check_keys(node,
               {"name", "category", "languages", "where", "takes", "max_words", "patterns", "linked", "selectors",
                "strip", "keep", "disabled"},
               "a rule");
    Draft draft;
    draft.file = file;
    draft.check = check_;
    if (!node["name"]) mistake(node, "a rule needs a name");
    draft.info.name = scalar(node["name"], "name");
    if (!is_category(draft.info.name))
      mistake(node["name"], "a rule's name consists of lower-case letters, digits and hyphens");
    draft.info.source = file + ":" + std::to_string(node.Mark().line + 1);
    draft.info.category = node["category"] ? category_of(node["category"]) : category;
    if (node["disabled"]) draft.disabled = truth(node["disabled"], "disabled");
    if (node["linked"]) draft.linked = truth(node["linked"], "linked");
    if (!draft.disabled && draft.info.category.empty())
      mistake(node, "the rule has no category, and neither has its file");
    if (node["languages"]) draft.info.languages = plain_texts(node["languages"], "languages");
    if (node["strip"]) draft.info.strip = plain_texts(node["strip"], "strip");
    if (node["keep"]) draft.info.keep = plain_texts(node["keep"], "keep");
    if (node["max_words"]) draft.max_words = number(node["max_words"], "max_words");
    if (node["takes"]) draft.takes = takes(node["takes"]);
    if (node["selectors"]) draft.selectors = texts(node["selectors"], "selectors");
    if (node["patterns"]) {
      for (auto& [text, mark] : texts(node["patterns"], "patterns"))
        draft.patterns.emplace_back(match_text(expand(text, macros, mark)), mark);
    }
    if (!draft.disabled && draft.patterns.empty() == draft.selectors.empty())
      mistake(node, "a rule has either patterns or selectors");
    places(node, draft);
    const auto known = by_name_.find(draft.info.name);
    if (known == by_name_.end()) {
      by_name_.emplace(draft.info.name, drafts_.size());
      drafts_.push_back(std::move(draft));
    } else if (drafts_[known->second].file == file) {
      mistake(node["name"], "there are two rules with this name in the file");
    } else {
      drafts_[known->second] = std::move(draft);
    }
  }

  static bool truth(const YAML::Node& node, std::string_view key) {
    const auto text = scalar(node, key);
    if (text != "true" && text != "false") mistake(node, "\"" + std::string(key) + "\" is true or false");
    return text == "true";
  }

  static Takes takes(const YAML::Node& node) {
    const auto text = scalar(node, "takes");
    if (text == "links") return Takes::links;
    if (text == "list") return Takes::list;
    if (text == "end") return Takes::end;
    mistake(node, "\"takes\" is links, list or end");
  }

  static void places(const YAML::Node& node, Draft& draft) {
    if (!draft.selectors.empty()) {
      draft.info.where = "selector";
      return;
    }
    if (draft.disabled) return;
    if (!node["where"]) mistake(node, "a rule with patterns needs \"where\"");
    for (const auto& [text, mark] : texts(node["where"], "where")) {
      const std::string_view word = text;
      const auto found = std::find_if(std::begin(kWhereNames), std::end(kWhereNames),
                                      [word](const WhereName& w) { return w.name == word; });
      if (found == std::end(kWhereNames))
        throw Mistake{"\"where\" is line, head, tail, start, end, link or section", mark};
      draft.where |= static_cast<std::uint8_t>(found->where);
      draft.info.where += (draft.info.where.empty() ? "" : ", ") + text;
    }
  }

  void add(const Draft& draft) {
    if (!draft.patterns.empty()) {
      const auto index = static_cast<std::uint32_t>(compiled_->phrases.size());
      compiled_->phrases.push_back(
          {draft.info.name, draft.info.category, draft.where, draft.takes, draft.max_words, draft.linked});
      for (const auto& [pattern, mark] : draft.patterns) {
        if (pattern.empty() || pattern.size() > kMaxPattern) throw Mistake{"a pattern has 1 to 4000 characters", mark};
        if (auto message = compiled_->phrase_set.add(pattern, index, draft.check); !message.empty())
          throw Mistake{"bad pattern: " + message, mark};
      }
    }
    for (const auto& [text, mark] : draft.selectors) {
      auto selector = Selector::parse(text);
      if (!selector)
        throw Mistake{"bad selector: " + selector.error().what + " at character " + selector.error().where, mark};
      const auto index = static_cast<std::uint32_t>(compiled_->structure.size());
      for (auto& key : selector->keys()) {
        auto& list = compiled_->structure_index[key];
        if (list.empty() || list.back() != index) list.push_back(index);
      }
      compiled_->structure.push_back(
          {draft.info.name, draft.info.category, text, *std::move(selector), draft.max_words});
    }
  }

  void parameters(const YAML::Node& node) {
    if (!node.IsSequence()) mistake(node, "\"tracking_parameters\" must be a list");
    for (const auto& group : node) {
      check_keys(group, {"names", "hosts"}, "a group of parameters");
      if (!group["names"]) mistake(group, "a group of parameters needs names");
      std::vector<std::string> hosts;
      if (group["hosts"]) hosts = plain_texts(group["hosts"], "hosts");
      for (const auto& [text, mark] : texts(group["names"], "names")) {
        if (text.empty() || text == "*") throw Mistake{"a parameter needs a name", mark};
        ParameterRule parameter{lower(text), text.back() == '*', hosts};
        const auto index = static_cast<std::uint32_t>(compiled_->parameters.size());
        if (parameter.prefix) {
          parameter.name.pop_back();
          compiled_->parameter_prefixes.push_back(index);
        } else {
          compiled_->parameter_names[parameter.name].push_back(index);
        }
        compiled_->parameters.push_back(std::move(parameter));
      }
    }
  }

  void wrappers(const YAML::Node& node) {
    if (!node.IsSequence()) mistake(node, "\"redirect_wrappers\" must be a list");
    for (const auto& item : node) {
      check_keys(item, {"host", "path", "parameter"}, "a redirect wrapper");
      if (!item["host"]) mistake(item, "a redirect wrapper needs a host");
      compiled_->wrappers.push_back({scalar(item["host"], "host"), item["path"] ? scalar(item["path"], "path") : "/",
                                     item["parameter"] ? scalar(item["parameter"], "parameter") : ""});
    }
  }

  bool check_ = true;
  std::vector<Draft> drafts_;
  std::map<std::string, std::size_t> by_name_;
  std::unique_ptr<Rules::Compiled> compiled_ = std::make_unique<Rules::Compiled>();
};

Result<std::shared_ptr<const Rules>> parse_rules(std::span<const RuleText> files, bool with_built_in) {
  RulesLoader loader;
  if (with_built_in) {
    for (const auto& file : built_in_rule_files()) {
      if (auto read = loader.read(std::string(file.name), without_examples(file.yaml), true); !read)
        return read.error();
    }
  }
  for (const auto& file : files) {
    if (auto read = loader.read(file.name, file.yaml); !read) return read.error();
  }
  return loader.compile();
}

Result<std::shared_ptr<const Rules>> load_rules(std::span<const std::filesystem::path> paths) {
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
  std::vector<RuleText> texts_read;
  for (const auto& path : files) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    if (!in || !(text << in.rdbuf())) {
      if (!in || in.bad() || in.peek() != std::ifstream::traits_type::eof())
        return Error{Errc::io, "cannot read the rule file", path.string()};
    }
    texts_read.push_back({path.string(), text.str()});
  }
  return parse_rules(texts_read, true);
}

}  // namespace newswire::clean
