#include "spool/cursor.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <string>

#include "spool/line_reader.h"
#include "support.h"

namespace newswire::spool {
namespace {

/// A spool of 100 articles in ten closed segments and an empty live one, or all in the live one, or compressed.
enum class Shape { live, closed, compressed };

class CursorTest : public testing::TestWithParam<Shape> {
 protected:
  CursorTest() {
    auto options = small(GetParam() == Shape::live ? 1 << 20 : 4096);
    options.compress = GetParam() == Shape::compressed;
    spool_ = open(folder_.path(), options);
    for (std::uint64_t number = 1; number <= 100; ++number) fill(*spool_, number, number, 400);
    compress_all();
  }

  void compress_all() {
    for (bool more = true; more;) {
      const auto done = spool_->maintain(at(100), std::nullopt);
      ASSERT_TRUE(done) << to_string(done.error());
      more = done->more;
    }
  }

  const Published& published() const { return spool_->published(); }

  Folder folder_;
  std::unique_ptr<Spool> spool_;
};

/// Everything that the cursor gives, in pieces of at most `limit` bytes.
std::string drain(Cursor& cursor, std::size_t limit) {
  std::string text;
  for (;;) {
    const auto piece = cursor.peek(limit);
    if (!piece) return text + "ERROR " + to_string(piece.error());
    if (piece->size == 0) return text;
    EXPECT_LE(piece->size, limit);
    if (piece->descriptor >= 0) {
      std::string bytes(piece->size, '\0');
      EXPECT_EQ(::pread(piece->descriptor, bytes.data(), bytes.size(), static_cast<off_t>(piece->offset)),
                static_cast<ssize_t>(bytes.size()));
      text += bytes;
    } else {
      text += piece->bytes;
    }
    cursor.consume(piece->size);
  }
}

TEST_P(CursorTest, FindsEveryNumber) {
  for (std::uint64_t from = 1; from <= 101; ++from) {
    auto cursor = Cursor::at(published(), Seq{from});
    ASSERT_TRUE(cursor) << to_string(cursor.error());
    EXPECT_EQ(cursor->next_seq().value(), Seq{from});
    const auto lines = read_all(published(), Seq{from});
    ASSERT_EQ(lines.size(), 101 - from);
    if (!lines.empty()) {
      EXPECT_EQ(lines.front().number, from);
    }
  }
}

TEST_P(CursorTest, FindsEveryTime) {
  for (std::int64_t number = 2; number <= 101; ++number) {
    for (const auto early : {std::chrono::milliseconds(0), std::chrono::milliseconds(500)}) {
      auto cursor = Cursor::at(published(), at(number) - early);
      ASSERT_TRUE(cursor) << to_string(cursor.error());
      EXPECT_EQ(cursor->next_seq().value(), Seq{static_cast<std::uint64_t>(number)});
    }
  }
  EXPECT_EQ(Cursor::at(published(), at(-5000))->next_seq().value(), Seq{1});
  EXPECT_EQ(Cursor::at(published(), at(5000))->next_seq().value(), Seq{101});
}

TEST_P(CursorTest, GivesTheSameBytesInAnyPieces) {
  auto whole = Cursor::at(published(), Seq{1});
  const auto text = drain(*whole, 1 << 20);
  for (const std::size_t limit : {1UL, 7UL, 4096UL}) {
    auto cursor = Cursor::at(published(), Seq{1});
    EXPECT_EQ(drain(*cursor, limit), text) << limit;
  }
}

TEST_P(CursorTest, SurvivesTheReleaseOfItsBlockAnywhere) {
  auto cursor = Cursor::at(published(), Seq{1});
  auto other = Cursor::at(published(), Seq{1});
  const auto text = drain(*other, 1 << 20);
  std::string read;
  for (;;) {
    cursor->release();
    const auto piece = cursor->peek(1000);
    ASSERT_TRUE(piece);
    if (piece->size == 0) break;
    std::string bytes(piece->bytes);
    if (piece->descriptor >= 0) {
      bytes.resize(piece->size);
      ASSERT_GT(::pread(piece->descriptor, bytes.data(), bytes.size(), static_cast<off_t>(piece->offset)), 0);
    }
    read += bytes;
    cursor->consume(piece->size);
  }
  EXPECT_EQ(read, text);
}

TEST_P(CursorTest, TellsTheRestOfTheLineAndTheNextNumber) {
  auto cursor = Cursor::at(published(), Seq{5});
  EXPECT_EQ(cursor->rest_of_line().value(), 0U);
  const auto piece = cursor->peek(10);
  ASSERT_TRUE(piece);
  cursor->consume(10);
  cursor->release();
  const auto rest = cursor->rest_of_line().value();
  EXPECT_GT(rest, 300U);
  EXPECT_EQ(cursor->next_seq().value(), Seq{6});
  auto left = rest;
  while (left > 0) {
    const auto next = cursor->peek(left);
    ASSERT_TRUE(next);
    left -= next->size;
    cursor->consume(next->size);
  }
  EXPECT_EQ(cursor->rest_of_line().value(), 0U);
  EXPECT_EQ(cursor->next_seq().value(), Seq{6});
}

TEST_P(CursorTest, FollowsWhatIsCommittedLater) {
  auto cursor = Cursor::at_end(published());
  EXPECT_EQ(cursor.peek(1000)->size, 0U);
  EXPECT_EQ(cursor.next_seq().value(), Seq{101});
  LineReader reader(std::move(cursor));
  for (std::uint64_t number = 101; number <= 160; ++number) {
    fill(*spool_, number, number, 400);
    const auto line = reader.next();
    ASSERT_TRUE(line && *line) << number;
    EXPECT_EQ(number_of((*line)->text), number);
    EXPECT_FALSE(reader.next()->has_value());
  }
}

TEST_P(CursorTest, KeepsItsPlaceOverRotationAndCompression) {
  std::vector<LineReader> readers;
  for (std::uint64_t from = 1; from <= 101; from += 10) readers.emplace_back(*Cursor::at(published(), Seq{from}));
  for (auto& reader : readers) (void)reader.next();  // each has read something
  for (std::uint64_t number = 101; number <= 160; ++number) fill(*spool_, number, number, 400);
  compress_all();
  std::uint64_t expected = 2;
  for (auto& reader : readers) {
    auto number = expected == 102 ? 101 : expected;  // the last one had nothing to read
    for (auto line = reader.next(); line && *line; line = reader.next()) EXPECT_EQ((*line)->seq, Seq{number++});
    EXPECT_EQ(number, 161U);
    expected += 10;
  }
}

TEST_P(CursorTest, RefusesWhatDoesNotExist) {
  EXPECT_EQ(Cursor::at(published(), Seq{102}).error().code, Errc::invalid);
  EXPECT_EQ(Cursor::at(published(), Seq{0}).error().code, Errc::invalid);
}

std::string name_of(const testing::TestParamInfo<Shape>& tested) {
  switch (tested.param) {
    case Shape::live: return "live";
    case Shape::closed: return "closed";
    case Shape::compressed: return "compressed";
  }
  return "";
}
INSTANTIATE_TEST_SUITE_P(Spool, CursorTest, testing::Values(Shape::live, Shape::closed, Shape::compressed), name_of);

class Retained : public testing::Test {
 protected:
  Retained() {
    auto options = small();
    options.retention.bytes = 20'000;
    spool_ = open(folder_.path(), options);
    for (std::uint64_t number = 1; number <= 100; ++number) fill(*spool_, number, number, 400);
  }
  Folder folder_;
  std::unique_ptr<Spool> spool_;
};

TEST_F(Retained, SaysGoneAndWhatIsThereInstead) {
  ASSERT_TRUE(spool_->maintain(at(100), std::nullopt));
  const auto snapshot = spool_->published().snapshot();
  ASSERT_GT(snapshot->first(), Seq{1});
  EXPECT_EQ(Cursor::at(spool_->published(), Seq{1}).error().code, Errc::gone);
  EXPECT_EQ(Cursor::at(spool_->published(), at(1)).error().code, Errc::gone);
  EXPECT_EQ(snapshot->earliest_from(Seq{1}), snapshot->first());
  EXPECT_EQ(snapshot->earliest_from(Seq{90}), Seq{90});
  EXPECT_TRUE(Cursor::at(spool_->published(), snapshot->first()));
}

TEST_F(Retained, LetsAReaderFinishItsSegmentAndThenSaysGone) {
  LineReader reader(*Cursor::at(spool_->published(), Seq{1}));
  ASSERT_TRUE(reader.next());
  ASSERT_TRUE(spool_->maintain(at(100), std::nullopt));
  std::uint64_t last = 1;
  auto line = reader.next();
  for (; line && *line; line = reader.next()) last = (*line)->seq.value;
  ASSERT_FALSE(line);
  EXPECT_EQ(line.error().code, Errc::gone);
  EXPECT_EQ(last, 10U);
  EXPECT_EQ(reader.position(), Seq{11});
}

TEST_F(Retained, StandsAtTheEndWhenNothingIsLeft) {
  const auto next = spool_->next_seq();
  auto cursor = Cursor::at(spool_->published(), next);
  ASSERT_TRUE(cursor);
  EXPECT_EQ(cursor->peek(10)->size, 0U);
}

}  // namespace
}  // namespace newswire::spool
