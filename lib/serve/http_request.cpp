#include "serve/http_request.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/text.h"
#include "base/time.h"

namespace newswire::serve {

namespace {

constexpr std::size_t kMaxParameters = 256;

std::optional<std::uint64_t> to_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || ec != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

int hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  const char low = to_lower(c);
  return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

std::optional<std::string> decode(std::string_view text, bool plus_is_space) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus_is_space) {
      out += ' ';
    } else if (text[i] != '%') {
      out += text[i];
    } else {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = hex_digit(text[i + 1]);
      const int low = hex_digit(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      out += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  return out;
}

Result<From> parse_from(const std::string& value) {
  if (value == "latest") return From{.kind = From::Kind::latest, .seq = {}, .time = {}};
  if (value == "earliest") return From{.kind = From::Kind::earliest, .seq = {}, .time = {}};
  if (const auto seq = to_number(value); seq && *seq > 0) {
    return From{.kind = From::Kind::seq, .seq = Seq{*seq}, .time = {}};
  }
  if (const auto time = parse_rfc3339(value)) return From{.kind = From::Kind::time, .seq = {}, .time = time->utc};
  return Error{Errc::invalid, "from: a number from 1 up, earliest, latest or an RFC 3339 time"};
}

}  // namespace

bool is_own_host(std::string_view host, const std::vector<std::string>& allowed) {
  std::string_view name = host;
  if (name.starts_with('[')) {
    const auto end = name.find(']');
    if (end == name.npos) return false;
    const auto rest = name.substr(end + 1);
    if (!rest.empty() && !(rest.starts_with(':') && to_number(rest.substr(1)))) return false;
    name = name.substr(0, end + 1);
  } else if (const auto colon = name.find(':'); colon != name.npos) {
    if (!to_number(name.substr(colon + 1))) return false;
    name = name.substr(0, colon);
  }
  if (name.ends_with('.')) name.remove_suffix(1);
  if (name.empty()) return false;
  if (iequals(name, "localhost") || name == "127.0.0.1" || name == "[::1]") return true;
  return std::any_of(allowed.begin(), allowed.end(), [name, host](const std::string& one) {
    return iequals(name, one) || iequals(host, one) || iequals(name, '[' + one + ']');
  });
}

Result<HttpTarget> parse_target(std::string_view target) {
  if (!target.starts_with('/')) return Error{Errc::invalid, "a request names a path"};
  const auto mark = target.find('?');
  HttpTarget out;
  auto path = decode(target.substr(0, mark), false);
  if (!path) return Error{Errc::invalid, "the path has a broken % escape"};
  out.path = *std::move(path);
  if (mark == target.npos) return out;
  const auto parameters = split(target.substr(mark + 1), '&');
  if (parameters.size() > kMaxParameters) return Error{Errc::invalid, "too many parameters"};
  for (const auto parameter : parameters) {
    if (parameter.empty()) continue;
    const auto equals = parameter.find('=');
    auto name = decode(parameter.substr(0, equals), true);
    auto value = decode(equals == parameter.npos ? std::string_view() : parameter.substr(equals + 1), true);
    if (!name || !value) return Error{Errc::invalid, "a parameter has a broken % escape"};
    out.query.emplace_back(*std::move(name), *std::move(value));
  }
  return out;
}

Result<ArticlesQuery> parse_articles_query(const HttpTarget& target, std::string_view last_event_id) {
  ArticlesQuery query;
  bool has_from = false;
  for (const auto& [name, value] : target.query) {
    if (name == "from") {
      auto from = parse_from(value);
      if (!from) return from.error();
      query.from = *from;
      has_from = true;
    } else if (name == "feed" || name == "tag") {
      if (value.empty()) return Error{Errc::invalid, name + " is empty; leave it out for all"};
      (name == "feed" ? query.feeds : query.tags).push_back(value);
    } else if (name == "follow") {
      if (!value.empty() && value != "1" && value != "true" && value != "0" && value != "false") {
        return Error{Errc::invalid, "follow: 1 or 0"};
      }
      query.follow = value != "0" && value != "false";
    } else if (name == "limit") {
      query.limit = to_number(value);
      if (!query.limit || *query.limit == 0) return Error{Errc::invalid, "limit: a number from 1 up"};
    } else {
      return Error{Errc::invalid, "unknown parameter \"" + std::string(cut_utf8(name, 64)) +
                                      "\"; there are from, follow, feed, tag and limit"};
    }
  }
  if (!has_from) query.from.kind = query.follow ? From::Kind::latest : From::Kind::earliest;
  if (const auto last = to_number(trim(last_event_id))) query.from = {From::Kind::seq, Seq{*last + 1}, {}};
  return query;
}

Result<std::optional<ReadRequest>> parse_read_request(const HttpTarget& target) {
  constexpr std::array<std::string_view, 4> kLists{"/api/status", "/api/feeds", "/api/consumers", "/api/throughput"};
  if (std::find(kLists.begin(), kLists.end(), target.path) == kLists.end()) return std::optional<ReadRequest>{};
  ReadRequest request;
  request.op = target.path.substr(5);
  const bool feeds = request.op == "feeds";
  if (feeds) request.limit = kMaxRows;
  for (const auto& [name, value] : target.query) {
    if (feeds && name == "match") {
      request.match = value;
    } else if (feeds && name == "troubled" && (value.empty() || value == "1")) {
      request.troubled = true;
    } else if (feeds && name == "limit") {
      const auto limit = to_number(value);
      if (!limit || *limit == 0 || *limit > kMaxRows)
        return Error{Errc::invalid, "limit: a number from 1 to " + std::to_string(kMaxRows)};
      request.limit = *limit;
    } else if (request.op == "throughput" && name == "minutes") {
      const auto minutes = to_number(value);
      if (!minutes || *minutes == 0 || *minutes > kMaxMinutes)
        return Error{Errc::invalid, "minutes: a number from 1 to " + std::to_string(kMaxMinutes)};
      request.minutes = *minutes;
    } else {
      return Error{Errc::invalid, "unknown parameter \"" + std::string(cut_utf8(name, 64)) +
                                      "\"; feeds has match, troubled=1 and limit, throughput minutes, the others none"};
    }
  }
  return std::optional(std::move(request));
}

}  // namespace newswire::serve
