#include "spool/line.h"

#include <gtest/gtest.h>

#include <string>

namespace newswire::spool {
namespace {

constexpr std::string_view kTail = R"(,"uid":"a","received":"2026-11-24T08:13:01.123Z"},"id":"x"})";

std::string line_of(Seq seq, std::string_view tail = kTail) {
  std::string line;
  append_line(line, seq, tail);
  line.pop_back();
  return line;
}

TEST(Line, BeginsWithItsNumberAndTheSumOfItsTail) {
  // The example of docs/spool-format.md; another result would make every spool in the world unsound.
  EXPECT_EQ(line_of(Seq{1042}, R"(,"uid":"01h"},"id":"x"})"),
            R"({"_newswire":{"seq":1042,"sum":"1338a69c","uid":"01h"},"id":"x"})");
}

TEST(Line, ReadsBackWhatItWrote) {
  for (const std::uint64_t number : {1ULL, 9ULL, 10ULL, 18446744073709551615ULL}) {
    const auto line = line_of(Seq{number});
    const auto head = parse_head(line);
    ASSERT_TRUE(head) << number;
    EXPECT_EQ(head->seq.value, number);
    EXPECT_TRUE(is_sound(line, *head));
    EXPECT_EQ(tail_of(line), kTail);
    EXPECT_LE(head->size, kMaxHead);
  }
}

TEST(Line, AcceptsALineWithoutSum) {
  const std::string line = R"({"_newswire":{"seq":7,"uid":"a"}})";
  const auto head = parse_head(line);
  ASSERT_TRUE(head);
  EXPECT_FALSE(head->sum);
  EXPECT_TRUE(is_sound(line, *head));
  EXPECT_EQ(tail_of(line), R"(,"uid":"a"}})");
}

TEST(Line, NoticesEveryFlippedBit) {
  const auto line = line_of(Seq{1042});
  for (std::size_t bit = 0; bit < line.size() * 8; ++bit) {
    auto flipped = line;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    const auto head = parse_head(flipped);
    EXPECT_FALSE(head && head->sum && is_sound(flipped, *head)) << "bit " << bit << ": " << flipped;
  }
}

TEST(Line, IsUnsoundWhenCutAnywhere) {
  const auto line = line_of(Seq{1042});
  for (std::size_t size = 0; size < line.size(); ++size) {
    const auto cut = std::string_view(line).substr(0, size);
    const auto head = parse_head(cut);
    EXPECT_FALSE(head && is_sound(cut, *head)) << cut;
  }
}

TEST(Line, ReadsItsHeadFromTheFirstBytes) {
  const auto line = line_of(Seq{18446744073709551615ULL});
  EXPECT_TRUE(parse_head(std::string_view(line).substr(0, kMaxHead + 1)));
}

struct NoHead {
  const char* name;
  std::string_view line;
};
class Head : public testing::TestWithParam<NoHead> {};
TEST_P(Head, IsRefused) { EXPECT_FALSE(parse_head(GetParam().line)); }
INSTANTIATE_TEST_SUITE_P(
    Line, Head,
    testing::Values(NoHead{"empty", ""}, NoHead{"other_json", R"({"seq":1})"},
                    NoHead{"zero", R"({"_newswire":{"seq":0,"uid":"a"}})"},
                    NoHead{"leading_zero", R"({"_newswire":{"seq":01,"uid":"a"}})"},
                    NoHead{"negative", R"({"_newswire":{"seq":-1,"uid":"a"}})"},
                    NoHead{"too_large", R"({"_newswire":{"seq":18446744073709551616,"uid":"a"}})"},
                    NoHead{"string", R"({"_newswire":{"seq":"1","uid":"a"}})"},
                    NoHead{"space", R"({"_newswire":{"seq": 1,"uid":"a"}})"},
                    NoHead{"sum_too_short", R"({"_newswire":{"seq":1,"sum":"1f2e3d4","uid":"a"}})"},
                    NoHead{"sum_in_capitals", R"({"_newswire":{"seq":1,"sum":"1F2E3D4C","uid":"a"}})"},
                    NoHead{"nothing_behind", R"({"_newswire":{"seq":1}})"}),
    [](const auto& tested) { return std::string(tested.param.name); });

struct TailCase {
  const char* name;
  std::string_view tail;
  bool is_one;
};
class Tail : public testing::TestWithParam<TailCase> {};
TEST_P(Tail, IsTold) { EXPECT_EQ(is_tail(GetParam().tail), GetParam().is_one); }
INSTANTIATE_TEST_SUITE_P(Line, Tail,
                         testing::Values(TailCase{"normal", kTail, true}, TailCase{"smallest", ",x}", true},
                                         TailCase{"no_comma", R"("uid":"a"}})", false},
                                         TailCase{"no_brace", R"(,"uid":"a")", false},
                                         TailCase{"line_feed", ",\"a\":\"\n\"}", false},
                                         TailCase{"nul", std::string_view(",\0}", 3), false},
                                         TailCase{"tab", ",\t}", false}, TailCase{"empty", "", false},
                                         TailCase{"high_bytes", ",\xff}", true}),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST(Line, TellsWhenItWasReceived) {
  EXPECT_EQ(to_rfc3339(*received_of(line_of(Seq{1})), true), "2026-11-24T08:13:01.123Z");
  EXPECT_FALSE(received_of(R"({"_newswire":{"seq":1,"x":"\"received\":\""}})"));
  EXPECT_FALSE(received_of(R"({"_newswire":{"seq":1,"received":"soon"}})"));
}

}  // namespace
}  // namespace newswire::spool
