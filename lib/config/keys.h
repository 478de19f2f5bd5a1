#pragma once

#include <string>
#include <vector>

namespace newswire::config {

/// A key of the file as the manual names it: "spool.segment_size", "defaults.interval.min", "feeds[].url".
struct KeyInfo {
  std::string path;
  std::string type;           ///< "duration", "size", "bool", "path", "list of texts" …
  std::string default_value;  ///< as it would be written; empty: none
  std::string meaning;        ///< one sentence
  bool restart = false;       ///< takes effect at the next start, not at a reload
};

/// All keys, in the order of the manual. What the parser accepts, what it suggests for a mistyped key, what
/// `newswirectl config --keys` prints and what the tests hold the sample and the manual to is this one list. Settings
/// that feeds, groups and defaults share are listed once, under "defaults.".
std::vector<KeyInfo> keys();

}  // namespace newswire::config
