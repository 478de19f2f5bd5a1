#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <map>
#include <optional>

#include "base/text.h"
#include "clean/detail/match_text.h"
#include "clean/detail/rules_read.h"

namespace newswire::clean {
namespace {

// A mistake in a rule file; becomes an Error at the border of this file.
struct Mistake {
  std::string what;
  int line = 0;
  int column = 0;
};

[[noreturn]] void mistake(const YAML::Node& node, std::string what) {
  throw Mistake{std::move(what), node.Mark().line, node.Mark().column};
}

[[noreturn]] void mistake(const Written& at, std::string what) { throw Mistake{std::move(what), at.line, at.column}; }

constexpr std::size_t kMaxPattern = 4000;

struct WhereName {
  std::string_view name;
  Where where;
};
constexpr WhereName kWhereNames[] = {{"line", Where::line},      {"head", Where::head}, {"tail", Where::tail},
                                     {"start", Where::start},    {"end", Where::end},   {"link", Where::link},
                                     {"section", Where::section}};

Written written(const YAML::Node& node, std::string text) {
  return {std::move(text), node.Mark().line, node.Mark().column};
}

std::string scalar(const YAML::Node& node, std::string_view key) {
  if (!node.IsScalar()) mistake(node, "\"" + std::string(key) + "\" must be a text");
  return node.Scalar();
}

std::vector<Written> texts(const YAML::Node& node, std::string_view key) {
  std::vector<Written> out;
  if (node.IsNull()) return out;
  if (node.IsScalar()) {
    out.push_back(written(node, node.Scalar()));
    return out;
  }
  if (!node.IsSequence()) mistake(node, "\"" + std::string(key) + "\" must be a text or a list of texts");
  for (const auto& item : node) out.push_back(written(item, scalar(item, key)));
  return out;
}

std::vector<std::string> plain_texts(const YAML::Node& node, std::string_view key) {
  std::vector<std::string> out;
  for (auto& one : texts(node, key)) out.push_back(std::move(one.text));
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
std::string expand(const Written& at, const Macros& macros) {
  const auto& pattern = at.text;
  std::string out;
  std::size_t from = 0;
  while (true) {
    const auto open = pattern.find("{{", from);
    out += pattern.substr(from, open == std::string::npos ? open : open - from);
    if (open == std::string::npos) return out;
    const auto close = pattern.find("}}", open);
    if (close == std::string::npos) mistake(at, "\"{{\" without \"}}\" in a pattern");
    const auto name = pattern.substr(open + 2, close - open - 2);
    const auto macro = macros.find(name);
    if (macro == macros.end()) mistake(at, "\"{{" + name + "}}\" is not defined in this file");
    out += macro->second;
    if (out.size() > kMaxPattern) mistake(at, "the pattern is too long");
    from = close + 2;
  }
}

/// Reads files one after the other, each on top of those before it.
class RuleFiles {
 public:
  explicit RuleFiles(RuleSource& source) : source_(source) {
    for (std::size_t i = 0; i < source.drafts.size(); ++i) by_name_.emplace(source.drafts[i].info.name, i);
  }

  Result<void> read(const std::string& name, std::string_view yaml) {
    try {
      file(name, YAML::Load(std::string(yaml)));
      return {};
    } catch (const Mistake& wrong) {
      return error(name, wrong.what, wrong.line, wrong.column);
    } catch (const YAML::Exception& wrong) {
      return error(name, wrong.msg, wrong.mark.line, wrong.mark.column);
    }
  }

 private:
  static Error error(const std::string& name, std::string what, int line, int column) {
    return Error{Errc::invalid, std::move(what),
                 name + ":" + std::to_string(line + 1) + ":" + std::to_string(column + 1)};
  }

  void file(const std::string& name, const YAML::Node& top) {
    if (top.IsNull()) return;
    check_keys(top,
               {"category", "kinds", "define", "unless_title", "rules", "tracking_parameters", "redirect_wrappers"},
               "a rule file");
    Macros macros;
    if (const auto define = top["define"]) {
      if (!define.IsMap()) mistake(define, "\"define\" must be a map");
      for (const auto& member : define) {
        macros[scalar(member.first, "define")] =
            expand(written(member.second, scalar(member.second, "define")), macros);
      }
    }
    std::string category;
    if (const auto node = top["category"]) category = category_of(node);
    if (const auto node = top["unless_title"]) {
      if (category.empty()) mistake(node, "\"unless_title\" needs the category it is for");
      for (auto& pattern : texts(node, "unless_title")) {
        pattern.text = match_text(expand(pattern, macros));
        source_.title_guards.push_back({category, name, std::move(pattern), false});
      }
    }
    std::vector<std::string> kinds;
    if (const auto node = top["kinds"]) kinds = plain_texts(node, "kinds");
    if (const auto rules = top["rules"]) {
      if (!rules.IsSequence()) mistake(rules, "\"rules\" must be a list");
      for (const auto& node : rules) rule(name, node, category, kinds, macros);
    }
    if (const auto node = top["tracking_parameters"]) parameters(node);
    if (const auto node = top["redirect_wrappers"]) wrappers(node);
  }

  static std::string category_of(const YAML::Node& node) {
    auto category = scalar(node, "category");
    if (!is_category(category)) mistake(node, "a category is a word of lower-case letters, digits and hyphens");
    return category;
  }

  void rule(const std::string& file, const YAML::Node& node, const std::string& category,
            const std::vector<std::string>& kinds, const Macros& macros) {
    check_keys(node,
               {"name", "category", "languages", "where", "takes", "max_words", "patterns", "linked", "selectors",
                "strip", "keep", "disabled"},
               "a rule");
    RuleDraft draft;
    draft.file = file;
    draft.kinds = kinds;
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
      for (auto& pattern : texts(node["patterns"], "patterns")) {
        pattern.text = match_text(expand(pattern, macros));
        draft.patterns.push_back(std::move(pattern));
      }
    }
    if (!draft.disabled && draft.patterns.empty() == draft.selectors.empty())
      mistake(node, "a rule has either patterns or selectors");
    places(node, draft);
    const auto known = by_name_.find(draft.info.name);
    if (known == by_name_.end()) {
      by_name_.emplace(draft.info.name, source_.drafts.size());
      source_.drafts.push_back(std::move(draft));
    } else if (source_.drafts[known->second].file == file) {
      mistake(node["name"], "there are two rules with this name in the file");
    } else {
      source_.drafts[known->second] = std::move(draft);
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

  static void places(const YAML::Node& node, RuleDraft& draft) {
    if (!draft.selectors.empty()) {
      draft.info.where = "selector";
      return;
    }
    if (draft.disabled) return;
    if (!node["where"]) mistake(node, "a rule with patterns needs \"where\"");
    for (const auto& word : texts(node["where"], "where")) {
      const auto found = std::find_if(std::begin(kWhereNames), std::end(kWhereNames),
                                      [&word](const WhereName& w) { return w.name == word.text; });
      if (found == std::end(kWhereNames)) mistake(word, "\"where\" is line, head, tail, start, end, link or section");
      draft.where |= static_cast<std::uint8_t>(found->where);
      draft.info.where += (draft.info.where.empty() ? "" : ", ") + word.text;
    }
  }

  void parameters(const YAML::Node& node) {
    if (!node.IsSequence()) mistake(node, "\"tracking_parameters\" must be a list");
    for (const auto& group : node) {
      check_keys(group, {"names", "hosts"}, "a group of parameters");
      if (!group["names"]) mistake(group, "a group of parameters needs names");
      std::vector<std::string> hosts;
      if (group["hosts"]) hosts = plain_texts(group["hosts"], "hosts");
      for (const auto& name : texts(group["names"], "names")) {
        if (name.text.empty() || name.text == "*") mistake(name, "a parameter needs a name");
        ParameterRule parameter{lower(name.text), name.text.back() == '*', hosts};
        if (parameter.prefix) parameter.name.pop_back();
        source_.parameters.push_back(std::move(parameter));
      }
    }
  }

  void wrappers(const YAML::Node& node) {
    if (!node.IsSequence()) mistake(node, "\"redirect_wrappers\" must be a list");
    for (const auto& item : node) {
      check_keys(item, {"host", "path", "parameter"}, "a redirect wrapper");
      if (!item["host"]) mistake(item, "a redirect wrapper needs a host");
      source_.wrappers.push_back({scalar(item["host"], "host"), item["path"] ? scalar(item["path"], "path") : "/",
                                  item["parameter"] ? scalar(item["parameter"], "parameter") : ""});
    }
  }

  RuleSource& source_;
  std::map<std::string, std::size_t> by_name_;
};

}  // namespace

Result<void> read_rules(std::span<const RuleText> files, RuleSource& source) {
  RuleFiles reader(source);
  for (const auto& file : files) {
    if (auto read = reader.read(file.name, file.yaml); !read) return read.error();
  }
  return {};
}

}  // namespace newswire::clean
