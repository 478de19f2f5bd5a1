#pragma once

#include <array>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "config/detail/value.h"

/// The table that drives everything: one row a key, with how to read, print and explain it.
namespace newswire::config::detail {

template <class T>
struct Key {
  std::string_view path;  ///< dotted, inside T
  std::string_view type;
  std::string_view meaning;
  std::function<void(const Node&, T&, const Context&)> read;
  std::function<std::string(const T&, bool hide)> print;  ///< YAML on one line; null: not printed (a shorthand)
  bool restart = false;
};

const std::vector<Key<FeedSettings>>& feed_keys();
const std::vector<Key<Config>>& config_keys();

/// Keys that the parser handles by itself (feeds, include, outputs, groups): for the manual.
struct PlainKey {
  std::string_view path;
  std::string_view type;
  std::string_view default_value;
  std::string_view meaning;
};
const std::vector<PlainKey>& structural_keys();

inline constexpr std::array kHttpVersions = {std::pair{std::string_view("auto"), HttpVersion::automatic},
                                             std::pair{std::string_view("1.1"), HttpVersion::http1}};

// Rows. `at` gives the field: [](auto& c) -> auto& { return c.spool.dir; }

template <class T, class At>
Key<T> flag(std::string_view path, At at, std::string_view meaning) {
  return {path, "bool", meaning,
          [at](const Node& node, T& to, const Context& context) {
            if (const auto value = read_bool(node, context)) at(to) = *value;
          },
          [at](const T& from, bool) { return std::string(at(from) ? "true" : "false"); }};
}

template <class T, class At>
Key<T> count(std::string_view path, At at, std::uint32_t low, std::uint32_t high, std::string_view meaning) {
  return {path, "number", meaning,
          [at, low, high](const Node& node, T& to, const Context& context) {
            if (const auto value = read_count(node, context, low, high)) at(to) = static_cast<std::uint32_t>(*value);
          },
          [at](const T& from, bool) { return std::to_string(at(from)); }};
}

template <class T, class At>
Key<T> real(std::string_view path, At at, double low, double high, std::string_view meaning) {
  return {path, "number", meaning,
          [at, low, high](const Node& node, T& to, const Context& context) {
            if (const auto value = read_real(node, context, low, high)) at(to) = *value;
          },
          [at](const T& from, bool) { return print_real(at(from)); }};
}

template <class T, class At>
Key<T> fraction(std::string_view path, At at, double high, std::string_view meaning) {
  return {path, "share", meaning,
          [at, high](const Node& node, T& to, const Context& context) {
            if (const auto value = read_fraction(node, context, high)) at(to) = *value;
          },
          [at](const T& from, bool) { return print_real(at(from) * 100) + '%'; }};
}

template <class T, class At>
Key<T> size(std::string_view path, At at, Bytes low, Bytes high, std::string_view meaning) {
  return {path, "size", meaning,
          [at, low, high](const Node& node, T& to, const Context& context) {
            if (const auto value = read_bytes(node, context, low, high)) at(to) = *value;
          },
          [at](const T& from, bool) { return to_string(at(from)); }};
}

template <class T, class At>
Key<T> duration(std::string_view path, At at, std::chrono::milliseconds low, std::chrono::milliseconds high,
                std::string_view meaning) {
  return {path, "duration", meaning,
          [at, low, high](const Node& node, T& to, const Context& context) {
            using Field = std::remove_reference_t<decltype(at(to))>;
            const auto grain = std::chrono::duration_cast<std::chrono::milliseconds>(Field{1});
            if (const auto value = read_duration(node, context, grain, low, high))
              at(to) = std::chrono::duration_cast<Field>(*value);
          },
          [at](const T& from, bool) { return to_string(std::chrono::milliseconds(at(from))); }};
}

template <class T, class At>
Key<T> path(std::string_view name, At at, std::string_view meaning) {
  return {name, "path", meaning,
          [at](const Node& node, T& to, const Context& context) {
            if (node.is_scalar() && node.text.empty()) {
              at(to).clear();
            } else if (auto value = read_path(node, context)) {
              at(to) = std::move(*value);
            }
          },
          [at](const T& from, bool) { return print_text(at(from).string()); }};
}

template <class T, class At>
Key<T> text(std::string_view path, At at, std::string (*check)(std::string_view), std::string_view meaning,
            std::string (*shown)(std::string_view) = nullptr) {
  return {path, "text", meaning,
          [at, check](const Node& node, T& to, const Context& context) {
            auto value = read_text(node, context);
            if (!value) return;
            if (check != nullptr) {
              if (auto wrong = check(*value); !wrong.empty()) return context.error(node, std::move(wrong));
            }
            at(to) = std::move(*value);
          },
          [at, shown](const T& from, bool hide) {
            return print_text(hide && shown != nullptr ? shown(at(from)) : at(from));
          }};
}

template <class T, class At>
Key<T> texts(std::string_view path, At at, std::string (*check)(std::string_view), std::string_view meaning) {
  return {path, "list of texts", meaning,
          [at, check](const Node& node, T& to, const Context& context) {
            auto value = read_texts(node, context);
            if (!value) return;
            for (std::size_t i = 0; check != nullptr && i < value->size(); ++i) {
              auto wrong = check((*value)[i]);
              if (!wrong.empty()) return context.error(node.is_sequence() ? *node.items[i] : node, std::move(wrong));
            }
            at(to) = std::move(*value);
          },
          [at](const T& from, bool) { return print_texts(at(from)); }};
}

template <class T, class At, class Enum, std::size_t N>
Key<T> choice(std::string_view path, At at, const std::array<std::pair<std::string_view, Enum>, N>& choices,
              std::string_view meaning) {
  return {path, "one of", meaning,
          [at, choices](const Node& node, T& to, const Context& context) {
            std::vector<std::string_view> names;
            for (const auto& entry : choices) names.push_back(entry.first);
            if (const auto number = read_choice(node, context, names)) at(to) = choices.at(*number).second;
          },
          [at, choices](const T& from, bool) {
            for (const auto& [name, value] : choices) {
              if (value == at(from)) return std::string(name);
            }
            return std::string();
          }};
}

/// Any other type, by its pair of functions.
template <class T, class At, class Read, class Print>
Key<T> other(std::string_view path, std::string_view type, At at, Read read, Print print, std::string_view meaning) {
  return {path, type, meaning,
          [at, read](const Node& node, T& to, const Context& context) {
            if (auto value = read(node, context)) at(to) = std::move(*value);
          },
          [at, print](const T& from, bool hide) { return print(at(from), hide); }};
}

template <class T>
Key<T> at_restart(Key<T> key) {
  key.restart = true;
  return key;
}

/// Reads a section: each entry by its row, deeper sections too. An unknown key goes to `unknown_key(key, value,
/// names)`, with the names that would have been known there; it returns true if it was not unknown after all.
template <class T, class Unknown>
void read_section(const Node& map, const std::vector<Key<T>>& table, const std::string& prefix, T& to,
                  const Context& context, const Unknown& unknown_key) {
  for (const auto& [key, value] : map.entries) {
    const auto path = prefix + key->text;
    const auto inside = path + '.';
    const Key<T>* row = nullptr;
    bool section = false;
    for (const auto& candidate : table) {
      if (candidate.path == path) row = &candidate;
      if (candidate.path.starts_with(inside)) section = true;
    }
    if (section && (value->is_map() || value->is_null())) {
      read_section(*value, table, inside, to, context, unknown_key);
    } else if (row != nullptr) {
      row->read(*value, to, context);
    } else if (section) {
      context.error(*value, "\"" + key->text + "\" is a section: its keys stand below it, or in { }");
    } else {
      std::vector<std::string_view> names;
      for (const auto& candidate : table) {
        if (!candidate.path.starts_with(prefix)) continue;
        const auto name = candidate.path.substr(prefix.size(), candidate.path.find('.', prefix.size()) - prefix.size());
        if (names.empty() || names.back() != name) names.push_back(name);
      }
      unknown_key(*key, *value, prefix, std::move(names));
    }
  }
}

}  // namespace newswire::config::detail
