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
