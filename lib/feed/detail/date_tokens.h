#pragma once

#include <array>
#include <charconv>
#include <cstdint>
#include <string_view>

#include "base/text.h"

namespace newswire::feed::detail {

/// A number, a word or a sign of a date.
struct Token {
  enum class Kind : std::uint8_t { number, word, sign } kind = Kind::sign;
  std::string_view text;
  std::int64_t value = 0;  ///< of a number
  bool after_space = false;
};

/// A text as tokens; a word of a script without spaces is one token a character.
class Tokens {
 public:
  explicit Tokens(std::string_view text) {
    bool space = false;
    while (!text.empty()) {
      if (text.front() == ' ') {
        space = true;
        text.remove_prefix(1);
        continue;
      }
      if (count_ == kMost) {
        overflow_ = true;
        return;
      }
      auto& token = tokens_[count_++];
      token.after_space = space;
      space = false;
      std::size_t size = 1;
      const auto c = static_cast<unsigned char>(text.front());
      if (is_digit(text.front())) {
        while (size < text.size() && is_digit(text[size])) ++size;
        token.kind = Token::Kind::number;
        if (size > 18 || std::from_chars(text.data(), text.data() + size, token.value).ec != std::errc{})
          overflow_ = true;
      } else if (is_alpha(text.front()) || c >= 0x80) {
        token.kind = Token::Kind::word;
        size = word_size(text);
      }
      token.text = text.substr(0, size);
      text.remove_prefix(size);
    }
  }

  [[nodiscard]] std::size_t size() const noexcept { return count_; }
  [[nodiscard]] bool overflow() const noexcept { return overflow_; }
  [[nodiscard]] const Token& at(std::size_t i) const noexcept {
    static constexpr Token kNone{};
    return i < count_ ? tokens_[i] : kNone;
  }
  [[nodiscard]] bool is_number(std::size_t i) const noexcept { return at(i).kind == Token::Kind::number; }
  [[nodiscard]] bool is(std::size_t i, std::string_view text) const noexcept {
    return i < count_ && tokens_[i].text == text;
  }
  /// A sign or number that directly follows what is before it.
  [[nodiscard]] bool joined(std::size_t i) const noexcept { return i < count_ && !tokens_[i].after_space; }

 private:
  static constexpr std::size_t kMost = 48;  // more is no date
  static bool is_ideograph(char32_t c) noexcept { return (c >= 0x3040 && c <= 0x9FFF) || (c >= 0xAC00 && c <= 0xD7AF); }

  static std::size_t word_size(std::string_view text) noexcept {
    std::size_t size = 0;
    while (size < text.size()) {
      const char c = text[size];
      if (static_cast<unsigned char>(c) < 0x80) {
        if (!is_alpha(c)) break;
        ++size;
        continue;
      }
      const auto step = decode_utf8(text.substr(size));
      if (is_ideograph(step.value)) return size == 0 ? step.size : size;
      size += step.size;
    }
    return size;
  }

  std::array<Token, kMost> tokens_;
  std::size_t count_ = 0;
  bool overflow_ = false;
};

}  // namespace newswire::feed::detail
