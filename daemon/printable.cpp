#include "printable.h"

#include "base/text.h"

namespace newswire::daemon {

std::string printable(std::string_view text, bool lines) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto step = decode_utf8(text);
    const bool control = step.value < 0x20 || step.value == 0x7f || (step.value >= 0x80 && step.value < 0xa0);
    if (control && !(lines && step.value == '\n')) {
      out += ' ';
    } else {
      out += text.substr(0, step.size);
    }
    text.remove_prefix(step.size);
  }
  return out;
}

std::string printable_line(std::string_view text, std::size_t limit) {
  auto line = printable(fold_space(text));
  if (line.size() <= limit) return line;
  return std::string(cut_utf8(line, limit)) + "…";
}

}  // namespace newswire::daemon
