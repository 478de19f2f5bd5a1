#include "feed/detail/json_repair.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/text.h"

namespace newswire::feed::detail {
namespace {

constexpr auto npos = std::string_view::npos;
constexpr std::size_t kDeepest = 64;

enum class Fault : std::uint8_t { control, escape, comma, literal, truncated, count };
constexpr std::array<std::string_view, static_cast<std::size_t>(Fault::count)> kPhrases = {
    "control character in a JSON string", "unknown escape in a JSON string", "missing comma in JSON",
    "unknown word in JSON", "truncated: incomplete end of the JSON dropped"};

class JsonRepairer {
 public:
  explicit JsonRepairer(std::string_view in) : in_(in) { out_.reserve(in.size() + in.size() / 16 + 64); }

  Repaired run() {
    if (!in_.starts_with('{')) return {};
    while (at_ < in_.size() && !done_) {
      if (!token()) return {};
    }
    if (!done_) {
      if (safe_ == 0) return {};
      note(Fault::truncated);
      out_.resize(safe_);
      out_ += safe_in_items_ ? "]}" : "}";
    }
    return {std::move(out_), phrases()};
  }

 private:
  enum class Due : std::uint8_t { key, colon, value };
  struct Open {
    char kind;           ///< '{' or '['
    bool items = false;  ///< the array of the feed's items
    Due due = Due::value;
    bool filled = false;       ///< a value stands there that no comma follows yet
    std::size_t comma = npos;  ///< where a comma stands that no value follows yet
  };

  void note(Fault fault) noexcept { ++faults_[static_cast<std::size_t>(fault)]; }

  // One token. False: this is no JSON.
  bool token() {
    const char c = in_[at_];
    if (is_space(c)) {
      ++at_;
      return true;
    }
    if (c == '/') return comment();
    switch (c) {
      case '{':
      case '[': return open(c);
      case '}':
      case ']': return close(c);
      case ',': return comma();
      case ':':
        if (open_[depth_ - 1].due != Due::colon) return false;
        open_[depth_ - 1].due = Due::value;
        out_ += c;
        ++at_;
        return true;
      case '"': return string();
      default: return word();
    }
  }

  bool comment() {
    const auto rest = in_.substr(at_);
    const std::string_view closing = rest.starts_with("//") ? "\n" : rest.starts_with("/*") ? "*/" : "";
    if (closing.empty()) return false;
    const auto end = rest.find(closing, 2);
    at_ = end == npos ? in_.size() : at_ + end + closing.size();
    return true;
  }

  // Before a value or key. False: there must be none.
  bool begin() {
    if (depth_ == 0) return out_.empty();
    auto& top = open_[depth_ - 1];
    if (top.filled) {
      note(Fault::comma);
      out_ += ',';
    }
    top.filled = false;
    top.comma = npos;
    return true;
  }

  // After a value, or a key.
  void finish() {
    if (depth_ == 0) {
      done_ = true;
      return;
    }
    auto& top = open_[depth_ - 1];
    top.filled = true;
    top.due = top.kind == '{' ? Due::key : Due::value;
    if (depth_ == 1) {
      safe_ = out_.size();
      safe_in_items_ = false;
    } else if (depth_ == 2 && top.items) {
      safe_ = out_.size();
      safe_in_items_ = true;
    }
  }

  bool open(char kind) {
    if (depth_ == kDeepest || (depth_ > 0 && open_[depth_ - 1].due != Due::value) || !begin()) return false;
    const bool items = depth_ == 1 && kind == '[' && key_ == "items";
    out_ += kind;
    open_[depth_++] = {kind, items, kind == '{' ? Due::key : Due::value, false, npos};
    if (items) {
      safe_ = out_.size();
      safe_in_items_ = true;
    }
    ++at_;
    return true;
  }

  bool close(char kind) {
    if (depth_ == 0) return false;
    auto& top = open_[depth_ - 1];
    if ((top.kind == '{') != (kind == '}')) return false;
    if (top.kind == '{' && top.due != Due::key) return false;  // a key without a value
    if (top.comma != npos) out_.erase(top.comma);
    out_ += kind;
    --depth_;
    ++at_;
    finish();
    return true;
  }

  bool comma() {
    auto& top = open_[depth_ - 1];
    ++at_;
    if (top.filled) {
      top.comma = out_.size();
      top.filled = false;
      out_ += ',';
    }
    return true;
  }

  bool string() {
    auto& top = open_[depth_ - 1];
    if (top.due == Due::colon || !begin()) return false;
    const bool key = top.due == Due::key;
    const auto start = out_.size();
    out_ += '"';
    ++at_;
    while (at_ < in_.size() && in_[at_] != '"') character();
    if (at_ == in_.size()) return true;  // cut off
    ++at_;
    out_ += '"';
    if (!key) {
      finish();
      return true;
    }
    top.due = Due::colon;
    if (depth_ == 1) key_.assign(out_, start + 1, out_.size() - start - 2);
    return true;
  }

