#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace newswire {

/// A number and its noun, for people: "1 feed", "2 feeds", "0 feeds"; `many` where it is not `one` with an s.
inline std::string count_of(std::uint64_t number, std::string_view one, std::string_view many = {}) {
  std::string text = std::to_string(number) + ' ';
  text += number == 1 || many.empty() ? one : many;
  if (number != 1 && many.empty()) text += 's';
  return text;
}

}  // namespace newswire
