#include "fetch/validators.h"

namespace newswire::fetch {

std::vector<Header> conditional_headers(const Validators& known, std::string_view url, bool a_im) {
  std::vector<Header> headers;
  if (known.url != url) return headers;
  if (!known.etag.empty()) headers.push_back({"If-None-Match", known.etag});
  if (!known.last_modified.empty()) headers.push_back({"If-Modified-Since", known.last_modified});
  if (a_im && !headers.empty()) headers.push_back({"A-IM", "feed"});
  return headers;
}

Validators updated_validators(const Validators& known, const Response& response) {
  switch (response.status) {
    case 200:
    case 226:
      if (response.body.empty()) return known;
      return {response.final_url, response.etag, response.last_modified};
    case 304: {
      if (known.url != response.final_url) return known;
      auto next = known;
      if (!response.etag.empty()) next.etag = response.etag;
      if (!response.last_modified.empty()) next.last_modified = response.last_modified;
      return next;
    }
    default: return known;
  }
}

}  // namespace newswire::fetch
