#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "feed/feed.h"

namespace newswire::feed {

struct ParseOptions {
  std::string content_type;  ///< the HTTP header, with its charset parameter; may be empty
  std::string base_url;      ///< where the document came from; may be empty
};

/// Bytes to a feed: decodes, parses strictly, repairs and parses again if that fails or is suspect, reads the fields.
/// What it had to repair stands in Feed::repairs; a truncated document gives its complete entries.
/// Errc::empty, Errc::html_page (with the feeds that the page advertises in `what`), Errc::binary, Errc::not_a_feed,
/// Errc::too_large. Pure, any thread; linear in the size of `bytes`, no recursion on input.
Result<Feed> parse(std::string_view bytes, const ParseOptions& options);

/// The same for many documents one after another: buffers and the document tree's memory are reused. One thread at a
/// time.
class Parser {
 public:
  Parser();
  ~Parser();
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;

  Result<Feed> parse(std::string_view bytes, const ParseOptions& options);

  /// Straight to what append_json_feed gives, without holding all entries at once; on an error nothing is appended.
  /// `drain`, if given, is called after each entry with what was written so far and may take it away (clear it).
  std::optional<Error> append_json(std::string& out, std::string_view bytes, const ParseOptions& options,
                                   const std::function<void(std::string&)>& drain = nullptr);

 private:
  class Document;
  std::unique_ptr<Document> document_;
};

/// A feed that an HTML page advertises (<link rel="alternate" type="application/rss+xml|atom+xml|feed+json" …>), in
/// document order.
struct AdvertisedFeed {
  std::string url;
  std::string title;
  std::string type;
};
std::vector<AdvertisedFeed> advertised_feeds(std::string_view html, std::string_view base_url);

}  // namespace newswire::feed
