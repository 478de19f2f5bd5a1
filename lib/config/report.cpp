#include "config/detail/report.h"

#include <algorithm>
#include <tuple>

#include "base/count_of.h"
#include "base/text.h"

namespace newswire::config::detail {

std::uint32_t Report::add_source(std::string name) {
  sources_.push_back(std::move(name));
  return static_cast<std::uint32_t>(sources_.size() - 1);
}

std::string Report::where(std::uint32_t source, Place place) const {
  auto out = sources_.at(source);
  if (place.line != 0) out += ':' + std::to_string(place.line);
  if (place.line != 0 && place.column != 0) out += ':' + std::to_string(place.column);
  return out;
}

void Report::error(std::uint32_t source, Place place, Errc code, std::string what) {
  if (++total_ > kMaxErrors) return;
  errors_.push_back({source, place, Error{code, std::move(what), where(source, place)}});
}

void Report::warn(std::uint32_t source, Place place, std::string what) {
  if (warnings_.size() < kMaxErrors) warnings_.push_back(where(source, place) + ": " + what);
}

void Report::finish(Loaded& loaded) {
  std::stable_sort(errors_.begin(), errors_.end(), [](const Entry& a, const Entry& b) {
    return std::tie(a.source, a.place.line, a.place.column) < std::tie(b.source, b.place.line, b.place.column);
  });
  for (auto& entry : errors_) loaded.errors.push_back(std::move(entry.error));
  if (total_ > kMaxErrors) {
    loaded.errors.push_back(Error{Errc::invalid, "and " + count_of(total_ - kMaxErrors, "more error")});
  }
  loaded.warnings = std::move(warnings_);
  loaded.config.sources = std::move(sources_);
}

std::string in_quotes(std::string_view text) { return '"' + std::string(cut_utf8(text, 80)) + '"'; }

std::string unknown(std::string_view kind, std::string_view word, const std::vector<std::string_view>& candidates) {
  auto out = "unknown " + std::string(kind) + " \"" + std::string(cut_utf8(word, 60)) + '"';
  if (const auto hint = nearest(word.substr(0, 60), candidates)) {
    out += "; did you mean \"" + std::string(*hint) + "\"?";
  } else if (!candidates.empty() && candidates.size() <= 12) {
    out += "; known:";
    for (std::size_t i = 0; i < candidates.size(); ++i) out += (i == 0 ? " " : ", ") + std::string(candidates[i]);
  }
  return out;
}

}  // namespace newswire::config::detail
