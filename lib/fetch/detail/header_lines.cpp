#include "fetch/detail/header_lines.h"

namespace newswire::fetch::detail {

void HeaderLines::add(std::string_view name, std::string_view value) {
  starts_.push_back(text_.size());
  text_ += name;
  if (value.empty()) {
    text_ += ';';
  } else {
    text_ += ": ";
    text_ += value;
  }
  text_ += '\0';
}

curl_slist* HeaderLines::list() {
  if (starts_.empty()) return nullptr;
  nodes_.resize(starts_.size());
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    nodes_[i] = {text_.data() + starts_[i], i + 1 < nodes_.size() ? &nodes_[i + 1] : nullptr};
  }
  return nodes_.data();
}

void HeaderLines::clear() {
  text_.clear();
  starts_.clear();
  nodes_.clear();
}

}  // namespace newswire::fetch::detail
