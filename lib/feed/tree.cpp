#include "feed/detail/tree.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <new>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "feed/detail/char_reference.h"

namespace newswire::feed::detail::xml {
namespace {

constexpr std::size_t kFirstChunk = std::size_t{64} << 10U;
constexpr std::size_t kLargestChunk = std::size_t{1} << 20U;

enum Class : std::uint8_t {
  kStart = 1,      // begins a name: letters, "_", ":", everything beyond ASCII
  kName = 2,       // continues one
  kSpace = 4,      // XML 1.0, production 3
  kEndsText = 8,   // what character data has to be looked at for
  kEndsValue = 16  // and attribute values
};

constexpr auto kClasses = [] {
  std::array<std::uint8_t, 256> table{};
  for (std::size_t c = 0; c < 256; ++c) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':' || c >= 0x80;
    std::uint8_t classes = 0;
    if (letter) classes |= kStart;
    if (letter || (c >= '0' && c <= '9') || c == '-' || c == '.') classes |= kName;
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') classes |= kSpace;
    if (c == '<' || c == '&' || c == '\r' || c == 0) classes |= kEndsText;
    if (c == '"' || c == '\'' || c == '&' || c == '\t' || c == '\n' || c == '\r' || c == 0) classes |= kEndsValue;
    table[c] = classes;
  }
  return table;
}();

char* find(char* at, char* end, char c) noexcept {
  auto* const found = static_cast<char*>(std::memchr(at, c, static_cast<std::size_t>(end - at)));
  return found == nullptr ? end : found;
}

bool is(char c, Class wanted) noexcept { return (kClasses[static_cast<unsigned char>(c)] & wanted) != 0; }

// Moves what is kept of a stretch of text to the front, over what is not.
struct Squeeze {
  char* from;  ///< what is read next
  char* to;    ///< where it goes

  // Everything before the next byte of the class. There is one: the padding.
  void plain(Class stop) noexcept {
    if (from == to) {
      from = to = skip(from, stop);
      return;
    }
#ifdef __SSE2__
    while (from - to >= 16) {
      const auto block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
      _mm_storeu_si128(reinterpret_cast<__m128i*>(to), block);
      if (const auto hits = stops(block, stop); hits != 0) {
        const auto size = __builtin_ctz(hits);
        from += size;
        to += size;
        return;
      }
      from += 16;
      to += 16;
    }
#endif
    while (!is(*from, stop)) *to++ = *from++;
  }

#ifdef __SSE2__
  static unsigned stops(__m128i block, Class stop) noexcept {
    const auto any = [block](char c) { return _mm_cmpeq_epi8(block, _mm_set1_epi8(c)); };
    const auto common = _mm_or_si128(_mm_or_si128(any('&'), any('\r')), any(0));
    const auto own = stop == kEndsText
                         ? any('<')
                         : _mm_or_si128(_mm_or_si128(any('"'), any('\'')), _mm_or_si128(any('\t'), any('\n')));
    return static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(common, own)));
  }
#endif

  static char* skip(char* at, Class stop) noexcept {
#ifdef __SSE2__
    while (true) {
      if (const auto hits = stops(_mm_loadu_si128(reinterpret_cast<const __m128i*>(at)), stop); hits != 0)
        return at + __builtin_ctz(hits);
      at += 16;
    }
#else
    while (!is(*at, stop)) ++at;
    return at;
#endif
  }
};

}  // namespace

/// One parse: bytes to records. `at_` never passes `end_`, where a NUL stands.
class Builder {
 public:
  Builder(Document& document, char* text, std::size_t size, References references)
      : document_(document),
        at_(text),
        end_(text + size),
        tail_(&document.first_),
        keep_(references == References::keep) {}

  bool run() {
    while (true) {
      if (*at_ != '<' && !text()) return false;
      if (at_ == end_) return open_ == nullptr && any_element_;
      if (*at_ != '<') return false;  // a NUL
      ++at_;
      const bool sound = is(*at_, kStart) ? start_tag()
                         : *at_ == '/'    ? end_tag()
                         : *at_ == '!'    ? declaration()
                         : *at_ == '?'    ? instruction()
                                          : false;
      if (!sound) return false;
    }
  }