  void character() {
    const char c = in_[at_];
    if (c == '\\') return escape();
    ++at_;
    if (static_cast<unsigned char>(c) >= 0x20) {
      out_ += c;
      return;
    }
    note(Fault::control);
    out_ += c == '\n' ? "\\n" : c == '\t' ? "\\t" : c == '\r' ? "\\r" : " ";
  }

  // The value of "\uXXXX" at `at`, -1 if there is none.
  [[nodiscard]] int unit(std::size_t at) const noexcept {
    if (at + 6 > in_.size() || in_[at] != '\\' || in_[at + 1] != 'u') return -1;
    int value = 0;
    for (std::size_t i = at + 2; i < at + 6; ++i) {
      const char c = to_lower(in_[i]);
      if (!is_digit(c) && (c < 'a' || c > 'f')) return -1;
      value = value * 16 + (is_digit(c) ? c - '0' : c - 'a' + 10);
    }
    return value;
  }

  void escape() {
    if (at_ + 1 == in_.size()) {
      ++at_;
      return;
    }
    const char c = in_[at_ + 1];
    if (c != 'u') {
      const bool known = std::string_view("\"\\/bfnrt").find(c) != npos;
      if (known) {
        out_ += in_.substr(at_, 2);
        at_ += 2;
        return;
      }
      note(Fault::escape);
      if (c != '\'') out_ += "\\\\";
      ++at_;
      return;
    }
    const int first = unit(at_);
    if (first < 0 && in_.size() - at_ < 6 && in_.find('"', at_) == npos) {  // the text ends in it
      at_ = in_.size();
      return;
    }
    if (first < 0) {
      note(Fault::escape);
      out_ += "\\\\";
      ++at_;
      return;
    }
    const int second = unit(at_ + 6);
    const bool high = first >= 0xD800 && first < 0xDC00;
    const bool pair = high && second >= 0xDC00 && second < 0xE000;
    if (pair) {
      out_ += in_.substr(at_, 12);
      at_ += 12;
      return;
    }
    if (first >= 0xD800 && first < 0xE000) {
      note(Fault::escape);
      out_ += "\\uFFFD";
    } else {
      out_ += in_.substr(at_, 6);
    }
    at_ += 6;
  }

  // A number or literal; "undefined", "NaN", "None" and their like mean nothing.
  bool word() {
    auto end = at_;
    while (end < in_.size() && !is_space(in_[end]) && std::string_view(",:{}[]\"/").find(in_[end]) == npos) ++end;
    if (end == at_ || open_[depth_ - 1].due != Due::value || !begin()) return false;
    const auto word = in_.substr(at_, end - at_);
    at_ = end;
    if (end == in_.size()) return true;  // who knows what it would have been
    if (word == "true" || word == "false" || word == "null" || is_number(word)) {
      out_ += word;
    } else {
      note(Fault::literal);
      out_ += "null";
    }
    finish();
    return true;
  }

  static bool is_number(std::string_view text) noexcept {
    const auto digits = [&text] {
      std::size_t size = 0;
      while (size < text.size() && is_digit(text[size])) ++size;
      text.remove_prefix(size);
      return size;
    };
    if (text.starts_with('-')) text.remove_prefix(1);
    const bool zero = text.starts_with('0');
    const auto whole = digits();
    if (whole == 0 || (zero && whole > 1)) return false;
    if (text.starts_with('.')) {
      text.remove_prefix(1);
      if (digits() == 0) return false;
    }
    if (text.starts_with('e') || text.starts_with('E')) {
      text.remove_prefix(1);
      if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
      const auto zeros = std::min(text.find_first_not_of('0'), text.size());
      const auto exponent = digits();
      constexpr std::size_t kMostDigits = 9;  // Boost.JSON refuses what does not fit into an int
      if (exponent == 0 || exponent - zeros > kMostDigits) return false;
    }
    return text.empty();
  }

  std::vector<std::string> phrases() const {
    std::vector<std::string> list;
    for (std::size_t i = 0; i < faults_.size(); ++i) {
      if (faults_[i] == 0) continue;
      list.emplace_back(kPhrases[i]);
      if (faults_[i] > 1) list.back() += " (" + std::to_string(faults_[i]) + " times)";
    }
    return list;
  }

  std::string_view in_;
  std::size_t at_ = 0;
  std::string out_;
  std::array<Open, kDeepest> open_{};
  std::size_t depth_ = 0;
  std::string key_;             ///< the last one of the root
  std::size_t safe_ = 0;        ///< where the output could end
  bool safe_in_items_ = false;  ///< between two items
  bool done_ = false;
  std::array<std::size_t, static_cast<std::size_t>(Fault::count)> faults_{};
};

}  // namespace

Repaired repair_json(std::string_view text) { return JsonRepairer(text).run(); }

}  // namespace newswire::feed::detail
