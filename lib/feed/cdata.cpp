#include "feed/detail/cdata.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "feed/detail/bytes.h"
#include "feed/detail/repair_names.h"

namespace newswire::feed::detail {
namespace {

constexpr auto npos = std::string_view::npos;

std::size_t next_mark(std::string_view text) noexcept {
  for (auto at = find_either<'<', ']'>(text, 0); at != npos; at = find_either<'<', ']'>(text, at + 1)) {
    const auto rest = text.substr(at);
    if (rest.starts_with(kCdataStart) || rest.starts_with(kCdataEnd)) return at;
  }
  return npos;
}

void append_with_for_marks(std::string& out, std::string_view instead, std::string_view text) {
  for (std::size_t mark = 0; (mark = next_mark(text)) != npos;) {
    out += text.substr(0, mark);
    out += instead;
    text.remove_prefix(mark + (text[mark] == ']' ? kCdataEnd : kCdataStart).size());
  }
  out += text;
}

}  // namespace

std::string_view without_cdata_marks(std::string_view text) noexcept {
  const auto start = text.find('<');
  if (start == npos || !text.substr(start).starts_with(kCdataStart) || !trim(text.substr(0, start)).empty())
    return text;
  text = trim(text.substr(start + kCdataStart.size()));
  if (text.ends_with(kCdataEnd)) text.remove_suffix(kCdataEnd.size());
  return text;
}

bool swallows_items(std::string_view document) noexcept {
  constexpr auto kMark = kCdataStart.substr(2);  // "[" is rarer than "<"
  for (auto at = document.find(kMark); at != npos;) {
    const auto end = document.find(kCdataEnd, at);
    auto inner = document.find(kMark, at + 1);
    if (end == npos || inner == npos) return false;
    if (inner < end && find_item_tag(document.substr(0, inner), at) < inner) return true;
    at = inner < end ? document.find(kMark, end) : inner;
  }
  return false;
}

void undo_nested_cdata(std::string& text, std::string_view end_mark) {
  auto at = text.find(kCdataStart);
  if (at == npos || text.find(end_mark, at) == npos) return;
  std::string out;
  out.reserve(text.size());
  std::size_t open = 0;
  std::size_t from = 0;
  while ((at = text.find_first_of("<]", at)) != npos) {
    const auto rest = std::string_view(text).substr(at);
    const bool starts = rest.starts_with(kCdataStart);
    if (!starts && (open == 0 || !rest.starts_with(end_mark))) {
      ++at;
      continue;
    }
    out.append(text, from, at - from);
    at += starts ? kCdataStart.size() : end_mark.size();
    starts ? ++open : --open;
    from = at;
  }
  out.append(text, from);
  text = std::move(out);
}

void append_without_cdata_marks(std::string& out, std::string_view text) {
  const auto start = out.size();
  append_with_for_marks(out, {}, text);
  if (next_mark(std::string_view(out).substr(start)) == npos) return;
  out.resize(start);
  append_with_for_marks(out, " ", text);
}

void escape_cdata_ends(std::string& text, std::size_t from) {
  auto at = text.find(kCdataEnd, from);
  if (at == npos) return;
  const auto tail = text.substr(at);
  text.resize(at);
  for (std::size_t done = 0; done < tail.size(); done = at + kCdataEnd.size()) {
    at = std::min(tail.find(kCdataEnd, done), tail.size());
    text.append(tail, done, at - done);
    if (at < tail.size()) text += "]]&gt;";
  }
}

}  // namespace newswire::feed::detail