 private:
  template <class Record>
  Record* make() {
    return new (document_.allocate(sizeof(Record))) Record;
  }

  NodeRecord* append(Kind kind, const char* text, std::size_t size) {
    auto* const node = make<NodeRecord>();
    *node = {text, static_cast<std::uint32_t>(size), kind, open_, nullptr, nullptr, nullptr};
    *tail_ = node;
    tail_ = &node->next;
    return node;
  }

  void skip_space() noexcept {
    while (is(*at_, kSpace)) ++at_;
  }
  void skip_name() noexcept {
    while (is(*at_, kName)) ++at_;
  }

  // Behind the next `mark`; false if there is none.
  bool skip_behind(std::string_view mark) noexcept {
    const auto found = std::string_view(at_, static_cast<std::size_t>(end_ - at_)).find(mark);
    if (found == std::string_view::npos) return false;
    at_ += found + mark.size();
    return true;
  }
  [[nodiscard]] bool starts_with(std::string_view mark) const noexcept {
    return std::string_view(at_, static_cast<std::size_t>(end_ - at_)).starts_with(mark);
  }

  // Character data up to the next tag or the end. Beside the root element it is nobody's.
  bool text() {
    if (open_ == nullptr) {
      at_ = find(at_, end_, '<');
      return true;
    }
    char* const start = at_;
    Squeeze squeeze{at_, at_};
    while (true) {
      squeeze.plain(kEndsText);
      if (*squeeze.from == '&') {
        if (!reference(squeeze)) return false;
      } else if (*squeeze.from == '\r') {
        *squeeze.to++ = '\n';
        squeeze.from += squeeze.from[1] == '\n' ? 2 : 1;
      } else {
        break;
      }
    }
    at_ = squeeze.from;
    append(Kind::text, start, static_cast<std::size_t>(squeeze.to - start));
    return true;
  }

  // A reference becomes its character. Longer than the character's UTF-8, whatever it is.
  bool reference(Squeeze& squeeze) const {
    const auto found = char_reference({squeeze.from, static_cast<std::size_t>(end_ - squeeze.from)});
    if (found.size == 0) {
      *squeeze.to++ = *squeeze.from++;
      return keep_;
    }
    squeeze.from += found.size;
    squeeze.to = put_utf8(squeeze.to, found.character);
    return true;
  }

  bool start_tag() {
    const char* const name = at_;
    skip_name();
    any_element_ = true;
    auto* const node = append(Kind::element, name, static_cast<std::size_t>(at_ - name));
    auto** last = &node->first_attribute;
    while (true) {
      const char* const before = at_;
      skip_space();
      if (*at_ == '>') {
        ++at_;
        open_ = node;
        tail_ = &node->first_child;
        return true;
      }
      if (*at_ == '/') {
        at_ += 2;
        return at_[-1] == '>';
      }
      if (before == at_ || !is(*at_, kStart)) return false;  // no space before the attribute, or no attribute
      auto* const attribute = make<AttributeRecord>();
      if (!read_attribute(*attribute)) return false;
      *last = attribute;
      last = &attribute->next;
    }
  }

  bool read_attribute(AttributeRecord& into) {
    const char* const name = at_;
    skip_name();
    into.name = name;
    into.name_size = static_cast<std::uint32_t>(at_ - name);
    into.next = nullptr;
    skip_space();
    if (*at_ != '=') return false;
    ++at_;
    skip_space();
    const char quote = *at_;
    if (quote != '"' && quote != '\'') return false;
    ++at_;
    into.value = at_;
    Squeeze squeeze{at_, at_};
    while (true) {
      squeeze.plain(kEndsValue);
      const char c = *squeeze.from;
      if (c == quote) break;
      if (c == '&') {
        if (!reference(squeeze)) return false;
      } else if (c == '\r' || c == '\n' || c == '\t') {  // XML 1.0, 3.3.3
        *squeeze.to++ = ' ';
        squeeze.from += c == '\r' && squeeze.from[1] == '\n' ? 2 : 1;
      } else if (c == 0) {
        return false;
      } else {
        *squeeze.to++ = *squeeze.from++;  // the other quote
      }
    }
    into.value_size = static_cast<std::uint32_t>(squeeze.to - into.value);
    at_ = squeeze.from + 1;
    return true;
  }

