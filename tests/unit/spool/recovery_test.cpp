#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zstd.h>

#include <filesystem>
#include <functional>
#include <map>
#include <string>

#include "spool/line.h"
#include "spool/line_reader.h"
#include "spool/spool.h"
#include "spool/verify.h"
#include "support.h"

/// What can have happened to a spool's files while nobody looked, and what is made of it.
namespace newswire::spool {
namespace {

std::string name_of(std::uint64_t first) { return segment_name(Seq{first}, false); }

/// Ten closed segments of ten articles, and five more in the live one.
void build(const Folder& folder) {
  const auto spool = open(folder.path(), small());
  for (std::uint64_t number = 1; number <= 105; ++number) fill(*spool, number, number, 400);
}

/// "1-40 51-105": what a reader gets who goes on behind each gap.
std::string served(const Published& published) {
  std::string text;
  LineReader reader(*Cursor::at(published, published.snapshot()->first()));
  Seq first;
  Seq last;
  const auto close = [&] {
    if (first != Seq{})
      text += (text.empty() ? "" : " ") + std::to_string(first.value) + "-" + std::to_string(last.value);
  };
  for (;;) {
    const auto line = reader.next();
    if (!line && line.error().code == Errc::gone && reader.skip_gap()) continue;
    if (!line) return text + " ERROR " + to_string(line.error());
    if (!*line) break;
    if ((*line)->seq.value != number_of((*line)->text)) return "wrong article at " + std::to_string((*line)->seq.value);
    if ((*line)->seq != last.next() || first == Seq{}) {
      close();
      first = (*line)->seq;
    }
    last = (*line)->seq;
  }
  close();
  return text;
}

/// "damaged 41-50; torn_tail": kind and lines of each finding.
std::string said(const std::vector<Finding>& findings) {
  std::string text;
  for (const auto& finding : findings) {
    text += (text.empty() ? "" : "; ") + std::string(to_string(finding.kind));
    if (finding.from != Seq{})
      text += " " + std::to_string(finding.from.value) + "-" + std::to_string(finding.to.value);
  }
  return text;
}

void flip(const std::string& path, std::string_view at, std::size_t behind) {
  auto bytes = read_file(path);
  const auto place = bytes.find(at);
  ASSERT_NE(place, bytes.npos);
  bytes[place + behind] = static_cast<char>(bytes[place + behind] ^ 1);
  write_file(path, bytes);
}

void append(const std::string& path, std::string_view more) { write_file(path, read_file(path) + std::string(more)); }

struct Damage {
  const char* name;
  std::function<void(const Folder&)> apply;
  const char* findings;
  const char* served;
  std::uint64_t next = 106;
  std::size_t set_aside = 0;
  std::optional<std::uint64_t> high_water = 105;  ///< nothing: the state was lost
};

class Recovery : public testing::TestWithParam<Damage> {};

TEST_P(Recovery, KeepsWhatIsSoundAndSaysWhatIsNot) {
  const auto& damage = GetParam();
  Folder folder;
  build(folder);
  damage.apply(folder);
  auto options = small();
  if (damage.high_water) options.high_water = Seq{*damage.high_water};
  {
    const auto spool = open(folder.path(), options);
    EXPECT_EQ(said(spool->findings()), damage.findings);
    EXPECT_EQ(served(spool->published()), damage.served);
    EXPECT_EQ(spool->next_seq().value, damage.next);
    EXPECT_EQ(folder.names("set-aside").size(), damage.set_aside);
    // And it goes on.
    fill(*spool, damage.next, damage.next + 20, 400);
  }
  options.high_water = Seq{damage.next + 20};
  const auto spool = open(folder.path(), options);
  for (const auto& finding : spool->findings()) EXPECT_EQ(finding.kind, Finding::Kind::missing) << finding.what;
  EXPECT_EQ(folder.names("set-aside").size(), damage.set_aside);
  const auto report = verify(folder.path());
  ASSERT_TRUE(report);
  for (const auto& file : report->files) EXPECT_THAT(file.problems, testing::IsEmpty()) << file.name;
}

const std::string kLive(kLiveName);

INSTANTIATE_TEST_SUITE_P(
    Spool, Recovery,
    testing::Values(
        Damage{"none", [](const Folder&) {}, "", "1-105"},
        Damage{"half_a_line", [](const Folder& f) { append(f / kLive, R"({"_newswire":{"seq":106,"su)"); }, "torn_tail",
               "1-105"},
        Damage{"a_line_without_its_feed",
               [](const Folder& f) {
                 std::string line;
                 append_line(line, Seq{106}, tail(106));
                 line.pop_back();
                 append(f / kLive, line);
               },
               "torn_tail", "1-105"},
        Damage{"a_whole_line_that_was_not_answered",
               [](const Folder& f) {
                 std::string line;
                 append_line(line, Seq{106}, tail(106));
                 append(f / kLive, line);
               },
               "", "1-106", 107},
        Damage{"zeros_at_the_end", [](const Folder& f) { append(f / kLive, std::string(5000, '\0')); }, "torn_tail",
               "1-105"},
        Damage{"zeros_and_then_a_line",
               [](const Folder& f) {
                 std::string line(512, '\0');
                 line += "\n";
                 append_line(line, Seq{107}, tail(107));
                 append(f / kLive, line);
               },
               "torn_tail", "1-105", 106, 1},
        Damage{"garbage_at_the_end", [](const Folder& f) { append(f / kLive, "one\ntwo\n"); }, "torn_tail", "1-105",
               106, 1},
        Damage{"a_flipped_bit_in_the_live_segment", [](const Folder& f) { flip(f / kLive, "u103", 200); },
               "damaged 103-103", "1-102 104-105", 106, 1},
        Damage{"a_flipped_bit_in_the_first_live_line", [](const Folder& f) { flip(f / kLive, "u101", 200); },
               "damaged 101-101", "1-100 102-105", 106, 1},
        Damage{"a_flipped_bit_in_the_last_live_line", [](const Folder& f) { flip(f / kLive, "u105", 200); },
               "damaged 105-105", "1-104", 106, 1},
        Damage{"a_flipped_bit_in_a_number", [](const Folder& f) { flip(f / kLive, R"("seq":103)", 8); },
               "damaged 103-103", "1-102 104-105", 106, 1},
        Damage{"a_flipped_line_feed", [](const Folder& f) { flip(f / kLive, "}\n{\"_newswire\":{\"seq\":103", 1); },
               "damaged 102-103", "1-101 104-105", 106, 1},
        Damage{"a_flipped_bit_and_no_state", [](const Folder& f) { flip(f / kLive, "u103", 200); }, "damaged 103-103",
               "1-102 104-105", 106, 1, std::nullopt},
        Damage{"half_a_line_and_no_state", [](const Folder& f) { append(f / kLive, R"({"_newsw)"); }, "torn_tail",
               "1-105", 106, 0, std::nullopt},
        Damage{"live_cut_at_a_line",
               [](const Folder& f) {
                 std::filesystem::resize_file(f / kLive, read_file(f / kLive).find(R"({"_newswire":{"seq":104)"));
               },
               "missing 104-105", "1-103"},
        Damage{"live_cut_in_a_line",
               [](const Folder& f) {
                 std::filesystem::resize_file(f / kLive, read_file(f / kLive).find(R"({"_newswire":{"seq":104)") + 50);
               },
               "damaged 104-105", "1-103", 106, 1},
        Damage{"live_emptied", [](const Folder& f) { write_file(f / kLive, ""); }, "missing 101-105", "1-100"},
        Damage{"live_removed", [](const Folder& f) { std::filesystem::remove(f / kLive); }, "missing 101-105", "1-100"},
        Damage{"live_replaced_by_something_else", [](const Folder& f) { write_file(f / kLive, "hello\nworld\n"); },
               "damaged 101-105", "1-100", 106, 1},
        Damage{"a_flipped_bit_in_a_closed_segment", [](const Folder& f) { flip(f / name_of(41), "u45", 200); },
               "damaged 45-45", "1-44 46-105", 106, 1},
        Damage{"several_flipped_bits_in_a_closed_segment",
               [](const Folder& f) {
                 for (const auto* line : {"u43", "u45", "u47"}) flip(f / name_of(41), line, 200);
               },
               "damaged 43-43; damaged 45-45; damaged 47-47", "1-42 44-44 46-46 48-105", 106, 1},
        Damage{"a_flipped_first_line", [](const Folder& f) { flip(f / name_of(41), "u41", 200); }, "damaged 41-41",
               "1-40 42-105", 106, 1},
        Damage{"a_flipped_last_line", [](const Folder& f) { flip(f / name_of(41), "u50", 200); }, "damaged 50-50",
               "1-49 51-105", 106, 1},
        Damage{"closed_cut_in_a_line", [](const Folder& f) { std::filesystem::resize_file(f / name_of(41), 2000); },
               "damaged 45-50", "1-44 51-105", 106, 1},
        Damage{"closed_cut_at_a_line",
               [](const Folder& f) {
                 std::filesystem::resize_file(f / name_of(41),
                                              read_file(f / name_of(41)).find(R"({"_newswire":{"seq":48)"));
               },
               "missing 48-50", "1-47 51-105"},
        Damage{"closed_emptied", [](const Folder& f) { write_file(f / name_of(41), ""); }, "foreign 41-50",
               "1-40 51-105", 106, 1},
        Damage{"closed_removed", [](const Folder& f) { std::filesystem::remove(f / name_of(41)); }, "missing 41-50",
               "1-40 51-105"},
        Damage{"the_first_removed", [](const Folder& f) { std::filesystem::remove(f / name_of(1)); }, "", "11-105"},
        Damage{"closed_replaced_by_something_else", [](const Folder& f) { write_file(f / name_of(41), "hello\n"); },
               "foreign 41-50", "1-40 51-105", 106, 1},
        Damage{"a_copy_under_another_segments_name",
               [](const Folder& f) { std::filesystem::copy_file(f / name_of(1), f / name_of(45)); }, "foreign", "1-105",
               106, 1},
        Damage{"other_names",
               [](const Folder& f) {
                 write_file(f / "articles.ndjson.1", "x");
                 write_file(f / "articles-5.ndjson", "x");
                 write_file(f / "articles-0000000000000000004x.ndjson", "x");
               },
               "foreign; foreign; foreign", "1-105", 106, 3},
        Damage{"a_leftover", [](const Folder& f) { write_file(f / (name_of(41) + ".zst.tmp"), "x"); }, "leftover",
               "1-105"},
        Damage{"both_plain_and_compressed",
               [](const Folder& f) { write_file(f / segment_name(Seq{41}, true), "cut short"); }, "", "1-105"},
        Damage{"compressed_by_hand",
               [](const Folder& f) {
                 const auto text = read_file(f / name_of(41));
                 std::string packed(ZSTD_compressBound(text.size()), '\0');
                 packed.resize(ZSTD_compress(packed.data(), packed.size(), text.data(), text.size(), 3));
                 write_file(f / segment_name(Seq{41}, true), packed);
                 std::filesystem::remove(f / name_of(41));
               },
               "", "1-105"},
        Damage{"everything_removed",
               [](const Folder& f) {
                 for (const auto& name : f.names()) std::filesystem::remove(f / name);
               },
               "missing 1-105", ""}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(Recovery, OfACompressedSegmentKeepsTheBlocksThatDecode) {
  Folder folder;
  auto options = small(2 << 20);
  options.compress = true;
  {
    const auto spool = open(folder.path(), options);
    fill(*spool, 1, 2100, 1000);  // eight blocks
    fill(*spool, 2101, 4300, 1000);
    for (bool more = true; more;) more = spool->maintain(at(0), std::nullopt).value().more;
  }
  const auto path = folder / segment_name(Seq{1}, true);
  auto bytes = read_file(path);
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  write_file(path, bytes);
  const auto spool = open(folder.path(), options);
  EXPECT_EQ(said(spool->findings()), "");  // its ends are sound: a reader finds it
  LineReader reader(*Cursor::at(spool->published(), Seq{1}));
  auto line = reader.next();
  while (line && *line) line = reader.next();
  ASSERT_FALSE(line);
  EXPECT_EQ(line.error().code, Errc::corrupt);
  const auto maintained = spool->maintain(at(0), std::nullopt);
  ASSERT_TRUE(maintained);
  ASSERT_EQ(maintained->findings.size(), 1U);
  EXPECT_EQ(maintained->findings[0].kind, Finding::Kind::damaged);
  const auto lost = maintained->findings[0].to.value - maintained->findings[0].from.value + 1;
  EXPECT_LT(lost, 300U);  // one block of 256 KiB
  const auto from = maintained->findings[0].from.value;
  const auto to = maintained->findings[0].to.value;
  EXPECT_EQ(served(spool->published()), "1-" + std::to_string(from - 1) + " " + std::to_string(to + 1) + "-4300");
}

}  // namespace
}  // namespace newswire::spool
