#include "schedule/detail/wheel.h"

#include <algorithm>
#include <bit>
#include <cassert>

namespace newswire::schedule {

Wheel::Wheel(Slots& slots, Stamp start) : slots_(slots), cursor_(start) { reset(start); }

void Wheel::reset(Stamp start) {
  cursor_ = std::min(start, kEnd);
  size_ = far_size_ = 0;
  near_.assign(kSeconds, kNil);
  far_.assign(kFarLists, kNil);
  full_.assign(kSeconds / 64, 0);
  full_words_.assign(kSeconds / 64 / 64, 0);
}

std::uint32_t& Wheel::list_of(Stamp due) noexcept {
  const Stamp when = std::clamp(due, cursor_, kEnd);
  const Stamp block = when >> kBlockBits;
  if (block - (cursor_ >> kBlockBits) < kNearBlocks) return near_[when % kSeconds];
  return far_[block % kFarLists];
}

void Wheel::link(std::uint32_t& head, std::uint32_t i) noexcept {
  slots_[i].prev = kNil;
  slots_[i].next = head;
  if (head != kNil) slots_[head].prev = i;
  head = i;
}

void Wheel::mark(Stamp second, bool full) noexcept {
  const auto word = second / 64;
  const auto bit = std::uint64_t{1} << (second % 64);
  full_[word] = full ? full_[word] | bit : full_[word] & ~bit;
  const auto word_bit = std::uint64_t{1} << (word % 64);
  full_words_[word / 64] = full_[word] != 0 ? full_words_[word / 64] | word_bit : full_words_[word / 64] & ~word_bit;
}

void Wheel::insert(std::uint32_t i) {
  auto& head = list_of(slots_[i].state.due);
  const bool is_near = &head >= near_.data() && &head < near_.data() + near_.size();
  link(head, i);
  if (is_near)
    mark(static_cast<Stamp>(&head - near_.data()), true);
  else
    ++far_size_;
  ++size_;
}

void Wheel::erase(std::uint32_t i) {
  auto& head = list_of(slots_[i].state.due);
  const bool is_near = &head >= near_.data() && &head < near_.data() + near_.size();
  const auto next = slots_[i].next;
  const auto prev = slots_[i].prev;
  if (next != kNil) slots_[next].prev = prev;
  if (prev != kNil)
    slots_[prev].next = next;
  else {
    assert(head == i);
    head = next;
  }
  if (is_near && head == kNil) mark(static_cast<Stamp>(&head - near_.data()), false);
  if (!is_near) --far_size_;
  --size_;
}

Stamp Wheel::first_full() const noexcept {
  const Stamp from = cursor_ % kSeconds;
  const auto distance = [&](Stamp second) { return cursor_ + (second + kSeconds - from) % kSeconds; };
  // The rest of the first word, then whole words by the summary, around the ring and up to the first word again.
  Stamp word = from / 64;
  if (const auto bits = full_[word] >> (from % 64); bits != 0) {
    return distance(from + static_cast<Stamp>(std::countr_zero(bits)));
  }
  constexpr Stamp kWords = kSeconds / 64;
  constexpr Stamp kGroups = kWords / 64;
  const Stamp first_group = word / 64;
  for (Stamp step = 0; step <= kGroups; ++step) {
    const Stamp group = (first_group + step) % kGroups;
    auto words = full_words_[group];
    if (step == 0) words &= word % 64 == 63 ? 0 : ~std::uint64_t{0} << (word % 64 + 1);
    if (step == kGroups) words &= (std::uint64_t{2} << (word % 64)) - 1;
    if (words == 0) continue;
    const Stamp found = group * 64 + static_cast<Stamp>(std::countr_zero(words));
    return distance(found * 64 + static_cast<Stamp>(std::countr_zero(full_[found])));
  }
  return kNever;
}

Stamp Wheel::next() const noexcept {
  const Stamp near = size_ > far_size_ ? first_full() : kNever;
  const Stamp far = far_size_ > 0 ? ((cursor_ >> kBlockBits) + 1) << kBlockBits : kNever;
  return std::min(near, far);
}

void Wheel::deal_out(Stamp block) {
  auto i = far_[block % kFarLists];
  far_[block % kFarLists] = kNil;
  while (i != kNil) {
    const auto next = slots_[i].next;
    --far_size_;
    --size_;
    insert(i);
    i = next;
  }
}

void Wheel::move_cursor(Stamp to) {
  const Stamp before = cursor_ >> kBlockBits;
  const Stamp after = to >> kBlockBits;
  cursor_ = to;
  if (after == before || far_size_ == 0) return;
  // next() stops at each block as long as there is something far, so this is one block as a rule.
  for (Stamp block = before + kNearBlocks; block < after + kNearBlocks; ++block) deal_out(block);
}

std::uint32_t Wheel::pop(Stamp now) {
  now = std::min(now, kEnd);
  while (true) {
    const Stamp when = next();
    if (when > now) {
      if (now > cursor_) move_cursor(now);
      return kNil;
    }
    if (when > cursor_) move_cursor(when);
    const auto i = near_[cursor_ % kSeconds];
    if (i == kNil) continue;  // only the start of a block; the cursor has moved
    erase(i);
    return i;
  }
}

std::size_t Wheel::bytes() const noexcept {
  return (near_.size() + far_.size()) * sizeof near_[0] + (full_.size() + full_words_.size()) * sizeof full_[0];
}

}  // namespace newswire::schedule
