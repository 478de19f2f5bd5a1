#include "config/detail/value.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "base/text.h"

namespace newswire::config::detail {
namespace {

constexpr std::size_t kMaxText = 8192;
constexpr std::size_t kMaxList = 10'000;

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

/// The text of a scalar that may be anything printable.
std::optional<std::string_view> scalar(const Node& node, const Context& context, std::string_view expected) {
  if (!node.is_scalar()) {
    const auto* got = node.is_null() ? "nothing" : node.is_map() ? "a map" : "a list";
    context.error(node, "here must stand " + std::string(expected) + ", not " + got);
    return {};
  }
  return std::string_view(node.text);
}

std::optional<double> number(std::string_view text) {
  double value = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (ec != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return {};
  return value;
}

}  // namespace

std::optional<std::string> read_text(const Node& node, const Context& context) {
  const auto text = scalar(node, context, "a text");
  if (!text) return {};
  if (has_control(*text)) {
    context.error(node, "the text has a control character or line break");
    return {};
  }
  if (!is_utf8(*text)) {
    context.error(node, "the text is not UTF-8");
    return {};
  }
  if (text->size() > kMaxText) {
    context.error(node, "the text is longer than 8192 bytes", Errc::too_large);
    return {};
  }
  return std::string(*text);
}

std::optional<bool> read_bool(const Node& node, const Context& context) {
  const auto text = scalar(node, context, "true or false");
  if (!text) return {};
  for (const auto word : {"true", "yes", "on"}) {
    if (iequals(*text, word)) return true;
  }
  for (const auto word : {"false", "no", "off"}) {
    if (iequals(*text, word)) return false;
  }
  context.error(node, in_quotes(*text) + " is neither true nor false");
  return {};
}

std::optional<std::uint64_t> read_count(const Node& node, const Context& context, std::uint64_t low,
                                        std::uint64_t high) {
  const auto text = scalar(node, context, "a number");
  if (!text) return {};
  std::uint64_t value = 0;
  const auto [end, ec] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (ec != std::errc{} || end != text->data() + text->size()) {
    context.error(node, in_quotes(*text) + " is not a whole number");
    return {};
  }
  if (value < low || value > high) {
    context.error(node, *text == "0" || value < low ? std::string(*text) + " is less than " + std::to_string(low)
                                                    : std::string(*text) + " is more than " + std::to_string(high));
    return {};
  }
  return value;
}

std::optional<double> read_real(const Node& node, const Context& context, double low, double high) {
  const auto text = scalar(node, context, "a number");
  if (!text) return {};
  const auto value = number(*text);
  if (!value) {
    context.error(node, in_quotes(*text) + " is not a number");
    return {};
  }
  if (*value < low || *value > high) {
    context.error(node, std::string(*text) + " is not between " + print_real(low) + " and " + print_real(high));
    return {};
  }
  return value;
}

std::optional<double> read_fraction(const Node& node, const Context& context, double high) {
  const auto text = scalar(node, context, "a share such as 10%");
  if (!text) return {};
  const auto percent = text->ends_with('%');
  auto value = number(percent ? trim(text->substr(0, text->size() - 1)) : *text);
  if (value && percent) *value /= 100;
  if (!value || *value < 0 || *value > high) {
    context.error(node, in_quotes(*text) + " is not a share between 0% and " + print_real(high * 100) + '%');
    return {};
  }
  return value;
}

std::optional<Bytes> read_bytes(const Node& node, const Context& context, Bytes low, Bytes high) {
  const auto text = scalar(node, context, "a size such as 32MiB");
  if (!text) return {};
  auto value = parse_bytes(*text);
  if (!value) {
    context.error(node, value.error().what, value.error().code);
    return {};
  }
  if (*value < low || *value > high) {
    context.error(node, *value < low ? std::string(*text) + " is less than " + to_string(low)
                                     : std::string(*text) + " is more than " + to_string(high));
    return {};
  }
  return *value;
}

std::optional<std::chrono::milliseconds> read_duration(const Node& node, const Context& context,
                                                       std::chrono::milliseconds grain, std::chrono::milliseconds low,
                                                       std::chrono::milliseconds high) {
  const auto text = scalar(node, context, "a duration such as 15m");
  if (!text) return {};
  auto value = parse_duration(*text);
  if (!value) {
    context.error(node, value.error().what, value.error().code);
    return {};
  }
  if (*value % grain != std::chrono::milliseconds{0}) {
    context.error(node, std::string(*text) + " is finer than " + to_string(grain));
    return {};
  }
  if (*value < low || *value > high) {
    context.error(node, *value < low ? std::string(*text) + " is less than " + to_string(low)
                                     : std::string(*text) + " is more than " + to_string(high));
    return {};
  }
  return *value;
}

std::optional<std::filesystem::path> read_path(const Node& node, const Context& context) {
  const auto text = read_text(node, context);
  if (!text) return {};
  if (text->empty()) {
    context.error(node, "the path is empty");
    return {};
  }
  return (context.folder / *text).lexically_normal();
}

std::optional<std::vector<std::string>> read_texts(const Node& node, const Context& context) {
  if (node.is_scalar()) {
    auto one = read_text(node, context);
    if (!one) return {};
    return std::vector<std::string>{std::move(*one)};
  }
  if (node.is_null()) return std::vector<std::string>{};
  if (!node.is_sequence()) {
    context.error(node, "here must stand a list such as [one, two], not a map");
    return {};
  }
  if (node.items.size() > kMaxList) {
    context.error(node, "a list of more than 10,000", Errc::too_large);
    return {};
  }
  std::vector<std::string> out;
  out.reserve(node.items.size());
  bool good = true;
  for (const auto& item : node.items) {
    auto text = read_text(*item, context);
    if (text) {
      out.push_back(std::move(*text));
    } else {
      good = false;
    }
  }
  if (!good) return {};
  return out;
}

std::optional<std::vector<std::filesystem::path>> read_paths(const Node& node, const Context& context) {
  const auto texts = read_texts(node, context);
  if (!texts) return {};
  std::vector<std::filesystem::path> out;
  for (const auto& text : *texts) out.push_back((context.folder / text).lexically_normal());
  return out;
}

std::optional<std::size_t> read_choice(const Node& node, const Context& context,
                                       const std::vector<std::string_view>& names) {
  const auto text = scalar(node, context, "a word");
  if (!text) return {};
  const auto found = std::find(names.begin(), names.end(), *text);
  if (found == names.end()) {
    context.error(node, unknown("value", *text, names));
    return {};
  }
  return static_cast<std::size_t>(found - names.begin());
}

bool check_keys(const Node& map, const std::vector<std::string_view>& known, const Context& context) {
  bool good = true;
  for (const auto& [key, value] : map.entries) {
    if (std::find(known.begin(), known.end(), key->text) != known.end()) continue;
    context.error(*key, unknown("key", key->text, known));
    good = false;
  }
  return good;
}

std::optional<std::vector<std::string>> read_tags(const Node& node, const Context& context) {
  auto tags = read_texts(node, context);
  if (!tags) return {};
  for (const auto& tag : *tags) {
    if (tag.empty() || tag.size() > 100 || tag.find(',') != std::string::npos || trim(tag) != tag) {
      context.error(node, "tag " + in_quotes(tag) + ": 1 to 100 bytes, no comma, no space at its ends");
      return {};
    }
  }
  std::sort(tags->begin(), tags->end());
  tags->erase(std::unique(tags->begin(), tags->end()), tags->end());
  return tags;
}

std::string print_text(std::string_view text) {
  const auto plain = [](char c) {
    return is_alnum(c) || std::string_view("._/-@+=&%:").find(c) != std::string_view::npos;
  };
  const bool safe = !text.empty() && (is_alnum(text.front()) || text.front() == '/') && text.back() != ':' &&
                    std::all_of(text.begin(), text.end(), plain) && !iequals(text, "null") &&
                    text.substr(0, 3) != "---" && text.substr(0, 3) != "...";
  if (safe) return std::string(text);
  std::string out = "\"";
  for (const auto c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7f) {
      constexpr std::string_view kDigits = "0123456789abcdef";
      out += "\\x";
      out += kDigits[byte >> 4U];
      out += kDigits[byte & 15U];
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string print_texts(const std::vector<std::string>& texts) {
  std::string out = "[";
  for (std::size_t i = 0; i < texts.size(); ++i) out += (i == 0 ? "" : ", ") + print_text(texts[i]);
  return out + ']';
}

std::string print_paths(const std::vector<std::filesystem::path>& paths) {
  std::vector<std::string> texts;
  texts.reserve(paths.size());
  for (const auto& path : paths) texts.push_back(path.string());
  return print_texts(texts);
}

std::string print_real(double value) {
  std::string out(32, '\0');
  const auto [end, ec] = std::to_chars(out.data(), out.data() + out.size(), value);
  out.resize(ec == std::errc{} ? static_cast<std::size_t>(end - out.data()) : 0);
  return out;
}

}  // namespace newswire::config::detail
