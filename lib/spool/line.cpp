#include "spool/line.h"

#include <algorithm>
#include <charconv>

#include "base/hash.h"

namespace newswire::spool {
namespace {

std::uint32_t sum_of(Seq seq, std::string_view tail) noexcept {
  return static_cast<std::uint32_t>(hash64(tail, seq.value));
}

/// Exactly 8 lower-case hexadecimal digits.
std::optional<std::uint32_t> parse_sum(std::string_view digits) noexcept {
  std::uint32_t value = 0;
  if (digits.size() != 8) return std::nullopt;
  for (const char c : digits) {
    std::uint32_t nibble = 0;
    if (c >= '0' && c <= '9') {
      nibble = static_cast<std::uint32_t>(c - '0');
    } else if (c >= 'a' && c <= 'f') {
      nibble = static_cast<std::uint32_t>(c - 'a') + 10;
    } else {
      return std::nullopt;
    }
    value = (value << 4) | nibble;
  }
  return value;
}

bool has_control(std::string_view text) noexcept {
  // Without an early exit this is vectorised; lines are short.
  unsigned found = 0;
  for (const char c : text) found |= static_cast<unsigned>(static_cast<unsigned char>(c) < 0x20);
  return found != 0;
}

}  // namespace

void append_line(std::string& out, Seq seq, std::string_view tail) {
  char digits[20];
  const auto [end, ec] = std::to_chars(digits, digits + sizeof digits, seq.value);
  (void)ec;  // 20 digits hold every 64-bit number
  out.append(kHeadStart).append(digits, end).append(kSumStart);
  constexpr std::string_view kHex = "0123456789abcdef";
  const std::uint32_t sum = sum_of(seq, tail);
  for (int shift = 28; shift >= 0; shift -= 4) out.push_back(kHex[(sum >> shift) & 15]);
  out.push_back('"');
  out.append(tail).push_back('\n');
}

std::optional<LineHead> parse_head(std::string_view line) {
  if (!line.starts_with(kHeadStart)) return std::nullopt;
  const char* const begin = line.data() + kHeadStart.size();
  const char* const limit = line.data() + std::min(line.size(), kHeadStart.size() + 20);
  if (begin == limit || *begin < '1' || *begin > '9') return std::nullopt;
  LineHead head;
  const auto [end, ec] = std::from_chars(begin, limit, head.seq.value);
  if (ec != std::errc{}) return std::nullopt;
  head.size = static_cast<std::size_t>(end - line.data());
  const auto behind = line.substr(head.size);
  if (behind.starts_with(kSumStart)) {
    const auto sum = parse_sum(behind.substr(kSumStart.size(), 8));
    const auto quote = kSumStart.size() + 8;
    if (!sum || behind.size() <= quote || behind[quote] != '"') return std::nullopt;
    head.sum = sum;
    head.size += quote + 1;
  }
  // The number must have ended: a cut line is no head with a smaller number.
  if (head.size >= line.size() || line[head.size] != ',') return std::nullopt;
  return head;
}

bool is_tail(std::string_view tail) noexcept {
  return tail.size() >= 3 && tail.front() == ',' && tail.back() == '}' && !has_control(tail);
}

bool is_sound(std::string_view line, const LineHead& head) {
  const auto tail = line.substr(head.size);
  if (head.sum && *head.sum != sum_of(head.seq, tail)) return false;
  return is_tail(tail);
}

std::optional<std::string_view> tail_of(std::string_view line) {
  const auto head = parse_head(line);
  if (!head) return std::nullopt;
  return line.substr(head->size);
}

std::optional<Time> received_of(std::string_view line) {
  constexpr std::string_view kMember = R"("received":")";
  const auto at = line.find(kMember);
  if (at == line.npos) return std::nullopt;
  const auto value = line.substr(at + kMember.size(), 40);
  const auto time = parse_rfc3339(value.substr(0, value.find('"')));
  if (!time) return std::nullopt;
  return time->utc;
}

}  // namespace newswire::spool
