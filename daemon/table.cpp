#include "table.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <utility>

#include "base/text.h"

namespace newswire::daemon {
namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kLastColumn = 24;  // it gives way down to this, then all do
constexpr std::size_t kNarrowest = 8;

bool is_wide(char32_t c) {
  constexpr std::pair<char32_t, char32_t> kWide[] = {{0x1100, 0x115F}, {0x2E80, 0xA4CF},   {0xAC00, 0xD7A3},
                                                     {0xF900, 0xFAFF}, {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},
                                                     {0xFFE0, 0xFFE6}, {0x1F300, 0x1FAFF}, {0x20000, 0x3FFFD}};
  return std::any_of(std::begin(kWide), std::end(kWide),
                     [c](const auto& range) { return c >= range.first && c <= range.second; });
}

std::string cut_to(std::string_view text, std::size_t width) {
  if (width_of(text) <= width) return std::string(text);
  std::string out;
  std::size_t taken = 1;  // the dots
  while (!text.empty()) {
    const auto step = decode_utf8(text);
    taken += is_wide(step.value) ? 2U : 1U;
    if (taken > width) break;
    out += text.substr(0, step.size);
    text.remove_prefix(step.size);
  }
  return out + "…";
}

// Makes `widths` fit into `width` together, as far as the columns allow.
void narrow(std::vector<std::size_t>& widths, const std::vector<TableColumn>& columns, std::size_t width) {
  std::size_t all = kGap * (widths.size() - 1);
  for (const auto one : widths) all += one;
  const auto least = [&columns](std::size_t i) { return std::max(kNarrowest, width_of(columns[i].name)); };
  if (all > width && !columns.back().whole && widths.back() > kLastColumn) {
    const auto less = std::min(all - width, widths.back() - kLastColumn);
    widths.back() -= less;
    all -= less;
  }
  while (all > width) {
    auto widest = widths.size();
    for (std::size_t i = 0; i < widths.size(); ++i) {
      if (columns[i].whole || widths[i] <= least(i)) continue;
      if (widest == widths.size() || widths[i] > widths[widest]) widest = i;
    }
    if (widest == widths.size()) return;
    --widths[widest];
    --all;
  }
}

}  // namespace

std::size_t width_of(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const auto step = decode_utf8(text);
    width += is_wide(step.value) ? 2U : 1U;
    text.remove_prefix(step.size);
  }
  return width;
}

std::string table_text(const std::vector<TableColumn>& columns, const std::vector<std::vector<std::string>>& rows,
                       std::size_t width) {
  if (columns.empty()) return {};
  std::vector<std::size_t> widths;
  for (const auto& column : columns) widths.push_back(width_of(column.name));
  for (const auto& row : rows)
    for (std::size_t i = 0; i < row.size() && i < widths.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
  if (width > 0) narrow(widths, columns, width);
  std::string out;
  const auto add = [&](std::size_t i, std::string_view cell) {
    const auto text = columns[i].whole ? std::string(cell) : cut_to(cell, widths[i]);
    out += text;
    if (i + 1 == columns.size()) {
      out += '\n';
    } else {
      out.append(widths[i] + kGap - std::min(widths[i], width_of(text)), ' ');
    }
  };
  for (std::size_t i = 0; i < columns.size(); ++i) add(i, columns[i].name);
  for (const auto& row : rows)
    for (std::size_t i = 0; i < columns.size(); ++i) add(i, i < row.size() ? std::string_view(row[i]) : "-");
  return out;
}

std::string age_text(std::string_view rfc3339, Time now) {
  if (rfc3339.size() < 20 || rfc3339[4] != '-') return std::string(rfc3339);
  const auto time = parse_rfc3339(rfc3339);
  if (!time) return std::string(rfc3339);
  const auto apart = std::chrono::duration_cast<std::chrono::seconds>(now - time->utc).count();
  const auto seconds = apart < 0 ? -apart : apart;
  const auto amount = seconds < 100      ? std::to_string(seconds) + " s"
                      : seconds < 6000   ? std::to_string(seconds / 60) + " min"
                      : seconds < 172800 ? std::to_string(seconds / 3600) + " h"
                                         : std::to_string(seconds / 86400) + " d";
  return apart < 0 ? "in " + amount : amount + " ago";
}

std::size_t terminal_width() {
  if (::isatty(STDOUT_FILENO) != 1) return 0;
  const char* const told = std::getenv("COLUMNS");  // NOLINT(concurrency-mt-unsafe): before any thread
  const std::string_view text = told == nullptr ? "" : told;
  std::size_t columns = 0;
  std::from_chars(text.data(), text.data() + text.size(), columns);
  winsize size{};
  if (columns == 0 && ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0) columns = size.ws_col;
  return columns == 0 ? 80 : std::clamp<std::size_t>(columns, 20, 500);
}

}  // namespace newswire::daemon
