#include "config/feed_list.h"

#include <algorithm>
#include <cstring>

#include "base/text.h"

namespace newswire::config {
namespace {

constexpr std::size_t kMaxTag = 100;
constexpr std::size_t kMaxTitle = 1000;

bool is_blank(char c) { return c == ' ' || c == '\t'; }

/// Takes the words of one line: `"two words"` is one. Reports what cannot be a word and gives false.
class LineReader {
 public:
  LineReader(std::string_view line, std::uint32_t number, const OnError& error)
      : line_(line), number_(number), error_(error) {}

  bool next(std::string_view& word) {
    while (at_ < line_.size() && is_blank(line_[at_])) ++at_;
    if (at_ >= line_.size() || line_[at_] == '#') return false;
    column_ = at_ + 1;
    if (line_[at_] == '"') {
      const auto end = line_.find('"', at_ + 1);
      if (end == line_.npos) {
        fail("a quote that is not closed");
        return false;
      }
      word = line_.substr(at_ + 1, end - at_ - 1);
      at_ = end + 1;
      return true;
    }
    auto end = at_;
    while (end < line_.size() && !is_blank(line_[end])) ++end;
    word = line_.substr(at_, end - at_);
    at_ = end;
    return true;
  }

  std::uint32_t column() const { return static_cast<std::uint32_t>(column_); }

  void fail(std::string what) {
    failed_ = true;
    error_(Error{Errc::invalid, std::move(what), std::to_string(number_) + ':' + std::to_string(column_)});
  }
  bool failed() const { return failed_; }

 private:
  std::string_view line_;
  std::uint32_t number_;
  const OnError& error_;
  std::size_t at_ = 0;
  std::size_t column_ = 1;
  bool failed_ = false;
};

void read_line(std::string_view line, std::uint32_t number, std::vector<std::string_view>& tags, const OnFeed& on_feed,
               const OnError& error) {
  LineReader words(line, number, error);
  ListedFeed feed;
  if (!words.next(feed.url)) return;
  feed.line = number;
  feed.column = words.column();
  tags.clear();
  for (std::string_view word; words.next(word);) {
    if (word.starts_with('~')) {
      feed.title = cut_utf8(word.substr(1), kMaxTitle);
    } else if (word.empty() || word.size() > kMaxTag || word.find(',') != word.npos || !is_utf8(word) ||
               std::any_of(word.begin(), word.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; })) {
      words.fail("a tag has 1 to 100 bytes of UTF-8 and no comma");
    } else {
      tags.push_back(word);
    }
  }
  if (words.failed()) return;
  if (!feed.title.empty() && !is_utf8(feed.title)) return words.fail("the title is not UTF-8");
  feed.tags = tags;
  on_feed(feed);
}

}  // namespace

void read_url_list(std::string_view text, const OnFeed& feed, const OnError& error) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  std::vector<std::string_view> tags;
  for (std::uint32_t number = 1; !text.empty(); ++number) {
    const auto end = std::min(text.find('\n'), text.size());
    auto line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    read_line(line, number, tags, feed, error);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

}  // namespace newswire::config
