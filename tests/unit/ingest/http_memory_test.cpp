#include "ingest/http_memory.h"

#include <gtest/gtest.h>

namespace newswire::ingest {
namespace {

TEST(HttpMemory, SurvivesTheStore) {
  const Time day = std::chrono::sys_days{std::chrono::year{2026} / 11 / 24};
  for (const auto& memory :
       {HttpMemory{}, HttpMemory{"http://a.example/f?x=1", {}, false, false, {}, {}},
        HttpMemory{{}, day, true, false, {}, {}}, HttpMemory{"http://a.example/", day, false, true, {}, {}},
        HttpMemory{{}, {}, false, false, "http://a.example/2025", "http://a.example/2019"},
        HttpMemory{{}, {}, false, false, "http://a.example/2025", {}}}) {
    EXPECT_EQ(decode_http_memory(encode(memory)), memory);
  }
  EXPECT_EQ(encode(HttpMemory{}), "");
}

TEST(HttpMemory, DamagedTextIsNothingRemembered) {
  for (const auto* text :
       {"", "http://a.example/", "u\n1\n1", "u\nx\n0\n0", "u\n-4\n0\n0", "u\n99999999999\n0\n0", "u\n1\n0\n0\n0"}) {
    EXPECT_EQ(decode_http_memory(text), HttpMemory{}) << text;
  }
}

}  // namespace
}  // namespace newswire::ingest
