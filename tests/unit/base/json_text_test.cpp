#include "base/json_text.h"

#include <gtest/gtest.h>

namespace newswire {
namespace {

std::string json_string(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

TEST(JsonString, EscapesWhatRfc8259Demands) {
  using namespace std::string_view_literals;
  EXPECT_EQ(json_string("a\"b\\c\n\t\r"), "\"a\\\"b\\\\c\\n\\t\\r\"");
  EXPECT_EQ(json_string("\x01\0"sv), "\"\\u0001\\u0000\"");
  EXPECT_EQ(json_string("\x7F"), "\"\\u007f\"");
}

TEST(JsonString, IsAlwaysUtf8) {
  EXPECT_EQ(json_string("é€😀"), "\"é€😀\"");
  EXPECT_EQ(json_string("a\xFFz\xE2\x82"), "\"a\xEF\xBF\xBDz\xEF\xBF\xBD\xEF\xBF\xBD\"");
}

TEST(JsonString, EscapesTheLineSeparatorsOfUnicode) { EXPECT_EQ(json_string("a\xE2\x80\xA8"), "\"a\\u2028\""); }

TEST(JsonWriter, SeparatesMembersAndElements) {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  json.key("a").value(std::int64_t{-1});
  json.key("b").begin_array();
  json.value("x");
  json.value(true);
  json.begin_object();
  json.end_object();
  json.end_array();
  json.key("c").value(0.5);
  json.member_unless_empty("d", "");
  json.end_object();
  EXPECT_EQ(out, R"({"a":-1,"b":["x",true,{}],"c":0.5})");
}

}  // namespace
}  // namespace newswire
