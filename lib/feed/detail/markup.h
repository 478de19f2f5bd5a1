#pragma once

#include <string>
#include <string_view>

#include "feed/detail/tree.h"

namespace newswire::feed::detail {

/// The text of an element as its author meant it: character data and CDATA as they are, and where elements stand among
/// them (HTML that nobody escaped), all of it written out as HTML. Of an empty element CDF's VALUE. A view of the
/// document or of `scratch`. Linear, no recursion.
std::string_view inner_text(xml::Node node, std::string& scratch);

/// Does the element hold other elements?
bool has_elements(xml::Node node) noexcept;

/// Does it hold nothing but white space?
bool is_blank(xml::Node node) noexcept;

/// Appends what is inside `node` as HTML: prefixes dropped, text and attributes escaped, void elements closed with
/// " />", all others with an end tag. CDATA is text (XML's view), or HTML as it stands if `raw_cdata`. URLs are left as
/// they are, but inside elements with an xml:base of their own, which counts from `base`.
void append_inner_html(std::string& out, xml::Node node, bool raw_cdata, std::string_view base = {});

/// The first child element, or nothing.
xml::Node first_element(xml::Node node) noexcept;

/// An attribute by its local name, whatever its case and prefix; empty if there is none. The exact name wins.
std::string_view attribute(xml::Node node, std::string_view name) noexcept;

/// Is there an attribute with exactly this name, as written?
bool has_attribute(xml::Node node, std::string_view name) noexcept;

/// Is it an HTML element that has no content (br, img, …)? `name` in lower case.
bool is_void_element(std::string_view name) noexcept;

/// Is it the name of an HTML element at all, in any case?
bool is_html_element(std::string_view name) noexcept;

}  // namespace newswire::feed::detail
