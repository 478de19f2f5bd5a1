#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace newswire::config::detail {

struct Place {
  std::uint32_t line = 0;    ///< 1-based; 0: no place
  std::uint32_t column = 0;  ///< 1-based
};

struct Node;
using NodePtr = std::shared_ptr<const Node>;

/// A YAML value with its place. Aliases share the node they name; merge keys ("<<") are already merged.
struct Node {
  enum class Kind : std::uint8_t { null, scalar, sequence, map };
  Kind kind = Kind::null;
  Place place;
  std::string text;                                  ///< scalar
  std::vector<NodePtr> items;                        ///< sequence
  std::vector<std::pair<NodePtr, NodePtr>> entries;  ///< map; keys are scalars, no key twice

  bool is_null() const { return kind == Kind::null; }
  bool is_scalar() const { return kind == Kind::scalar; }
  bool is_sequence() const { return kind == Kind::sequence; }
  bool is_map() const { return kind == Kind::map; }
  /// The value of `key` in a map, or null.
  const Node* find(std::string_view key) const;
};

struct Problem {
  Place place;
  Errc code = Errc::invalid;
  std::string what;
};

/// The document in `text`. Items of the list `feeds` (or of a document that is a list itself) are handed to `on_feed`
/// one by one and not kept, so that memory does not grow with their number; the list stays as an empty one. What is
/// wrong goes to `problems`; after a syntax error the null pointer is returned. Bounds: nesting 64, 100,000 keys in a
/// map, 20 million nodes after expansion of aliases.
NodePtr read_yaml(std::string_view text, const std::function<void(const NodePtr&)>& on_feed,
                  std::vector<Problem>& problems);

/// A text that two nodes share when they say the same, whatever their places and order of lines.
std::string fingerprint(const Node& node);

}  // namespace newswire::config::detail
