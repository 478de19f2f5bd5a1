#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "feed/detail/scopes.h"
#include "feed/detail/tree.h"
#include "feed/feed.h"

namespace newswire::feed::detail {

/// The value of an element that holds text for people, and whether it is HTML. A view of the document or of the
/// scratch string it was read with.
struct Construct {
  std::string_view value;
  bool html = false;
};

/// The div around the XHTML of an Atom construct, if it is alone in there.
xml::Node enclosing_div(xml::Node node) noexcept;

/// An Atom text or content construct (RFC 4287, sections 3.1 and 4.1.3; Atom 0.3 with `mode`): text, html, xhtml (the
/// enclosing div taken off, but in Atom 0.3, which has no such rule, kept), base64, MIME types. Text that is HTML by
/// accident is called HTML. `base`: what an xml:base inside XHTML counts from.
Construct read_atom_construct(xml::Node node, bool atom03, std::string& scratch, std::string_view base = {});

/// A text of RSS and its modules: HTML, escaped or not; what was escaped twice is unescaped once (`description` of
/// feeds whose template escapes what was escaped already).
Construct read_rss_construct(xml::Node node, std::string& scratch);

/// One line of plain text from an element: titles, names of things, rights. `atom`: respect the type attribute.
std::string read_plain(xml::Node node, bool atom, std::string& scratch);

/// A person construct: name, email, uri (url, homepage) as elements, or one text with all of it, of several people
/// even.
std::vector<Person> read_people(xml::Node node, Scopes& scopes, std::string& scratch);

/// An id as it means the same elsewhere: a relative one (a path) is made absolute, in Atom always (RFC 4287, 4.2.6: it
/// is an IRI), in others only by the document's own base. Everything else stays as it is, to the letter.
std::string absolute_id(std::string_view id, const Scopes& scopes, bool atom);

/// The first rdf:value inside an element, however deep: what RSS 1.0's modules wrap in descriptions and bags.
xml::Node rdf_value(xml::Node node, const Scopes& scopes) noexcept;

/// Where a channel or item of CDF points: its own HREF or that of its <A>; empty if it says nothing.
std::string_view cdf_href(xml::Node node) noexcept;

/// The text of the <A> of a CDF item, which has it in place of a title.
std::string cdf_anchor_text(xml::Node node, std::string& scratch);

/// The link that a CDF element's HREF is.
Link cdf_link(std::string_view href, const Scopes& scopes);

/// An Atom link, or an element that is like one (`href`, else `url`, else text). rel is short and in lower case;
/// href is absolute where a base is known.
Link read_link(xml::Node node, const Scopes& scopes, std::string& scratch);

}  // namespace newswire::feed::detail
