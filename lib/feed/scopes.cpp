#include "feed/detail/scopes.h"

#include "base/text.h"
#include "base/url.h"

namespace newswire::feed::detail {

void Scopes::restore(const Mark& mark) noexcept {
  base_ = mark.base;
  lang_ = mark.lang;
  bindings_.cut(mark.bindings);
  while (owned_.size() > mark.bases) owned_.pop_back();
}

void Scopes::set_base(std::string_view reference) {
  reference = trim(reference);
  if (reference.empty()) return;
  auto resolved = resolve_url(base_, reference);
  // A base that cannot be one ("javascript:", a relative path with nothing before it) is worse than the outer base.
  if (!base_.empty() && !is_http_url(resolved) && is_http_url(base_)) return;
  base_ = owned_.emplace_back(std::move(resolved));
}

void Scopes::take_attributes(xml::Node node) {
  for (auto attribute = node.first_attribute(); attribute; attribute = attribute.next_attribute()) {
    const auto name = attribute.name();
    if (name.size() < 5 || name.front() != 'x' || !name.starts_with("xml")) continue;
    if (name == "xml:base") {
      set_base(attribute.value());
    } else if (name == "xml:lang") {
      lang_ = trim(attribute.value());
    } else if (name == "xmlns") {
      bindings_.bind({}, attribute.value());
    } else if (name.starts_with("xmlns:")) {
      bindings_.bind(name.substr(6), attribute.value());
    }
  }
}

bool is_foreign(xml::Node node) noexcept {
  for (auto attribute = node.first_attribute(); attribute; attribute = attribute.next_attribute()) {
    if (attribute.name() != "xmlns") continue;
    const auto uri = trim(attribute.value());
    return !uri.empty() && find_namespace(uri, false) == Ns::other && node.name().find(':') == std::string_view::npos;
  }
  return false;
}

}  // namespace newswire::feed::detail
