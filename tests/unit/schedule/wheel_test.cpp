#include "schedule/detail/wheel.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <vector>

namespace newswire::schedule {
namespace {

constexpr Stamp kStart = 1'700'000'000;

TEST(Wheel, GivesFeedsInTheOrderOfTheirTimes) {
  Slots slots;
  Wheel wheel(slots, kStart);
  const std::vector<std::uint32_t> waits{0, 1, 63, 64, 8191, 8192, 131'071, 131'072, 200'000, 9'000'000, 500'000'000};
  for (const auto wait : waits) {
    const auto i = slots.take();
    slots[i].state.due = kStart + wait;
    wheel.insert(i);
  }
  for (const auto wait : waits) {
    if (wait > 0) {
      EXPECT_EQ(wheel.pop(kStart + wait - 1), kNil) << wait;
    }
    const auto i = wheel.pop(kStart + wait);
    ASSERT_NE(i, kNil) << wait;
    EXPECT_EQ(slots[i].state.due, kStart + wait);
  }
  EXPECT_EQ(wheel.size(), 0U);
  EXPECT_EQ(wheel.next(), kNever);
}

TEST(Wheel, NextIsNeverLaterThanTheFirstFeed) {
  Slots slots;
  Wheel wheel(slots, kStart);
  const auto i = slots.take();
  slots[i].state.due = kStart + 3'000'000;
  wheel.insert(i);
  Stamp now = kStart;
  int steps = 0;
  while (wheel.pop(now) == kNil) {
    const auto next = wheel.next();
    ASSERT_GT(next, now);
    ASSERT_LE(next, kStart + 3'000'000);
    now = next;
    ++steps;
  }
  EXPECT_EQ(now, kStart + 3'000'000);
  EXPECT_LT(steps, 500);
}

TEST(Wheel, AgreesWithASortedMapOverAMillionRandomSteps) {
  Slots slots;
  Wheel wheel(slots, kStart);
  std::mt19937 engine(5);
  const auto random = [&] { return static_cast<Stamp>(engine()); };
  std::multimap<Stamp, std::uint32_t> model;
  Stamp now = kStart;
  std::vector<std::uint32_t> inside;
  const auto forget = [&](std::uint32_t i) {
    auto [from, to] = model.equal_range(slots[i].state.due);
    model.erase(std::find_if(from, to, [&](const auto& m) { return m.second == i; }));
    inside.erase(std::find(inside.begin(), inside.end(), i));
  };
  for (int step = 0; step < 200'000; ++step) {
    const auto what = random() % 10;
    if (what < 4 && inside.size() < 300) {
      const auto i = slots.take();
      const Stamp spans[] = {10, 5'000, 100'000, 400'000, 50'000'000};
      slots[i].state.due = std::max(now - 100 + random() % spans[random() % 5], now);
      wheel.insert(i);
      model.emplace(slots[i].state.due, i);
      inside.push_back(i);
    } else if (what < 6 && !inside.empty()) {
      const auto i = inside[random() % inside.size()];
      forget(i);
      wheel.erase(i);
      slots.give_back(i);
    } else {
      if (what == 9)
        now += random() % 100'000;
      else
        now += random() % 100;
      while (true) {
        const auto i = wheel.pop(now);
        if (i == kNil) break;
        ASSERT_EQ(slots[i].state.due, model.begin()->first);
        ASSERT_LE(slots[i].state.due, now);
        forget(i);
        slots.give_back(i);
      }
      ASSERT_TRUE(model.empty() || model.begin()->first > now);
      ASSERT_TRUE(model.empty() ? wheel.next() == kNever : wheel.next() <= model.begin()->first);
    }
    ASSERT_EQ(wheel.size(), model.size());
  }
}

TEST(Wheel, WhatIsOverdueComesFirst) {
  Slots slots;
  Wheel wheel(slots, kStart);
  ASSERT_EQ(wheel.pop(kStart + 1000), kNil);
  const auto late = slots.take();
  slots[late].state.due = kStart + 5;
  wheel.insert(late);
  const auto soon = slots.take();
  slots[soon].state.due = kStart + 1001;
  wheel.insert(soon);
  EXPECT_EQ(wheel.next(), kStart + 1000);
  EXPECT_EQ(wheel.pop(kStart + 1001), late);
  EXPECT_EQ(wheel.pop(kStart + 1001), soon);
}

}  // namespace
}  // namespace newswire::schedule
