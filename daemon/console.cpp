#include "console.h"

#include <unistd.h>

#include <iostream>

#include "printable.h"

namespace newswire::daemon {
void print_poll(const ingest::PollReport& report) {
  static const bool colour = isatty(STDOUT_FILENO) == 1;
  const auto* const bold = colour ? "\x1b[1m" : "";
  const auto* const dim = colour ? "\x1b[2m" : "";
  const auto* const plain = colour ? "\x1b[0m" : "";
  if (report.failed) {
    std::cout << '[' << report.feed.id << "] " << report.outcome << ": " << printable_line(report.error, 300) << '\n';
  }
  for (const auto& article : report.articles) {
    std::cout << dim << '[' << report.feed.id << "] " << plain;
    if (article.event == article::Event::updated) std::cout << "updated: ";
    std::cout << bold << printable_line(article.title.empty() ? article.content_text : article.title, 120) << plain
              << '\n';
    for (const auto& repair : article.repairs)
      std::cout << dim << "    repaired: " << printable_line(repair, 120) << plain << '\n';
    for (const auto& removal : article.stripped) {
      std::cout << "    stripped " << removal.rule << " (" << removal.where << "): " << dim
                << printable_line(removal.text, 100) << plain << '\n';
    }
    for (const auto& teaser : article.related)
      std::cout << "    related: " << dim << printable_line(teaser.title, 100) << plain << '\n';
  }
  std::cout.flush();
}

}  // namespace newswire::daemon
