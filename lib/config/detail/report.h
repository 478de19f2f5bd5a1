#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/config.h"
#include "config/detail/yaml_tree.h"

namespace newswire::config::detail {

/// Collects what is wrong in all files, with places, and hands it over in the order of the files.
class Report {
 public:
  static constexpr std::size_t kMaxErrors = 100;

  /// Registers a file; the number is the `source` of its feeds.
  std::uint32_t add_source(std::string name);
  const std::string& source(std::uint32_t number) const { return sources_.at(number); }

  void error(std::uint32_t source, Place place, Errc code, std::string what);
  void warn(std::uint32_t source, Place place, std::string what);
  std::string where(std::uint32_t source, Place place) const;
  bool ok() const { return total_ == 0; }

  /// Moves sources, errors and warnings to `loaded`.
  void finish(Loaded& loaded);

 private:
  struct Entry {
    std::uint32_t source;
    Place place;
    Error error;
  };
  std::vector<std::string> sources_;
  std::vector<Entry> errors_;
  std::size_t total_ = 0;
  std::vector<std::string> warnings_;
};

/// Where the reader of a value stands: which file, where its errors go, and what its relative paths are relative to.
/// Without a report nothing is said (a second reading of what was checked before).
struct Context {
  Report* report = nullptr;
  std::uint32_t source = 0;
  std::filesystem::path folder;

  void error(const Node& node, std::string what, Errc code = Errc::invalid) const {
    if (report != nullptr) report->error(source, node.place, code, std::move(what));
  }
  void warn(const Node& node, std::string what) const {
    if (report != nullptr) report->warn(source, node.place, std::move(what));
  }
};

/// A word of the file for a message: in double quotes, cut at 80 bytes.
std::string in_quotes(std::string_view text);

/// `unknown key "intervall"; did you mean "interval"?`
std::string unknown(std::string_view kind, std::string_view word, const std::vector<std::string_view>& candidates);

}  // namespace newswire::config::detail
