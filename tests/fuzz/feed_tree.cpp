// The tree of feed documents against pugixml: the same documents are well-formed, and say the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <pugixml.hpp>
#include <string>

#include "feed/detail/tree.h"

namespace {

using newswire::feed::detail::xml::Document;
using newswire::feed::detail::xml::Kind;
using newswire::feed::detail::xml::Node;
using newswire::feed::detail::xml::References;

// pugixml takes more: a document that ends inside its last tag, and sections to be ignored in a document type.
void compare(Node ours, pugi::xml_node theirs) {
  const auto must = [](bool holds) {
    if (!holds) std::abort();
  };
  while (true) {
    must(static_cast<bool>(ours) == static_cast<bool>(theirs));
    if (!ours) return;
    must(ours.is_element() == (theirs.type() == pugi::node_element));
    must((ours.kind() == Kind::cdata) == (theirs.type() == pugi::node_cdata));
    must(ours.name() == theirs.name());
    must(ours.value() == theirs.value());
    auto attribute = ours.first_attribute();
    for (const auto& other : theirs.attributes()) {
      must(attribute.name() == other.name() && attribute.value() == other.value());
      attribute = attribute.next_attribute();
    }
    must(!attribute);
    if (ours.first_child()) {
      ours = ours.first_child();
      theirs = theirs.first_child();
      continue;
    }
    must(!theirs.first_child());
    while (ours && !ours.next_sibling()) {
      must(!theirs.next_sibling());
      ours = ours.parent();
      theirs = theirs.parent();
    }
    if (!ours) return;
    ours = ours.next_sibling();
    theirs = theirs.next_sibling();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Document document;
  std::string text(reinterpret_cast<const char*>(data), size);
  const auto original = text;
  text.append(Document::kPadding, '\0');
  if (!document.parse(text.data(), size, References::refuse)) return 0;
  pugi::xml_document other;
  constexpr unsigned kFlags =
      pugi::parse_cdata | pugi::parse_escapes | pugi::parse_eol | pugi::parse_wconv_attribute | pugi::parse_ws_pcdata;
  if (!other.load_buffer(original.data(), original.size(), kFlags, pugi::encoding_utf8)) std::abort();
  for (auto beside = other.first_child(); beside;) {  // CDATA beside the root element, which pugixml keeps
    const auto next = beside.next_sibling();
    if (beside.type() != pugi::node_element) other.remove_child(beside);
    beside = next;
  }
  compare(document.first_child(), other.first_child());
  return 0;
}
