#include "feed/detail/geo.h"

#include <algorithm>

#include "base/text.h"
#include "feed/detail/markup.h"

namespace newswire::feed::detail {
namespace {

// The coordinates inside gml:Point, gml:LineString, gml:Polygon, gml:Envelope: all their texts, whatever they are
// nested in.
std::string texts_inside(xml::Node node) {
  std::string out;
  auto at = node.first_child();
  while (at) {
    if (at.is_text()) {
      out += at.value();
      out += ' ';
    } else if (const auto inner = at.first_child()) {
      at = inner;
      continue;
    }
    while (at && !at.next_sibling()) {
      at = at.parent();
      if (at == node) return out;
    }
    at = at.next_sibling();
  }
  return out;
}

std::string coordinates(xml::Node node) {
  auto text = texts_inside(node);
  std::replace(text.begin(), text.end(), ',', ' ');
  return fold_space(text);
}

void read_degrees(xml::Node node, Tag tag, Location& location, std::string& scratch) {
  if (tag == Tag::lat || tag == Tag::latitude) location.latitude = fold_space(inner_text(node, scratch));
  if (tag == Tag::lon || tag == Tag::long_ || tag == Tag::longitude)
    location.longitude = fold_space(inner_text(node, scratch));
}

}  // namespace

void read_location(xml::Node node, Name name, Scopes& scopes, Location& location, std::string& scratch) {
  switch (name.tag) {
    case Tag::point:
      if (name.ns == Ns::geo) {  // <geo:Point><geo:lat>…</geo:lat><geo:long>…</geo:long></geo:Point>
        for (auto child = first_element(node); child; child = child.next_sibling()) {
          if (child.is_element()) read_degrees(child, scopes.name(child).tag, location, scratch);
        }
        return;
      }
      [[fallthrough]];
    case Tag::where:
    case Tag::line:
    case Tag::linestring:
    case Tag::polygon:
    case Tag::box:
    case Tag::envelope:
    case Tag::circle:
      if (location.shape.empty()) location.shape = coordinates(node);
      return;
    default:
      if (name.ns == Ns::geo) read_degrees(node, name.tag, location, scratch);
      return;
  }
}

std::string to_text(Location location) {
  if (!location.shape.empty()) return std::move(location.shape);
  if (location.latitude.empty() || location.longitude.empty()) return {};
  return location.latitude + " " + location.longitude;
}

}  // namespace newswire::feed::detail
