#include "feed/detail/podcast.h"

#include <utility>

#include "base/text.h"
#include "base/url.h"
#include "feed/detail/markup.h"
#include "feed/detail/media.h"
#include "feed/detail/person.h"

namespace newswire::feed::detail {

Person read_podcast_person(xml::Node node, std::string& scratch) {
  auto person = parse_person(inner_text(node, scratch));
  person.url = trim(attribute(node, "href"));
  person.avatar = trim(attribute(node, "img"));
  return person;
}

std::optional<Link> read_podcast_link(xml::Node node, std::string rel, const Scopes& scopes) {
  const auto url = trim(attribute(node, "url"));
  if (url.empty()) return std::nullopt;
  Link link;
  link.href = resolve_url(scopes.base(), url);
  link.rel = std::move(rel);
  link.type = trim(attribute(node, "type"));
  link.hreflang = trim(attribute(node, "language"));
  return link;
}

std::optional<Attachment> read_alternate_enclosure(xml::Node node, const Scopes& scopes) {
  for (auto child = first_element(node); child; child = child.next_sibling()) {
    if (!child.is_element() || scopes.name(child).tag != Tag::source) continue;
    auto url = resolve_url(scopes.base(), trim(attribute(child, "uri")));
    if (!is_http_url(url)) continue;
    Attachment attachment;
    attachment.mime_type = trim(attribute(node, "type"));
    if (attachment.mime_type.empty()) attachment.mime_type = guess_type(url);
    attachment.title = fold_space(attribute(node, "title"));
    attachment.size_in_bytes = parse_size(attribute(node, "length"));
    attachment.url = std::move(url);
    return attachment;
  }
  return std::nullopt;
}

}  // namespace newswire::feed::detail
