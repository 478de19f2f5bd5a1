#pragma once

#include <array>
#include <pugixml.hpp>
#include <string>
#include <string_view>

namespace newswire::feed::detail {

/// The text of an element as its author meant it: character data and CDATA as they are, and where elements stand among
/// them (HTML that nobody escaped), all of it written out as HTML. A view of the document or of `scratch`. Linear, no
/// recursion.
std::string_view inner_text(pugi::xml_node node, std::string& scratch);

/// Does the element hold other elements?
bool has_elements(pugi::xml_node node) noexcept;

/// Does it hold nothing but white space?
bool is_blank(pugi::xml_node node) noexcept;

/// Appends what is inside `node` as HTML: prefixes dropped, text and attributes escaped, void elements closed with
/// " />", all others with an end tag. CDATA is text (XML's view), or HTML as it stands if `raw_cdata`.
void append_inner_html(std::string& out, pugi::xml_node node, bool raw_cdata);

/// Appends `node` itself, and what is inside.
void append_outer_html(std::string& out, pugi::xml_node node);

/// The first child element, or nothing.
pugi::xml_node first_element(pugi::xml_node node) noexcept;

/// An attribute by its local name, whatever its case and prefix; empty if there is none. The exact name wins.
std::string_view attribute(pugi::xml_node node, const char* name) noexcept;

/// The attributes of one element, listed once for several look-ups. At most 24 are kept: more than any element that is
/// looked at has.
class Attributes {
 public:
  explicit Attributes(pugi::xml_node node) noexcept;
  /// As attribute(): the exact name, else the same local name in any case; empty if there is none.
  [[nodiscard]] std::string_view get(std::string_view name) const noexcept;
  [[nodiscard]] bool has(std::string_view name) const noexcept;
  [[nodiscard]] bool empty() const noexcept { return count_ == 0; }

 private:
  struct Pair {
    std::string_view name;
    const char* value;
  };
  std::array<Pair, 24> list_;
  std::size_t count_ = 0;
};

/// Is it an HTML element that has no content (br, img, …)? `name` in lower case.
bool is_void_element(std::string_view name) noexcept;

/// Is it the name of an HTML element at all, in any case?
bool is_html_element(std::string_view name) noexcept;

}  // namespace newswire::feed::detail
