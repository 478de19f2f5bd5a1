#include "feed/detail/html_urls.h"

#include <algorithm>
#include <cstring>
#include <iterator>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base/entities.h"
#include "base/text.h"
#include "base/url.h"

namespace newswire::feed::detail {
namespace {

constexpr auto npos = std::string_view::npos;

// The elements that have attributes with URLs. Their length and first letter decide nearly always.
bool has_urls(std::string_view name) noexcept {
  if (name.size() > 10) return false;
  char low[10];
  std::transform(name.begin(), name.end(), low, to_lower);
  const std::string_view lowered(low, name.size());
  const auto any = [lowered](auto... names) { return ((lowered == names) || ...); };
  switch (name.size()) {
    case 1: return to_lower(name.front()) == 'a' || to_lower(name.front()) == 'q';
    case 3: return any("img", "del", "ins");
    case 4: return any("area", "link", "form", "body", "head");
    case 5: return any("image", "video", "audio", "frame", "embed", "input", "track");
    case 6: return any("iframe", "source", "object", "script", "applet");
    case 10: return any("blockquote");
    default: return false;
  }
}

// The next "<" that a letter follows, or the end. Most tags are looked at here only.
const char* next_tag(const char* at, const char* end) noexcept {
#ifdef __SSE2__
  const __m128i angle = _mm_set1_epi8('<');
  while (end - at >= 17) {
    auto hits = static_cast<unsigned>(
        _mm_movemask_epi8(_mm_cmpeq_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(at)), angle)));
    while (hits != 0) {
      const auto* const hit = at + __builtin_ctz(hits);
      if (is_alpha(hit[1])) return hit;
      hits &= hits - 1;
    }
    at += 16;
  }
#endif
  for (; at < end; ++at) {
    if (*at == '<' && end - at > 1 && is_alpha(at[1])) return at;
  }
  return end;
}

bool is_url_attribute(std::string_view name) noexcept {
  switch (name.size()) {
    case 3: return iequals(name, "src");
    case 4: return iequals(name, "href") || iequals(name, "cite") || iequals(name, "data");
    case 6: return iequals(name, "poster") || iequals(name, "action") || iequals(name, "usemap");
    case 7: return iequals(name, "profile") || iequals(name, "classid");
    case 8: return iequals(name, "longdesc") || iequals(name, "codebase");
    case 10: return iequals(name, "background");
    default: return false;
  }
}

bool has_scheme(std::string_view url) noexcept {
  if (url.empty() || !is_alpha(url.front())) return false;
  for (std::size_t i = 1; i < url.size(); ++i) {
    const char c = url[i];
    if (c == ':') return true;
    if (!is_alnum(c) && c != '+' && c != '-' && c != '.') return false;
  }
  return false;
}

struct Attribute {
  std::string_view name;
  std::string_view value;
};

// Reads the next attribute of a tag from `at`; false at the end of the tag, with `at` behind it.
bool next_attribute(std::string_view html, std::size_t& at, Attribute& out) {
  while (at < html.size() && (is_space(html[at]) || html[at] == '/')) ++at;
  if (at >= html.size()) return false;
  if (html[at] == '>') {
    ++at;
    return false;
  }
  const auto start = at;
  while (at < html.size() && !is_space(html[at]) && html[at] != '=' && html[at] != '>' && html[at] != '/') ++at;
  out.name = html.substr(start, at - start);
  if (at == start) {  // a stray "="
    ++at;
    out = {};
    return true;
  }
  auto look = at;
  while (look < html.size() && is_space(html[look])) ++look;
  out.value = {};
  if (look >= html.size() || html[look] != '=') return true;
  ++look;
  while (look < html.size() && is_space(html[look])) ++look;
  if (look < html.size() && (html[look] == '"' || html[look] == '\'')) {
    const auto end = html.find(html[look], look + 1);
    if (end == npos) {  // never closed: no tag at all
      at = html.size();
      return false;
    }
    out.value = html.substr(look + 1, end - look - 1);
    at = end + 1;
    return true;
  }
  const auto value = look;
  while (look < html.size() && !is_space(html[look]) && html[look] != '>') ++look;
  out.value = html.substr(value, look - value);
  at = look;
  return true;
}

