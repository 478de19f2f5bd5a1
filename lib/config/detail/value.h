#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/config.h"
#include "config/detail/report.h"

/// Values of the file: node to value, and value to the spelling that reads back. Readers report and give nothing when
/// the node does not hold such a value.
namespace newswire::config::detail {

template <class Enum>
using Choices = std::span<const std::pair<std::string_view, Enum>>;

std::optional<std::string> read_text(const Node& node, const Context& context);
std::optional<bool> read_bool(const Node& node, const Context& context);
std::optional<std::uint64_t> read_count(const Node& node, const Context& context, std::uint64_t low,
                                        std::uint64_t high);
std::optional<double> read_real(const Node& node, const Context& context, double low, double high);
/// "10%" or 0.1
std::optional<double> read_fraction(const Node& node, const Context& context, double high);
std::optional<Bytes> read_bytes(const Node& node, const Context& context, Bytes low, Bytes high);
/// Whole multiples of `grain` between `low` and `high`.
std::optional<std::chrono::milliseconds> read_duration(const Node& node, const Context& context,
                                                       std::chrono::milliseconds grain, std::chrono::milliseconds low,
                                                       std::chrono::milliseconds high);
/// Made absolute against the file's folder, and normal.
std::optional<std::filesystem::path> read_path(const Node& node, const Context& context);
/// A list of words, or one word.
std::optional<std::vector<std::string>> read_texts(const Node& node, const Context& context);
std::optional<std::vector<std::filesystem::path>> read_paths(const Node& node, const Context& context);
std::optional<std::size_t> read_choice(const Node& node, const Context& context,
                                       const std::vector<std::string_view>& names);
/// `{file: PATH}`, `{env: NAME}` or `{credential: NAME}`; a secret written out is refused.
std::optional<Secret> read_secret_reference(const Node& node, const Context& context);
/// `{Name: value, Other: {file: PATH}}`; `cookies`: names and values as RFC 6265 has them, else as RFC 9110 has header
/// fields.
std::optional<std::vector<NamedValue>> read_named_values(const Node& node, const Context& context, bool cookies);
std::optional<Auth> read_auth(const Node& node, const Context& context);
std::optional<Initial> read_initial(const Node& node, const Context& context);
/// Sorted, no duplicates; no comma or control character inside.
std::optional<std::vector<std::string>> read_tags(const Node& node, const Context& context);

/// True if all keys of the map are among `known`; reports the others.
bool check_keys(const Node& map, const std::vector<std::string_view>& known, const Context& context);

/// A scalar as YAML: plain where that is safe also inside [ ] and { }, else in double quotes.
std::string print_text(std::string_view text);
std::string print_texts(const std::vector<std::string>& texts);
std::string print_paths(const std::vector<std::filesystem::path>& paths);
std::string print_real(double value);
std::string print_secret(const Secret& secret);
/// With `hide`, values whose name looks secret (cookies: all) become "…".
std::string print_named_values(const std::vector<NamedValue>& values, bool cookies, bool hide);
std::string print_auth(const Auth& auth);
std::string print_initial(const Initial& initial);

}  // namespace newswire::config::detail
