#include "spool/verify.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <string>

#include "spool/cursor.h"
#include "spool/line.h"
#include "spool/line_reader.h"
#include "spool/spool.h"
#include "support.h"

namespace newswire::spool {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

/// Every problem in one text.
std::string problems(const VerifyReport& report) {
  std::string text;
  for (const auto& file : report.files) {
    for (const auto& problem : file.problems) text += file.name + ": " + problem + "\n";
  }
  for (const auto& problem : report.problems) text += problem + "\n";
  return text;
}

struct Damage {
  const char* name;
  std::function<void(const Folder&)> apply;
  const char* problem;  ///< empty: sound
};

class Verify : public testing::TestWithParam<Damage> {};

TEST_P(Verify, FindsIt) {
  Folder folder;
  {
    auto options = small();
    options.compress = true;
    const auto spool = open(folder.path(), options);
    for (std::uint64_t number = 1; number <= 55; ++number) fill(*spool, number, number, 400);
    for (bool more = true; more;) more = spool->maintain(at(0), std::nullopt).value().more;
  }
  GetParam().apply(folder);
  const auto report = verify(folder.path());
  ASSERT_TRUE(report) << to_string(report.error());
  EXPECT_FALSE(report->running);
  EXPECT_EQ(report->ok(), std::string(GetParam().problem).empty()) << problems(*report);
  EXPECT_THAT(problems(*report), HasSubstr(GetParam().problem));
}

void change(const std::string& path, const std::function<void(std::string&)>& edit) {
  auto bytes = read_file(path);
  edit(bytes);
  write_file(path, bytes);
}

const std::string kPlain = segment_name(Seq{41}, false);
const std::string kPacked = segment_name(Seq{11}, true);

INSTANTIATE_TEST_SUITE_P(
    Spool, Verify,
    testing::Values(
        Damage{"nothing", [](const Folder&) {}, ""},
        Damage{"a_flipped_bit", [](const Folder& f) { change(f / kPlain, [](std::string& s) { s[1000] ^= 1; }); },
               "line 43 does not agree with its sum"},
        Damage{"a_flipped_bit_in_a_compressed_segment",
               [](const Folder& f) { change(f / kPacked, [](std::string& s) { s[s.size() / 2] ^= 1; }); },
               "at byte 0: zstd"},
        Damage{"a_cut_compressed_segment",
               [](const Folder& f) { change(f / kPacked, [](std::string& s) { s.resize(s.size() - 5); }); },
               kPacked.c_str()},
        Damage{"a_cut_segment", [](const Folder& f) { change(f / kPlain, [](std::string& s) { s.resize(1000); }); },
               "ends with an unfinished line"},
        Damage{"a_missing_segment", [](const Folder& f) { std::filesystem::remove(f / kPacked); },
               "lines 11 to 20 are missing"},
        Damage{
            "a_line_twice",
            [](const Folder& f) { change(f / kLiveName, [](std::string& s) { s += s.substr(0, s.find('\n') + 1); }); },
            "line 51 follows line 55"},
        Damage{"a_foreign_file", [](const Folder& f) { write_file(f / "articles.ndjson.1", "x"); },
               "articles.ndjson.1 is no file of the spool"},
        Damage{"an_unfinished_live_line",
               [](const Folder& f) { change(f / kLiveName, [](std::string& s) { s += "{\"_n"; }); }, ""},
        Damage{"a_line_that_is_not_utf8",
               [](const Folder& f) {
                 change(f / kLiveName, [](std::string& s) { append_line(s, Seq{56}, ",\"a\":\"\xff\"}"); });
               },
               "line 56 is not UTF-8"},
        Damage{"another_spools_segment",
               [](const Folder& f) { std::filesystem::copy_file(f / kPlain, f / segment_name(Seq{42}, false)); },
               "its first line is 41"}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(Verify, CountsLinesAndSeesTheDaemon) {
  Folder folder;
  const auto spool = open(folder.path(), small());
  fill(*spool, 1, 25, 400);
  const auto report = verify(folder.path());
  ASSERT_TRUE(report);
  EXPECT_TRUE(report->running);
  EXPECT_TRUE(report->ok());
  std::uint64_t lines = 0;
  for (const auto& file : report->files) lines += file.lines;
  EXPECT_EQ(lines, 25U);
}

TEST(Verify, OfNoFolderIsNotFound) { EXPECT_EQ(verify("/nonexistent/spool").error().code, Errc::not_found); }

TEST(ReadingWithoutTheDaemon, GivesEveryCommittedLine) {
  Folder folder;
  auto options = small();
  options.compress = true;
  const auto spool = open(folder.path(), options);
  for (std::uint64_t number = 1; number <= 55; ++number) fill(*spool, number, number, 400);
  for (bool more = true; more;) more = spool->maintain(at(0), std::nullopt).value().more;
  EXPECT_EQ(runs(**open_for_reading(folder.path())), "1-55");
}

TEST(ReadingWithoutTheDaemon, OfAnEmptyFolderGivesNothing) {
  Folder folder;
  const auto published = open_for_reading(folder.path());
  ASSERT_TRUE(published);
  EXPECT_THAT(read_all(**published), IsEmpty());
  EXPECT_EQ(open_for_reading("/nonexistent/spool").error().code, Errc::not_found);
}

TEST(ReadingWithoutTheDaemon, EndsWithAnErrorWhenAFileIsCutMeanwhile) {
  Folder folder;
  {
    const auto spool = open(folder.path(), small());
    fill(*spool, 1, 5, 400);
  }
  const auto published = open_for_reading(folder.path());
  ASSERT_TRUE(published);
  LineReader reader(*Cursor::at(**published, Seq{1}));
  const auto live = folder.path() + "/articles.ndjson";
  std::filesystem::resize_file(live, std::filesystem::file_size(live) / 2);
  int lines = 0;
  auto line = reader.next();
  for (; line && lines < 5; line = reader.next()) ++lines;
  ASSERT_FALSE(line) << lines << " lines of a file of two and a half";
  EXPECT_EQ(line.error().code, Errc::io);
  EXPECT_EQ(lines, 2);
}

TEST(VerifyProgress, GrowsToAllBytesOnDisk) {
  Folder folder;
  {
    auto options = small();
    options.compress = true;
    const auto spool = open(folder.path(), options);
    for (std::uint64_t number = 1; number <= 55; ++number) fill(*spool, number, number, 400);
    for (bool more = true; more;) more = spool->maintain(at(0), std::nullopt).value().more;
  }
  std::uint64_t bytes = 0;
  std::uint64_t before = 0;
  std::size_t calls = 0;
  const auto report = verify(folder.path(), [&](std::uint64_t done, std::uint64_t total) {
    EXPECT_GE(done, before);
    EXPECT_LE(done, total);
    before = done;
    bytes = total;
    ++calls;
  });
  ASSERT_TRUE(report);
  std::uint64_t on_disk = 0;
  for (const auto& file : report->files) on_disk += file.bytes;
  EXPECT_GT(calls, report->files.size());
  EXPECT_EQ(bytes, on_disk);
  EXPECT_EQ(before, on_disk);
}

}  // namespace
}  // namespace newswire::spool