// Copies what was not changed and puts what was in its place.
class Patch {
 public:
  Patch(std::string_view html, std::string& out) : html_(html), out_(out) {}

  void replace(std::string_view old, std::string_view fresh) {
    if (done_ == 0 && !changed_) {
      out_.clear();
      out_.reserve(html_.size() + html_.size() / 8);
    }
    changed_ = true;
    const auto at = static_cast<std::size_t>(old.data() - html_.data());
    out_ += html_.substr(done_, at - done_);
    out_ += fresh;
    done_ = at + old.size();
  }

  std::string_view finish() {
    if (!changed_) return html_;
    out_ += html_.substr(done_);
    return out_;
  }

 private:
  std::string_view html_;
  std::string& out_;
  std::size_t done_ = 0;
  bool changed_ = false;
};

std::string resolved_srcset(std::string_view value, std::string_view base) {
  std::string out;
  while (!value.empty()) {
    const auto start = std::find_if_not(value.begin(), value.end(), [](char c) { return is_space(c) || c == ','; });
    out.append(value.begin(), start);
    value.remove_prefix(static_cast<std::size_t>(start - value.begin()));
    const auto end = std::min(value.find_first_of(" \t\r\n"), value.size());
    auto url = value.substr(0, end);
    const auto commas = url.size() - (url.find_last_not_of(',') == npos ? 0 : url.find_last_not_of(',') + 1);
    url.remove_suffix(commas);
    if (url.empty() || has_scheme(url)) {
      out += url;
    } else {
      out += resolve_url(base, url);
    }
    value.remove_prefix(url.size());
    const auto descriptor = commas > 0 ? commas : std::min(value.find(','), value.size());
    out += value.substr(0, descriptor);
    value.remove_prefix(descriptor);
  }
  return out;
}

bool is_tiny(std::string_view size) noexcept {
  size = trim(size);
  return size == "0" || size == "1" || size == "2" || size == "1px" || size == "0px";
}

}  // namespace

std::string_view resolve_html_urls(std::string_view html, std::string_view base, std::string& out,
                                   std::string* first_image) {
  if (first_image != nullptr && !first_image->empty()) first_image = nullptr;
  if (base.empty() && first_image == nullptr) return html;
  Patch patch(html, out);
  std::size_t at = 0;
  while (true) {
    const auto* const tag = next_tag(html.data() + at, html.data() + html.size());
    if (tag == html.data() + html.size()) break;
    at = static_cast<std::size_t>(tag - html.data());
    const auto start = ++at;
    while (at < html.size() && is_alnum(html[at])) ++at;
    const auto name = html.substr(start, at - start);
    if (name.empty() || !has_urls(name)) continue;
    const bool picture = first_image != nullptr && iequals(name, "img");
    std::string_view source;
    bool tiny = false;
    Attribute attribute;
    while (next_attribute(html, at, attribute)) {
      const auto value = trim(attribute.value);
      if (picture) {
        if (iequals(attribute.name, "src")) source = value;
        if (iequals(attribute.name, "width") || iequals(attribute.name, "height")) tiny = tiny || is_tiny(value);
      }
      if (base.empty() || value.empty()) continue;
      if (is_url_attribute(attribute.name)) {
        if (!has_scheme(value)) patch.replace(attribute.value, resolve_url(base, value));
      } else if (iequals(attribute.name, "srcset")) {
        auto fresh = resolved_srcset(attribute.value, base);
        if (fresh != attribute.value) patch.replace(attribute.value, fresh);
      }
    }
    if (picture && !tiny && !source.empty() && !istarts_with(source, "data:")) {
      *first_image = resolve_url(base, decode_entities(source));
      first_image = nullptr;
      if (base.empty()) break;
    }
  }
  return patch.finish();
}

}  // namespace newswire::feed::detail
