#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace newswire::fetch::detail {

/// Starts with the magic bytes of gzip (RFC 1952)?
bool is_gzip(std::string_view bytes) noexcept;

struct Plain {
  std::string bytes;
  bool cut = false;  ///< there was more than `most`, or the compressed data breaks off
};

/// The content of a gzip file, of all its members, at most `most` bytes. Nothing if not even a beginning can be read.
/// Pure.
std::optional<Plain> gunzip(std::string_view bytes, std::size_t most);

}  // namespace newswire::fetch::detail
