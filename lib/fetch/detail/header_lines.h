#pragma once

#include <curl/curl.h>

#include <string>
#include <string_view>
#include <vector>

namespace newswire::fetch::detail {

/// The header lines of a request as libcurl wants them. All of them stand in one buffer that is used again and again;
/// curl_slist_append() would allocate twice a line.
class HeaderLines {
 public:
  /// "name: value"; without a value "name;", which is how libcurl is told to send an empty one.
  void add(std::string_view name, std::string_view value);
  /// Valid until the next add() or clear(); nullptr when there is none.
  curl_slist* list();
  void clear();

 private:
  std::string text_;                 // each line ends with a NUL
  std::vector<std::size_t> starts_;  // of the lines in text_
  std::vector<curl_slist> nodes_;
};

}  // namespace newswire::fetch::detail
