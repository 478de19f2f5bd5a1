#include "config/detail/check.h"

#include <arpa/inet.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>

#include "base/text.h"
#include "base/url.h"
#include "config/detail/report.h"

namespace newswire::config::detail {
namespace {

constexpr std::size_t kMaxUrl = 8192;

bool is_port(std::string_view text) {
  unsigned value = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
  return ec == std::errc{} && end == text.data() + text.size() && value >= 1 && value <= 65535;
}

bool is_ipv4(std::string_view text) {
  in_addr address{};
  return inet_pton(AF_INET, std::string(text).c_str(), &address) == 1;
}

bool is_ipv6(std::string_view text) {
  in6_addr address{};
  return inet_pton(AF_INET6, std::string(text).c_str(), &address) == 1;
}

bool is_host_name(std::string_view text) {
  return !text.empty() && text.size() <= 253 && std::all_of(text.begin(), text.end(), [](char c) {
    return is_alnum(c) || c == '.' || c == '-' || c == '_' || static_cast<unsigned char>(c) >= 0x80;
  });
}

/// "host:port", "[v6]:port"; the port may be missing.
struct HostPort {
  std::string_view host;
  std::string_view port;
  bool bracketed = false;
};
HostPort split_host_port(std::string_view text) {
  HostPort out;
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == text.npos) return out;
    out.host = text.substr(1, end - 1);
    out.bracketed = true;
    if (text.size() > end + 1 && text[end + 1] == ':') out.port = text.substr(end + 2);
    return out;
  }
  const auto colon = text.rfind(':');
  out.host = text.substr(0, colon);
  if (colon != text.npos) out.port = text.substr(colon + 1);
  return out;
}

/// What makes an http(s) URL unusable; nothing is normalized: it is sent as it was configured (POLLING.md R11).
std::string check_http_url(std::string_view url) {
  const auto parts = split_url(url);
  if (parts.host.empty()) return in_quotes(url) + " has no host";
  const bool literal = parts.host.starts_with('[');
  if (literal ? !is_ipv6(parts.host.substr(1, parts.host.size() - 2)) : !is_host_name(parts.host)) {
    return in_quotes(parts.host) + " is no host name";
  }
  if (!parts.port.empty() && !is_port(parts.port)) return in_quotes(parts.port) + " is no port (1 to 65535)";
  return {};
}

}  // namespace

std::string check_proxy(std::string_view text) {
  if (text.empty()) return {};
  const auto parts = split_url(text);
  constexpr std::array kSchemes = {"http", "https", "socks4", "socks4a", "socks5", "socks5h"};
  const bool known =
      std::any_of(kSchemes.begin(), kSchemes.end(), [&](const char* s) { return iequals(parts.scheme, s); });
  if (!known || parts.host.empty() || (!parts.port.empty() && !is_port(parts.port))) {
    return in_quotes(redact_url(text)) + " is no proxy; write http://host:port or socks5h://host:port";
  }
  return {};
}

std::string check_encoding(std::string_view text) {
  const bool good = text.size() <= 40 && std::all_of(text.begin(), text.end(), [](char c) {
                      return is_alnum(c) || std::string_view("._:+-").find(c) != std::string_view::npos;
                    });
  return good ? "" : in_quotes(text) + " is no name of an encoding";
}

std::string check_word(std::string_view text) {
  const bool good = !text.empty() && text.size() <= 100 && std::all_of(text.begin(), text.end(), [](char c) {
    return is_alnum(c) || c == '.' || c == '_' || c == '-';
  });
  return good ? "" : in_quotes(text) + " is no name (letters, digits and \"._-\")";
}

std::string check_consumer(std::string_view text) {
  if (check_word(text).empty() && text.size() <= 64 && !text.starts_with('.')) return {};
  return in_quotes(text) + " cannot be a consumer's name: 1 to 64 letters, digits and \"._-\", the first no dot";
}

std::string check_selector(std::string_view text) {
  if (trim(text).empty()) return "an empty selector";
  return text.size() <= 1024 ? "" : "the selector is longer than 1 KiB";
}

std::string check_group(std::string_view text) {
  const bool good = text.size() <= 32 && std::all_of(text.begin(), text.end(), [](char c) {
                      return is_alnum(c) || c == '.' || c == '_' || c == '-' || c == '$';
                    });
  return good ? "" : in_quotes(text) + " is no name of a group";
}

