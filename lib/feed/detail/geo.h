#pragma once

#include <string>

#include "feed/detail/scopes.h"
#include "feed/detail/tree.h"

namespace newswire::feed::detail {

/// Where an entry is about, as far as its elements have told.
struct Location {
  std::string shape;  ///< the coordinates of GeoRSS or GML, in the order in which they stand
  std::string latitude;
  std::string longitude;
};

/// Reads an element of GeoRSS (simple and GML), GML or W3C Basic Geo; the first shape counts. `node` is in scope
/// already.
void read_location(xml::Node node, Name name, Scopes& scopes, Location& location, std::string& scratch);

/// The shape, else "latitude longitude", else nothing.
std::string to_text(Location location);

}  // namespace newswire::feed::detail
