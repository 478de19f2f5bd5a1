// Documents that a test holds to the code.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>

#include "daemon_process.h"

namespace newswire::test {
namespace {

namespace fs = std::filesystem;
namespace bj = boost::json;

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(Events, EveryLoggedEventIsDocumentedAndEveryDocumentedOneIsLogged) {
  const std::regex logged(R"re(spdlog::(?:trace|debug|info|warn|error|critical)\(\s*"([a-z_]+\.[a-z0-9_]+))re");
  const std::regex documented(R"re(\| `([a-z_]+\.[a-z0-9_]+)` \|)re");
  std::set<std::string> in_code;
  for (const auto* const folder : {"lib", "daemon"}) {
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(NEWSWIRE_SOURCE_DIR) / folder)) {
      if (entry.path().extension() != ".cpp") continue;
      const auto text = read_file(entry.path());
      for (std::sregex_iterator at(text.begin(), text.end(), logged), end; at != end; ++at) in_code.insert((*at)[1]);
    }
  }
  for (const auto* const kind : {"torn_tail", "damaged", "foreign", "missing", "leftover"})
    in_code.insert(std::string("spool.") + kind);
  in_code.insert("log.repeated");  // written by the sink itself
  std::set<std::string> in_document;
  const auto page = read_file(fs::path(NEWSWIRE_SOURCE_DIR) / "docs/events.md");
  for (std::sregex_iterator at(page.begin(), page.end(), documented), end; at != end; ++at)
    in_document.insert((*at)[1]);
  EXPECT_EQ(in_code, in_document);
}

/// As much of JSON Schema as docs/article.schema.json uses.
void check(const bj::value& value, const bj::object& schema, const std::string& path) {
  if (const auto* const constant = schema.if_contains("const")) {
    EXPECT_TRUE(value == *constant) << path;
  }
  if (const auto* const choices = schema.if_contains("enum")) {
    const auto& all = choices->as_array();
    EXPECT_TRUE(std::find(all.begin(), all.end(), value) != all.end()) << path << ": " << bj::serialize(value);
  }
  if (const auto* const pattern = schema.if_contains("pattern")) {
    EXPECT_TRUE(std::regex_search(std::string(value.as_string()), std::regex(std::string(pattern->as_string()))))
        << path;
  }
  const auto* const type = schema.if_contains("type");
  if (type == nullptr) return;
  const auto name = type->as_string();
  if (name == "string") {
    EXPECT_TRUE(value.is_string()) << path;
  }
  if (name == "integer") {
    EXPECT_TRUE(value.is_int64() || value.is_uint64()) << path;
  }
  if (name == "number") {
    EXPECT_TRUE(value.is_number()) << path;
  }
  if (name == "array") {
    ASSERT_TRUE(value.is_array()) << path;
    for (const auto& element : value.as_array()) check(element, schema.at("items").as_object(), path + "[]");
  }
  if (name == "object") {
    ASSERT_TRUE(value.is_object()) << path;
    const auto& object = value.as_object();
    if (const auto* const required = schema.if_contains("required")) {
      for (const auto& member : required->as_array())
        EXPECT_TRUE(object.contains(member.as_string())) << path << " lacks " << member.as_string();
    }
    const auto& properties = schema.at("properties").as_object();
    for (const auto& member : object) {
      const auto* const of = properties.if_contains(member.key());
      ASSERT_NE(of, nullptr) << path << " has the undocumented member " << member.key();
      check(member.value(), of->as_object(), path + "." + std::string(member.key()));
    }
  }
}

TEST(ArticleSchema, HoldsForRealLines) {
  const auto schema = bj::parse(read_file(fs::path(NEWSWIRE_SOURCE_DIR) / "docs/article.schema.json")).as_object();
  const std::string demo = NEWSWIRE_SOURCE_DIR "/config/demo/";
  const auto previewed = run({NEWSWIRECTL, "preview", demo + "harbour-herald.xml", demo + "slow-computing.atom",
                              demo + "tide-tables.json", demo + "workshop-notes.xml"});
  const auto lines = lines_of(previewed.output);
  ASSERT_EQ(lines.size(), 6U) << previewed.errors;
  for (const auto& line : lines) check(bj::parse(line), schema, "line");
}

TEST(Commands, AreInTheManualAndInAllCompletions) {
  const auto help = run({NEWSWIRECTL, "--help"});
  std::set<std::string> commands;
  const std::regex line("^  ([a-z][a-z-]+) ");
  for (const auto& text : lines_of(help.output)) {
    std::smatch found;
    if (std::regex_search(text, found, line) && found[1] != "newswirectl") commands.insert(found[1]);
  }
  ASSERT_TRUE(commands.contains("status") && commands.contains("set-interval") && commands.contains("parse"));
  for (const auto* const file : {"docs/man/newswirectl.1", "completions/newswirectl.bash", "completions/_newswirectl",
                                 "completions/newswirectl.fish"}) {
    auto text = std::regex_replace(read_file(fs::path(NEWSWIRE_SOURCE_DIR) / file), std::regex(R"(\\-)"), "-");
    text = std::regex_replace(text, std::regex(R"(\\f[BIPR])"), "");
    for (const auto& command : commands) {
      EXPECT_TRUE(std::regex_search(text, std::regex("\\b" + command + "\\b"))) << file << " lacks " << command;
    }
  }
}

TEST(Systemd, UnitsVerify) {
  if (run({"sh", "-c", "command -v systemd-analyze"}).status != 0) GTEST_SKIP() << "no systemd-analyze here";
  // The unit names the installed program; verified beside one that is there.
  TemporaryFolder folder;
  for (const auto& entry : fs::directory_iterator(fs::path(NEWSWIRE_SOURCE_DIR) / "systemd")) {
    const auto name = entry.path().filename().string();
    const bool unit = name.ends_with(".service") || name.ends_with(".socket") || name.ends_with(".service.in");
    if (!unit) continue;
    auto text = read_file(entry.path());
    text = std::regex_replace(text, std::regex(R"((@[A-Z_]+@|/usr/s?bin)/newswired)"), NEWSWIRED);
    text = std::regex_replace(text, std::regex(R"((@[A-Z_]+@|/usr/s?bin)/newswirectl)"), NEWSWIRECTL);
    folder.write(name.ends_with(".in") ? name.substr(0, name.size() - 3) : name, text);
  }
  std::vector<std::string> command{"systemd-analyze", "verify", "--man=no"};
  for (const auto& entry : fs::directory_iterator(folder.path())) command.push_back(entry.path().string());
  ASSERT_GT(command.size(), 3U);
  const auto verified = run(command);
  EXPECT_EQ(verified.status, 0) << verified.errors;
}

}  // namespace
}  // namespace newswire::test