  bool end_tag() {
    ++at_;
    if (open_ == nullptr) return false;
    const char* const name = at_;
    skip_name();
    if (std::string_view(name, static_cast<std::size_t>(at_ - name)) != std::string_view(open_->text, open_->size))
      return false;
    skip_space();
    if (*at_ != '>') return false;
    ++at_;
    tail_ = &open_->next;
    open_ = open_->parent;
    return true;
  }

  bool instruction() {
    ++at_;
    return is(*at_, kStart) && skip_behind("?>");
  }

  bool declaration() {
    ++at_;
    if (starts_with("--")) {
      at_ += 2;
      return skip_behind("-->");
    }
    if (starts_with("[CDATA[")) {
      at_ += 7;
      return character_data();
    }
    if (starts_with("DOCTYPE") && open_ == nullptr) {
      at_ += 7;
      return document_type();
    }
    return false;
  }

  bool character_data() {
    char* const start = at_;
    if (!skip_behind("]]>")) return false;
    char* const stop = at_ - 3;
    if (open_ == nullptr) return true;
    char* to = find(start, stop, '\r');
    for (const char* from = to; from != stop; ++from) {
      if (*from != '\r') {
        *to++ = *from;
      } else if (from[1] != '\n' || from + 1 == stop) {
        *to++ = '\n';
      }
    }
    append(Kind::cdata, start, static_cast<std::size_t>(to - start));
    return true;
  }

  // XML 1.0, production 28: nested declarations, literals, comments and instructions.
  bool document_type() {
    std::size_t depth = 0;
    while (at_ != end_) {
      const char c = *at_++;
      if (c == '"' || c == '\'') {
        if (!skip_behind({&c, 1})) return false;
      } else if (c == '>') {
        if (depth == 0) return true;
        --depth;
      } else if (c == '<') {
        if (starts_with("!--")) {
          at_ += 3;
          if (!skip_behind("-->")) return false;
        } else if (*at_ == '?') {
          if (!skip_behind("?>")) return false;
        } else if (*at_ == '!' && at_[1] != '[') {
          ++depth;
        } else {
          return false;
        }
      }
    }
    return false;
  }

  Document& document_;
  char* at_;
  char* const end_;
  NodeRecord** tail_;           ///< where the next node is hung
  NodeRecord* open_ = nullptr;  ///< the innermost element that is open
  bool any_element_ = false;
  bool keep_;
};

bool Document::parse(char* text, std::size_t size, References references) {
  reset();
  if (Builder(*this, text, size, references).run()) return true;
  reset();
  return false;
}

void Document::reset() noexcept {
  first_ = nullptr;
  chunk_ = 0;
  free_ = chunks_.empty() ? nullptr : chunks_.front().memory.get();
  free_end_ = chunks_.empty() ? nullptr : free_ + chunks_.front().size;
}

void* Document::allocate(std::size_t bytes) {
  if (static_cast<std::size_t>(free_end_ - free_) < bytes) {
    if (!chunks_.empty()) ++chunk_;
    if (chunk_ == chunks_.size()) {
      const auto size = chunks_.empty() ? kFirstChunk : std::min(chunks_.back().size * 2, kLargestChunk);
      chunks_.push_back({std::make_unique_for_overwrite<std::byte[]>(size), size});
    }
    free_ = chunks_[chunk_].memory.get();
    free_end_ = free_ + chunks_[chunk_].size;
  }
  auto* const taken = free_;
  free_ += bytes;
  return taken;
}

}  // namespace newswire::feed::detail::xml
