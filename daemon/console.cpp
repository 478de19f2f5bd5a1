#include "console.h"

#include <unistd.h>

#include <iostream>

#include "base/text.h"

namespace newswire::daemon {
namespace {

// One line for a terminal: input cannot move the cursor or fake a line.
std::string one_line(std::string_view text, std::size_t limit) {
  auto line = fold_space(text);
  for (auto& c : line) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = '?';
  }
  if (line.size() <= limit) return line;
  return std::string(cut_utf8(line, limit)) + "…";
}

}  // namespace

void print_poll(const ingest::PollReport& report) {
  static const bool colour = isatty(STDOUT_FILENO) == 1;
  const auto* const bold = colour ? "\x1b[1m" : "";
  const auto* const dim = colour ? "\x1b[2m" : "";
  const auto* const plain = colour ? "\x1b[0m" : "";
  if (report.failed) {
    std::cout << '[' << report.feed.id << "] " << report.outcome << ": " << one_line(report.error, 300) << '\n';
  }
  for (const auto& article : report.articles) {
    std::cout << dim << '[' << report.feed.id << "] " << plain;
    if (article.event == article::Event::updated) std::cout << "updated: ";
    std::cout << bold << one_line(article.title.empty() ? article.content_text : article.title, 120) << plain << '\n';
    for (const auto& repair : article.repairs)
      std::cout << dim << "    repaired: " << one_line(repair, 120) << plain << '\n';
    for (const auto& removal : article.stripped) {
      std::cout << "    stripped " << removal.rule << " (" << removal.where << "): " << dim
                << one_line(removal.text, 100) << plain << '\n';
    }
    for (const auto& teaser : article.related)
      std::cout << "    related: " << dim << one_line(teaser.title, 100) << plain << '\n';
  }
  std::cout.flush();
}

}  // namespace newswire::daemon
