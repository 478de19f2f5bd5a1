#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace newswire::fetch {

/// The rules of one robots.txt that concern us (RFC 9309), for pages fetched for full text; feeds themselves are asked
/// for by a person and not crawled. Immutable once parsed; any thread.
class Robots {
 public:
  Robots() = default;  ///< allows everything: no robots.txt (4xx)

  /// Parses at most 500 KiB (RFC 9309, 2.5). `product`: our token, "newswire"; the groups that name it (any case), else
  /// "*". Never fails: unknown lines are skipped.
  static Robots parse(std::string_view text, std::string_view product);

  /// robots.txt unreachable (5xx, network): complete disallow (2.3.1.4).
  static Robots unreachable();

  /// `path`: with query, as in the request line. The longest matching rule wins, Allow on a tie; `*` and `$` as
  /// in 2.2.3.
  bool allows(std::string_view path) const;

  /// Crawl-delay (not in the RFC, but widely written), at most an hour.
  std::optional<std::chrono::milliseconds> crawl_delay() const noexcept { return crawl_delay_; }

 private:
  struct Rule {
    std::string pattern;
    bool allow = false;
  };
  std::vector<Rule> rules_;
  std::optional<std::chrono::milliseconds> crawl_delay_;
  bool nothing_ = false;
};

/// "https://host/robots.txt" for a page's URL; empty for anything but http and https.
std::string robots_url(std::string_view page_url);

}  // namespace newswire::fetch
