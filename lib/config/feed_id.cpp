#include "config/feed_id.h"

#include <algorithm>

#include "base/hash.h"
#include "base/text.h"
#include "base/url.h"

namespace newswire::config {
namespace {

constexpr std::size_t kMaxDerived = 80;
constexpr std::size_t kMaxGiven = 128;

/// A move to https keeps the id.
std::string_view without_scheme(std::string_view url) {
  const auto scheme = url.find("://");
  return scheme == url.npos ? url : url.substr(scheme + 3);
}

}  // namespace

std::string derive_feed_id(std::string_view url) {
  const auto shown = redact_url(url);  // an id is printed everywhere
  auto rest = std::string_view(shown);
  rest = without_scheme(rest);
  if (istarts_with(rest, "www.")) rest.remove_prefix(4);
  while (!rest.empty() && rest.front() == '/') rest.remove_prefix(1);
  while (!rest.empty() && rest.back() == '/') rest.remove_suffix(1);
  const auto host_end = std::min(rest.find('/'), rest.size());

  std::string out;
  out.reserve(std::min(rest.size(), kMaxDerived) + 9);
  bool lossy = false;
  for (std::size_t i = 0; i < rest.size(); ++i) {
    const auto c = rest[i];
    if (c == '/') {
      out += '_';
    } else if (c == '.' || c == '-' || is_digit(c) || (c >= 'a' && c <= 'z')) {
      out += c;
    } else if (is_alpha(c)) {
      out += to_lower(c);
      lossy = lossy || i >= host_end;  // the case of a host's letters means nothing
    } else {
      lossy = true;
      if (!out.empty() && out.back() != '_') out += '_';
    }
    if (out.size() > kMaxDerived) {
      out.resize(kMaxDerived);
      lossy = true;
      break;
    }
  }
  while (!out.empty() && !is_alnum(out.front())) out.erase(0, 1);
  while (!out.empty() && !is_alnum(out.back())) out.pop_back();
  if (out.empty()) return "feed-" + to_hex(hash64(without_scheme(url))).substr(0, 8);
  if (lossy) out += '-' + to_hex(hash64(without_scheme(url))).substr(0, 8);
  return out;
}

Result<std::string> check_feed_id(std::string_view id) {
  if (id.empty() || id.size() > kMaxGiven) return Error{Errc::invalid, "a feed's id has 1 to 128 characters"};
  const bool good = is_alnum(id.front()) && std::all_of(id.begin(), id.end(), [](char c) {
                      return is_alnum(c) || std::string_view("._~:@+-").find(c) != std::string_view::npos;
                    });
  if (!good) {
    return Error{Errc::invalid, "\"" + std::string(cut_utf8(id, 60)) +
                                    "\" cannot be an id: letters, digits and \"._~:@+-\", the first a letter or digit"};
  }
  return std::string(id);
}

}  // namespace newswire::config
