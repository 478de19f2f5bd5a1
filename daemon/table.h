#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace newswire::daemon {

/// A column: what stands above it, and whether its cells may be cut. An address must be whole to be used.
struct TableColumn {
  std::string name;
  bool whole = false;
};

/// Columns that `text` takes on a terminal, near enough: wide characters of East Asia and pictures take two.
std::size_t width_of(std::string_view text);

/// Rows of cells under the names of their columns, left-aligned, two spaces apart, each ended by a line feed. With
/// `width`, the columns of a terminal, cells are cut ("…") until a row fits: those of the last column first, then those
/// of the widest; what may not be cut may stand over. Without (0) nothing is cut. Pure.
std::string table_text(const std::vector<TableColumn>& columns, const std::vector<std::vector<std::string>>& rows,
                       std::size_t width);

/// "3 min ago", "in 6 h": a time as a person at a terminal reads it; other text as it is. Pure.
std::string age_text(std::string_view rfc3339, Time now);

/// The width of the terminal that standard output is (COLUMNS, else what it says, else 80); 0 if it is none.
std::size_t terminal_width();

}  // namespace newswire::daemon
