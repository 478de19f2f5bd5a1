#include "serve/detail/status_page.h"

namespace newswire::serve {

namespace {

constexpr std::string_view kIndex =
#include "index.html.inc"
    ;
constexpr std::string_view kStyle =
#include "style.css.inc"
    ;
constexpr std::string_view kScript =
#include "app.js.inc"
    ;
constexpr std::string_view kPlots =
#include "plots.js.inc"
    ;
constexpr std::string_view kIcon =
#include "icon.svg.inc"
    ;

}  // namespace

std::optional<PageFile> page_file(std::string_view path) noexcept {
  if (path == "/" || path == "/index.html") return PageFile{"text/html; charset=utf-8", kIndex};
  if (path == "/style.css") return PageFile{"text/css; charset=utf-8", kStyle};
  if (path == "/app.js") return PageFile{"text/javascript; charset=utf-8", kScript};
  if (path == "/plots.js") return PageFile{"text/javascript; charset=utf-8", kPlots};
  if (path == "/icon.svg") return PageFile{"image/svg+xml", kIcon};
  return std::nullopt;
}

}  // namespace newswire::serve
