#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace newswire::clean {

/// Finds which of many short strings occur in a text, in one pass over it (Aho and Corasick 1975). Immutable once
/// built; any thread.
class AtomFinder {
 public:
  explicit AtomFinder(const std::vector<std::string>& atoms);

  /// The numbers of the atoms that occur in `text`, each once, in no order. Appends nothing twice to `found`, which
  /// is cleared first.
  void find(std::string_view text, std::vector<int>& found) const;

 private:
  struct Edge {
    unsigned char byte;
    std::uint32_t to;
  };
  struct State {
    std::uint32_t edges_begin = 0;
    std::uint32_t edges_count = 0;
    std::uint32_t failure = 0;
    std::uint32_t output = 0;  // the nearest state on the failure chain, this one included, that ends an atom; 0: none
    std::int32_t atom = -1;
  };

  std::uint32_t step(std::uint32_t state, unsigned char byte) const noexcept;
  std::uint32_t step_by_edges(std::uint32_t state, unsigned char byte) const noexcept;

  std::vector<State> states_;
  std::vector<Edge> edges_;
  // The next state by byte for the root and the states that one byte leads to: where texts are most of the time. They
  // come first among the states.
  std::vector<std::uint32_t> near_;
  std::uint32_t near_states_ = 0;
  std::vector<bool> ends_;  // whether a state has an output: few have, and a bit each stays in the cache
  std::size_t atoms_ = 0;
};

/// Lower case of the alphabets that rules are written in (Latin with its accents, Greek, Cyrillic), as Unicode's simple
/// case mapping has it; other characters as they are.
std::string fold_case(std::string_view text);

}  // namespace newswire::clean
