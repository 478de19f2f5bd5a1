#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace newswire::clean {

/// Finds which of many short strings occur in a text, in one pass over it: at every byte, what follows is looked up in
/// a table of the heads of the strings, and most often that is all. (An automaton of Aho and Corasick needs three times
/// as long: its states are all over the memory.) Immutable once built; any thread.
class AtomFinder {
 public:
  /// `atoms`: all different, of kMinRequired to kMaxRequired bytes; others are never found.
  explicit AtomFinder(const std::vector<std::string>& atoms);

  /// The numbers of the atoms that occur in `text`, as often as they do, in the order of the text. `found` is cleared
  /// first. Linear: an atom of each size at most begins at a byte.
  void find(std::string_view text, std::vector<std::uint32_t>& found) const;

 private:
  struct Slot {
    std::uint64_t word = 0;  // the atom's bytes
    std::uint32_t atom = 0;
    std::uint32_t size = 0;  // 0: nothing here
  };

  std::vector<std::uint8_t> sizes_;  // by hash of a head: the sizes of the atoms that begin with it, a bit each
  unsigned slot_bits_ = 0;
  std::vector<Slot> slots_;  // by hash of the atom, or the next free one
};

/// Lower case of the alphabets that rules are written in (Latin with its accents, Greek, Cyrillic), as Unicode's simple
/// case mapping has it; other characters as they are.
std::string fold_case(std::string_view text);

}  // namespace newswire::clean
