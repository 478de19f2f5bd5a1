#pragma once

#include <pugixml.hpp>
#include <string>
#include <string_view>

#include "feed/detail/scopes.h"
#include "feed/feed.h"

namespace newswire::feed::detail {

/// The value of an element that holds text for people, and whether it is HTML. A view of the document or of the
/// scratch string it was read with.
struct Construct {
  std::string_view value;
  bool html = false;
};

/// An Atom text or content construct (RFC 4287, sections 3.1 and 4.1.3; Atom 0.3 with `mode`): text, html, xhtml (the
/// enclosing div taken off), base64, MIME types. Text that is HTML by accident is called HTML.
Construct read_atom_construct(pugi::xml_node node, std::string& scratch);

/// A text of RSS and its modules: HTML, escaped or not; what was escaped twice is unescaped once (`description` of
/// feeds whose template escapes what was escaped already).
Construct read_rss_construct(pugi::xml_node node, std::string& scratch);

/// One line of plain text from an element: titles, names of things, rights. `atom`: respect the type attribute.
std::string read_plain(pugi::xml_node node, bool atom, std::string& scratch);

/// A person construct: name, email, uri (url, homepage) as elements, or one text with all of it.
Person read_person(pugi::xml_node node, Scopes& scopes, std::string& scratch);

/// An Atom link, or an element that is like one (`href`, else `url`, else text). rel is short and in lower case;
/// href is absolute where a base is known.
Link read_link(pugi::xml_node node, const Scopes& scopes, std::string& scratch);

}  // namespace newswire::feed::detail
