#include "clean/detail/atom_finder.h"

#include <algorithm>
#include <numeric>

#include "base/text.h"

namespace newswire::clean {

AtomFinder::AtomFinder(const std::vector<std::string>& atoms) : near_(256, 0), atoms_(atoms.size()) {
  std::vector<std::uint32_t> sorted(atoms.size());
  std::iota(sorted.begin(), sorted.end(), 0U);
  std::sort(sorted.begin(), sorted.end(), [&](std::uint32_t a, std::uint32_t b) { return atoms[a] < atoms[b]; });
  // A state is a run of the sorted atoms that begin alike. Breadth first, so that the failure of a state, which is
  // nearer to the root, is known before its own.
  struct Run {
    std::size_t begin;
    std::size_t end;
    std::size_t depth;
  };
  std::vector<Run> runs = {{0, sorted.size(), 0}};
  states_.resize(1);
  for (std::uint32_t state = 0; state < runs.size(); ++state) {
    auto [begin, end, depth] = runs[state];
    states_[state].edges_begin = static_cast<std::uint32_t>(edges_.size());
    for (; begin < end && atoms[sorted[begin]].size() == depth; ++begin) {
      if (depth > 0) states_[state].atom = static_cast<std::int32_t>(sorted[begin]);
    }
    states_[state].output = states_[state].atom >= 0 ? state : states_[states_[state].failure].output;
    while (begin < end) {
      const auto byte = static_cast<unsigned char>(atoms[sorted[begin]][depth]);
      auto next = begin;
      while (next < end && static_cast<unsigned char>(atoms[sorted[next]][depth]) == byte) ++next;
      const auto to = static_cast<std::uint32_t>(runs.size());
      edges_.push_back({byte, to});
      runs.push_back({begin, next, depth + 1});
      states_.emplace_back();
      states_[to].failure = state == 0 ? 0 : step_by_edges(states_[state].failure, byte);
      if (state == 0) near_[byte] = to;
      begin = next;
    }
    states_[state].edges_count = static_cast<std::uint32_t>(edges_.size()) - states_[state].edges_begin;
  }
  ends_.reserve(states_.size());
  for (const auto& state : states_) ends_.push_back(state.output != 0);
  near_states_ = 1 + states_[0].edges_count;
  near_.reserve(std::size_t{near_states_} * 256);
  for (std::uint32_t state = 1; state < near_states_; ++state) {
    for (unsigned byte = 0; byte < 256; ++byte) near_.push_back(step_by_edges(state, static_cast<unsigned char>(byte)));
  }
}

std::uint32_t AtomFinder::step(std::uint32_t state, unsigned char byte) const noexcept {
  while (state >= near_states_) {
    const auto& here = states_[state];
    for (std::uint32_t i = 0; i < here.edges_count; ++i) {
      const auto& edge = edges_[here.edges_begin + i];
      if (edge.byte == byte) return edge.to;
    }
    state = here.failure;
  }
  return near_[std::size_t{state} * 256 + byte];
}

std::uint32_t AtomFinder::step_by_edges(std::uint32_t state, unsigned char byte) const noexcept {
  while (state != 0) {
    const auto& here = states_[state];
    for (std::uint32_t i = 0; i < here.edges_count; ++i) {
      const auto& edge = edges_[here.edges_begin + i];
      if (edge.byte == byte) return edge.to;
    }
    state = here.failure;
  }
  return near_[byte];
}

void AtomFinder::find(std::string_view text, std::vector<int>& found) const {
  found.clear();
  thread_local std::vector<bool> seen;
  seen.assign(atoms_, false);
  std::uint32_t state = 0;
  for (const char c : text) {
    state = step(state, static_cast<unsigned char>(c));
    if (!ends_[state]) continue;
    for (auto at = states_[state].output; at != 0; at = states_[states_[at].failure].output) {
      const auto atom = static_cast<std::size_t>(states_[at].atom);
      if (seen[atom]) break;  // and with it all that end in it
      seen[atom] = true;
      found.push_back(static_cast<int>(atom));
    }
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
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    if (static_cast<unsigned char>(text.front()) < 0x80) {
      out += to_lower(text.front());
      text.remove_prefix(1);
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
