#pragma once

#include <string>
#include <string_view>

/// Checks of texts: what is wrong, in a sentence, or nothing.
namespace newswire::config::detail {

std::string check_proxy(std::string_view text);
std::string check_encoding(std::string_view text);
std::string check_word(std::string_view text);             ///< 1 to 100 of letters, digits and "._-"
std::string check_consumer(std::string_view text);         ///< 1 to 64 of the same, the first no dot
std::string check_selector(std::string_view text);         ///< not empty, at most 1 KiB; the clean room parses it
std::string check_group(std::string_view text);            ///< a Unix group's name
std::string check_listen(std::string_view text);           ///< "" or address:port
std::string check_host(std::string_view text);             ///< a host name, without port
std::string check_host_or_network(std::string_view text);  ///< host name, address or address/prefix
std::string check_user_agent(std::string_view text);
std::string check_unix_address(std::string_view text);  ///< "unix:/absolute/path", short enough for a socket address

/// True if the address part of "127.0.0.1:9898" is a loopback address or "localhost".
bool is_loopback_listen(std::string_view text);

/// A feed's URL, ready to be used (http, https or file, absolute), or what is wrong with it.
struct CheckedUrl {
  std::string url;
  std::string wrong;
};
/// `folder`: what plain paths are relative to. "feed:" forms are read as http.
CheckedUrl check_feed_url(std::string_view text, std::string_view folder);

}  // namespace newswire::config::detail
