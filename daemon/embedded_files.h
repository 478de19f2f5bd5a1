#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace newswire::daemon {

/// A file that was built into the binary (cmake/embed.cmake).
struct EmbeddedFile {
  const char* name;
  const unsigned char* bytes;
  std::size_t size;
};
std::span<const EmbeddedFile> embedded_files();

}  // namespace newswire::daemon
