#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "base/result.h"

namespace newswire::daemon {

/// The text `name` of a request; Errc::invalid if it is missing or no text.
inline Result<std::string> text_argument(const boost::json::object& args, std::string_view name) {
  const auto* const value = args.if_contains(name);
  if (value == nullptr || !value->is_string())
    return Error{Errc::invalid, "\"" + std::string(name) + "\" must be given, as a text"};
  return std::string(value->get_string());
}

/// The text `name`; empty if it is not there.
inline std::string optional_text(const boost::json::object& args, std::string_view name) {
  const auto* const value = args.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string{};
}

/// Whether `name` is true.
inline bool flag(const boost::json::object& args, std::string_view name) {
  const auto* const value = args.if_contains(name);
  return value != nullptr && value->is_bool() && value->get_bool();
}

}  // namespace newswire::daemon
