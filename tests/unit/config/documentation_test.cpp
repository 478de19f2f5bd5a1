// The sample and the manual say what the code knows, and the code knows what they say.

#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "config/config.h"
#include "config/diff.h"
#include "config/keys.h"

namespace newswire::config {
namespace {

std::string read(const std::string& name) {
  std::ifstream in(std::string(NEWSWIRE_SOURCE_DIR) + '/' + name);
  EXPECT_TRUE(in) << name;
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

/// The sample with all its settings switched on: "#" goes where one space and a word do not follow it.
std::string uncommented() {
  std::istringstream in(read("config/newswire.yaml"));
  std::string out;
  for (std::string line; std::getline(in, line);) {
    const bool prose =
        line.empty() || line[0] != '#' || line == "#" || (line.size() > 2 && line[1] == ' ' && line[2] != ' ');
    out += (prose ? line : line.substr(1)) + '\n';
  }
  return out;
}

const std::string kPath = std::string(NEWSWIRE_SOURCE_DIR) + "/config/newswire.yaml";

void expect_clean(const Loaded& loaded) {
  for (const auto& error : loaded.errors) ADD_FAILURE() << to_string(error);
}

/// Is there a value at "a.b[].c" ("NAME" is any key)?
bool has(const YAML::Node& node, const std::string& path) {
  if (path.empty()) return true;
  const auto dot = path.find('.');
  auto name = path.substr(0, dot);
  const auto rest = dot == std::string::npos ? std::string() : path.substr(dot + 1);
  const bool list = name.ends_with("[]");
  if (list) name.resize(name.size() - 2);
  if (!node.IsMap()) return false;
  for (const auto& entry : node) {
    if (entry.first.as<std::string>() != name && name != "NAME") continue;
    if (!list) return has(entry.second, rest);
    for (const auto& item : entry.second) {
      if (has(item, rest)) return true;
    }
  }
  return false;
}

TEST(Sample, LoadsAsItIs) {
  const auto loaded = load(kPath);
  expect_clean(loaded);
  EXPECT_TRUE(loaded.config.feeds.empty());
  EXPECT_TRUE(diff(Config{}, loaded.config).empty()) << "what is not commented out changes nothing";
}

TEST(Sample, NamesTheDefaultsOfTheCode) {
  const auto loaded = parse_yaml(uncommented(), kPath);
  expect_clean(loaded);
  const auto difference = diff(Config{}, loaded.config);
  for (const auto& key : difference.keys) ADD_FAILURE() << "config/newswire.yaml has another default: " << key;
  for (const auto& key : difference.restart) ADD_FAILURE() << "config/newswire.yaml has another default: " << key;
  EXPECT_FALSE(loaded.config.feeds.empty());
}

TEST(Sample, HasEveryKey) {
  const auto root = YAML::Load(uncommented());
  for (const auto& key : keys()) EXPECT_TRUE(has(root, key.path)) << "config/newswire.yaml lacks " << key.path;
}

TEST(Sample, MarksWhatNeedsARestart) {
  const auto text = read("config/newswire.yaml");
  for (const auto& key : keys()) {
    if (!key.restart) continue;
    const auto name = key.path.substr(key.path.rfind('.') + 1) + ": ";
    bool marked = false;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);)
      marked = marked || (line.find(name) != line.npos && line.find("(*)") != line.npos);
    EXPECT_TRUE(marked) << key.path;
  }
}

/// Where the manual's sections begin: "spool" of "spool.retain.age", "workers" alone.
std::string section_of(const KeyInfo& key) { return key.path.substr(0, key.path.find_first_of(".[")); }

/// The reference of docs/configuration.md: one table a section.
std::string markdown() {
  std::string out;
  std::string section;
  for (const auto& key : keys()) {
    if (section_of(key) != section) {
      section = section_of(key);
      out += "\n### " + section + "\n\n| key | kind | default | meaning |\n| --- | --- | --- | --- |\n";
    }
    const auto shown = key.default_value.empty() || key.default_value == "\"\"" ? "" : '`' + key.default_value + '`';
    out += "| `" + key.path + "` | " + key.type + " | " + shown + " | " + key.meaning +
           (key.restart ? " *Restart.*" : "") + " |\n";
  }
  return out + '\n';
}

std::string roff_text(std::string_view text) {
  std::string out;
  for (const auto c : text) {
    switch (c) {
      case '\\': out += "\\e"; break;
      case '-': out += "\\-"; break;
      case '"': out += "\\(dq"; break;
      case '\'': out += "\\(aq"; break;
      case '`': out += "\\(ga"; break;
      default: out += c;
    }
  }
  return out;
}

/// The reference of newswire.yaml(5).
std::string roff() {
  std::string out;
  std::string section;
  for (const auto& key : keys()) {
    if (section_of(key) != section) {
      section = section_of(key);
      out += ".SS " + section + '\n';
    }
    out += ".TP\n.B " + roff_text(key.path) + '\n' + roff_text(key.meaning);
    if (!key.default_value.empty() && key.default_value != "\"\"") out += " (" + roff_text(key.default_value) + ')';
    out += key.restart ? " (*)\n" : "\n";
  }
  return out;
}

struct Page {
  const char* name;
  const char* file;
  const char* begin;
  const char* end;
  std::string (*reference)();
};
class Manual : public testing::TestWithParam<Page> {};
TEST_P(Manual, HasTheReferenceOfTheCode) {
  const auto& page = GetParam();
  auto text = read(page.file);
  const auto from = text.find(page.begin);
  const auto to = text.find(page.end);
  ASSERT_NE(from, std::string::npos);
  ASSERT_NE(to, std::string::npos);
  const auto start = from + std::string_view(page.begin).size();
  if (std::getenv("UPDATE_GOLDEN") != nullptr) {
    text.replace(start, to - start, page.reference());
    std::ofstream(std::string(NEWSWIRE_SOURCE_DIR) + '/' + page.file) << text;
    return;
  }
  EXPECT_EQ(text.substr(start, to - start), page.reference()) << "UPDATE_GOLDEN=1 rewrites it";
}
INSTANTIATE_TEST_SUITE_P(Pages, Manual,
                         testing::Values(Page{"markdown", "docs/configuration.md",
                                              "<!-- reference: made from the code, UPDATE_GOLDEN=1 rewrites it -->\n",
                                              "<!-- end of the reference -->\n", markdown},
                                         Page{"man_page", "docs/man/newswire.yaml.5",
                                              ".\\\" reference: made from the code, UPDATE_GOLDEN=1 rewrites it\n",
                                              ".\\\" end of the reference\n", roff}),
                         [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace newswire::config
