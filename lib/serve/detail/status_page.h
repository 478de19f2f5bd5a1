#pragma once

#include <optional>
#include <string_view>

namespace newswire::serve {

/// A file of the status page, part of the binary.
struct PageFile {
  std::string_view content_type;
  std::string_view bytes;
};

/// "/", "/app.js", "/style.css", "/icon.svg"; nothing for every other path.
std::optional<PageFile> page_file(std::string_view path) noexcept;

}  // namespace newswire::serve