std::string check_listen(std::string_view text) {
  if (text.empty()) return {};
  const auto [host, port, bracketed] = split_host_port(text);
  const bool address = bracketed ? is_ipv6(host) : is_ipv4(host) || host == "localhost";
  if (!address || !(is_port(port) || port == "0"))  // 0: any free one, the log says which
    return in_quotes(text) + " is no address to listen on; write 127.0.0.1:9898 or [::1]:9898";
  return {};
}

bool is_loopback_listen(std::string_view text) {
  const auto host = split_host_port(text).host;
  return host == "localhost" || host == "::1" || (is_ipv4(host) && host.starts_with("127."));
}

std::string check_host(std::string_view text) {
  return is_host_name(text) || is_ipv6(text) ? "" : in_quotes(text) + " is no host name";
}

std::string check_host_or_network(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == text.npos) return check_host(text);
  const auto address = text.substr(0, slash);
  const auto length = text.substr(slash + 1);
  unsigned bits = 0;
  const auto [end, ec] = std::from_chars(length.data(), length.data() + length.size(), bits);
  const bool number = ec == std::errc{} && end == length.data() + length.size();
  if (number && ((is_ipv4(address) && bits <= 32) || (is_ipv6(address) && bits <= 128))) return {};
  return in_quotes(text) + " is no network; write 10.0.0.0/8 or fd00::/8";
}

std::string check_user_agent(std::string_view text) {
  const bool good =
      text.size() <= 256 && std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c < 0x7f; });
  return good ? "" : "a User-Agent has at most 256 characters, ASCII only";
}

std::string check_unix_address(std::string_view text) {
  constexpr std::string_view kPrefix = "unix:";
  if (!text.starts_with(kPrefix) || text.size() == kPrefix.size() || text[kPrefix.size()] != '/') {
    return in_quotes(text) + " is no address of an output; write unix:/absolute/path.sock";
  }
  if (text.size() - kPrefix.size() >= sizeof(sockaddr_un{}.sun_path))
    return in_quotes(text) + " is too long for a Unix socket";
  return {};
}

CheckedUrl check_feed_url(std::string_view text, std::string_view folder) {
  const auto url = trim(text);
  if (url.empty()) return {{}, "the URL is empty"};
  if (!is_utf8(url)) return {{}, "the URL is not UTF-8; write such bytes as %XX"};
  if (url.size() > kMaxUrl) return {{}, "the URL is longer than 8192 bytes"};
  for (const auto c : url) {
    if (static_cast<unsigned char>(c) <= ' ' || c == 0x7f)
      return {{}, "the URL has a space or control character; write it as %20"};
  }
  if (is_http_url(url)) {
    auto wrong = check_http_url(url);
    return {std::string(url), std::move(wrong)};
  }
  if (istarts_with(url, "http://") || istarts_with(url, "https://")) return {{}, in_quotes(url) + " has no host"};
  if (istarts_with(url, "feed:http://") || istarts_with(url, "feed:https://"))
    return check_feed_url(url.substr(5), folder);
  if (istarts_with(url, "feed://")) return check_feed_url("http://" + std::string(url.substr(7)), folder);
  if (istarts_with(url, "file:///")) return {"file://" + std::string(url.substr(7)), {}};
  if (istarts_with(url, "file:")) {
    const auto path = std::filesystem::path(folder) / std::string(url.substr(url.starts_with("file://") ? 7 : 5));
    return {"file://" + path.lexically_normal().string(), {}};
  }
  const bool path_like = url.starts_with('/') || url.starts_with("./") || url.starts_with("../");
  const auto path = (std::filesystem::path(folder) / std::string(url)).lexically_normal();
  std::error_code ec;
  if (path_like || (split_url(url).scheme.empty() && std::filesystem::exists(path, ec)))
    return {"file://" + path.string(), {}};
  if (split_url(url).scheme.empty() || split_url(url).scheme.find('.') != std::string_view::npos) {
    return {{},
            in_quotes(url) + " is neither a URL nor a file here; write https://" + std::string(cut_utf8(url, 60)) +
                " or ./path"};
  }
  return {{}, in_quotes(url) + ": only http, https and file are fetched"};
}

}  // namespace newswire::config::detail
