#include "progress.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

namespace newswire::daemon {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

struct Line {
  const char* name;
  std::string_view what;
  double share;
  std::string_view left;
  std::size_t columns;
  bool colour;
  std::string_view drawn;
};
class ProgressLine : public testing::TestWithParam<Line> {};
TEST_P(ProgressLine, FitsTheTerminal) {
  const auto& c = GetParam();
  EXPECT_EQ(progress_line(c.what, c.share, c.left, c.columns, c.colour), c.drawn);
}
INSTANTIATE_TEST_SUITE_P(
    Widths, ProgressLine,
    testing::Values(Line{"whole", "verify", 0.5, "9 s left", 34, false, "verify [#####.....]  50%  9 s left"},
                    Line{"begins", "verify", 0, "", 24, false, "verify [..........]   0%"},
                    Line{"ends", "verify", 1, "", 24, false, "verify [##########] 100%"},
                    Line{"more_than_all", "verify", 7, "", 24, false, "verify [##########] 100%"},
                    Line{"colour", "verify", 0.5, "", 24, true, "verify [\x1b[32m#####\x1b[0m.....]  50%"},
                    Line{"no_room_for_a_bar", "verify", 0.5, "9 s left", 22, false, "verify  50%  9 s left"},
                    Line{"no_room_for_the_rest", "verify", 0.5, "9 s left", 15, false, "verify  50%"},
                    Line{"no_room_for_the_name", "verification", 0.5, "", 10, false, "verif  50%"},
                    Line{"a_bar_is_not_endless", "v", 0, "", 200, false,
                         "v [........................................]   0%"}),
    [](const auto& tested) { return std::string(tested.param.name); });

struct Wandering {
  const char* name;
  std::size_t step;
  std::string_view note;
  std::size_t columns;
  std::string_view drawn;
};
class WanderingLine : public testing::TestWithParam<Wandering> {};
TEST_P(WanderingLine, GoesThereAndBackAgain) {
  const auto& c = GetParam();
  EXPECT_EQ(wandering_line("pages", c.step, c.note, c.columns, false), c.drawn);
}
INSTANTIATE_TEST_SUITE_P(Steps, WanderingLine,
                         testing::Values(Wandering{"begins", 0, "7", 21, "pages [###.......]  7"},
                                         Wandering{"goes", 2, "7", 21, "pages [..###.....]  7"},
                                         Wandering{"turns", 7, "7", 21, "pages [.......###]  7"},
                                         Wandering{"comes_back", 8, "7", 21, "pages [......###.]  7"},
                                         Wandering{"begins_again", 14, "7", 21, "pages [###.......]  7"},
                                         Wandering{"without_a_note", 1, "", 18, "pages [.###......]"},
                                         Wandering{"no_room_for_a_bar", 1, "12 pages", 17, "pages  12 pages"},
                                         Wandering{"a_long_note_is_cut", 0, "a hundred and twelve pages", 20,
                                                   "pages  a hundred "}),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST(WanderingColour, IsOnTheBlockOnly) {
  EXPECT_EQ(wandering_line("x", 1, "", 16, true), "x [.\x1b[32m###\x1b[0m........]");
}

class Progressing : public testing::Test {
 protected:
  Progressing() : file(std::tmpfile(), &std::fclose) {}
  ProgressSink sink(bool terminal) const {
    ProgressSink made;
    made.file = file.get();
    made.terminal = terminal;
    made.columns = 40;
    return made;
  }
  std::string written() const {
    std::fflush(file.get());
    std::string text(static_cast<std::size_t>(std::ftell(file.get())), '\0');
    std::rewind(file.get());
    text.resize(std::fread(text.data(), 1, text.size(), file.get()));
    return text;
  }
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file;
  Progress::Clock::time_point start{seconds{1000}};
};

TEST_F(Progressing, QuickWorkSaysNothing) {
  for (const bool terminal : {true, false}) {
    Progress progress(sink(terminal), "verify", start);
    progress.advance(1, 2, start + milliseconds{400});
    progress.advance(2, 2, start + milliseconds{499});
  }
  EXPECT_THAT(written(), IsEmpty());
}

TEST_F(Progressing, OnATerminalOneLineIsRedrawnAndTakenAway) {
  {
    Progress progress(sink(true), "verify", start);
    progress.advance(25, 100, start + seconds{1});
    progress.advance(26, 100, start + milliseconds{1050});  // too soon after the last
    progress.advance(50, 100, start + seconds{2});
  }
  EXPECT_EQ(written(),
            "\r\x1b[Kverify [###............]  25%  3 s left"
            "\r\x1b[Kverify [#######........]  50%  2 s left"
            "\r\x1b[K");
}

TEST_F(Progressing, ElsewhereItIsPlainLinesFarBetween) {
  {
    Progress progress(sink(false), "verify", start);
    for (int second = 0; second <= 25; ++second)
      progress.advance(static_cast<std::uint64_t>(second), 2500, start + seconds{second});
  }
  EXPECT_EQ(written(), "verify: 0%\nverify: 0%\n");
}

TEST_F(Progressing, SaysHowLongItTakesInWordsThatFit) {
  {
    Progress progress(sink(false), "verify", start);
    progress.advance(10, 100, start + seconds{10});
    progress.advance(20, 100, start + seconds{60});
    progress.advance(30, 100, start + seconds{6000});
  }
  EXPECT_EQ(written(), "verify: 10%, 90 s left\nverify: 20%, 4 min left\nverify: 30%, 4 h left\n");
}

TEST_F(Progressing, EachPartOfTheWorkHasItsOwnNameAndTime) {
  {
    Progress progress(sink(true), "reading", start);
    progress.advance(50, 100, start + seconds{100});
    progress.begin("reading", start + seconds{100});  // still the same
    progress.advance(51, 100, start + milliseconds{100'050});
    progress.begin("adding", start + milliseconds{100'060});
    progress.advance(0, 100, start + milliseconds{100'060});
    progress.advance(50, 100, start + milliseconds{104'060});
  }
  EXPECT_EQ(written(),
            "\r\x1b[Kreading [######......]  50%  2 min left"
            "\r\x1b[Kadding [.........................]   0%"
            "\r\x1b[Kadding [#######........]  50%  4 s left"
            "\r\x1b[K");
}

TEST_F(Progressing, WorkOfUnknownLengthSaysWhatIsDone) {
  {
    Progress progress(sink(true), "pages", start);
    progress.note("1 page", start + milliseconds{400});
    progress.note("2 pages", start + milliseconds{600});
    progress.note("3 pages", start + milliseconds{700});
  }
  {
    Progress progress(sink(false), "pages", start);
    progress.note("1 page", start + seconds{9});
    progress.note("2 pages", start + seconds{10});
    progress.note("3 pages", start + seconds{11});
  }
  EXPECT_EQ(written(),
            "\r\x1b[Kpages [###...................]  2 pages"
            "\r\x1b[Kpages [.###..................]  3 pages"
            "\r\x1b[K"
            "pages: 2 pages\n");
}

TEST_F(Progressing, SilentIsSilent) {
  {
    auto quiet = sink(true);
    quiet.silent = true;
    Progress progress(quiet, "verify", start);
    progress.advance(50, 100, start + seconds{20});
  }
  EXPECT_THAT(written(), IsEmpty());
}

}  // namespace
}  // namespace newswire::daemon
