#include "clean/detail/atom_finder.h"

#include <algorithm>
#include <bit>

#include "base/text.h"
#include "clean/detail/required_text.h"

namespace newswire::clean {

namespace {

constexpr std::size_t kHead = 4;    // bytes of an atom that nearly always tell that it is not there
constexpr unsigned kHeadBits = 15;  // of the hash of a head

std::uint64_t byte_at(std::string_view text, std::size_t at) noexcept { return static_cast<unsigned char>(text[at]); }

// Up to eight bytes as a number, the first one lowest.
std::uint64_t word_of(std::string_view text) noexcept {
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < std::min(text.size(), sizeof word); ++i) word |= byte_at(text, i) << (8 * i);
  return word;
}

std::uint64_t first_bytes(std::uint64_t word, std::size_t size) noexcept {
  return word & (~std::uint64_t{0} >> (64 - 8 * size));
}

std::size_t hash(std::uint64_t word, unsigned bits) noexcept { return (word * 0x9E3779B97F4A7C15U) >> (64 - bits); }

std::size_t hash_of_head(std::uint64_t word, std::size_t size) noexcept {
  return hash(first_bytes(word, std::min(size, kHead)), kHeadBits);
}

}  // namespace

AtomFinder::AtomFinder(const std::vector<std::string>& atoms)
    : sizes_(std::size_t{1} << kHeadBits), slot_bits_(static_cast<unsigned>(std::bit_width(2 * atoms.size() + 1))) {
  slots_.resize(std::size_t{1} << slot_bits_);
  for (std::uint32_t atom = 0; atom < atoms.size(); ++atom) {
    const auto size = atoms[atom].size();
    if (size < kMinRequired || size > kMaxRequired) continue;
    const auto word = word_of(atoms[atom]);
    sizes_[hash_of_head(word, size)] |= static_cast<std::uint8_t>(1U << (size - kMinRequired));
    auto at = hash(word, slot_bits_);
    while (slots_[at].size != 0) at = (at + 1) & (slots_.size() - 1);
    slots_[at] = {word, atom, static_cast<std::uint32_t>(size)};
  }
}

void AtomFinder::find(std::string_view text, std::vector<std::uint32_t>& found) const {
  found.clear();
  auto word = word_of(text);
  for (auto left = text.size(); left >= kMinRequired; --left) {
    // The sizes of the atoms that may begin here, a bit each; an atom of three bytes is its own head.
    unsigned sizes = (sizes_[hash_of_head(word, kHead)] & ~1U) | (sizes_[hash_of_head(word, kMinRequired)] & 1U);
    for (; sizes != 0; sizes &= sizes - 1) {
      const auto size = kMinRequired + static_cast<std::size_t>(std::countr_zero(sizes));
      if (size > left) break;
      const auto wanted = first_bytes(word, size);
      for (auto at = hash(wanted, slot_bits_); slots_[at].size != 0; at = (at + 1) & (slots_.size() - 1)) {
        if (slots_[at].word != wanted || slots_[at].size != size) continue;
        found.push_back(slots_[at].atom);
        break;
      }
    }
    word >>= 8;
    if (left > sizeof word) word |= byte_at(text, text.size() - left + sizeof word) << 56;
  }
}

namespace {

char32_t lower_of(char32_t c) noexcept {
  if (c < 0xC0) return c == 0xB5 ? 0x3BC : c;
  if ((c >= 0xC0 && c <= 0xDE && c != 0xD7)) return c + 32;
  if (c < 0x100) return c;
  if (c <= 0x17F) {
    if (c == 0x130) return 'i';
    if (c == 0x178) return 0xFF;
    if (c == 0x17F) return 's';
    const bool odd_pairs = (c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E);
    if (c == 0x138 || c == 0x149) return c;
    return ((c & 1) != 0) == odd_pairs ? c + 1 : c;
  }
  if (c >= 0x218 && c <= 0x21B) return (c & 1) == 0 ? c + 1 : c;
  if (c == 0x386) return 0x3AC;
  if (c >= 0x388 && c <= 0x38A) return c + 37;
  if (c == 0x38C) return 0x3CC;
  if (c == 0x38E || c == 0x38F) return c + 63;
  if (c >= 0x391 && c <= 0x3AB) return c + 32;
  if (c >= 0x410 && c <= 0x42F) return c + 32;
  if (c >= 0x400 && c <= 0x40F) return c + 80;
  if (c >= 0x460 && c <= 0x4BF) return (c & 1) == 0 && !(c >= 0x482 && c <= 0x489) ? c + 1 : c;
  if (c >= 0x4D0 && c <= 0x52F) return (c & 1) == 0 ? c + 1 : c;
  if (c >= 0x1E00 && c <= 0x1EFF && c != 0x1E9E) return (c & 1) == 0 && !(c >= 0x1E96 && c <= 0x1E9F) ? c + 1 : c;
  return c;
}

}  // namespace

std::string fold_case(std::string_view text) {
  const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto* const run_end = std::find_if_not(text.begin(), text.end(), is_ascii);
    if (run_end != text.begin()) {
      const auto at = out.size();
      out.append(text.begin(), run_end);
      std::transform(text.begin(), run_end, out.begin() + static_cast<std::ptrdiff_t>(at), to_lower);
      text.remove_prefix(static_cast<std::size_t>(run_end - text.begin()));
      continue;
    }
    const auto step = decode_utf8(text);
    const auto low = lower_of(step.value);
    if (low == step.value)
      out += text.substr(0, step.size);
    else
      append_utf8(out, low);
    text.remove_prefix(step.size);
  }
  return out;
}

}  // namespace newswire::clean
