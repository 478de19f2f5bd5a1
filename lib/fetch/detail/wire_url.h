#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "fetch/http_message.h"

namespace newswire::fetch::detail {

/// An http(s) URL made ready for a request line.
struct WireUrl {
  std::string url;   ///< as given, without fragment and userinfo: what hops, final_url and validators name
  std::string sent;  ///< `url` with spaces and non-ASCII bytes escaped and the host in ASCII: what libcurl gets
  std::string host;  ///< lower case, without brackets
  std::string origin;
  std::string user;  ///< of the userinfo, decoded
  std::string password;
  bool https = false;
};

/// Errc::invalid: not http or https, no host, control characters, a host that no name may be, over 16 KiB;
/// Errc::refused: another scheme. Nothing is normalized (R11).
Result<WireUrl> wire_url(std::string_view url);

/// Errc::invalid when a field would not be one line of one message: a name that is no token, CR, LF or NUL in a value,
/// or a name that the client must write itself (Host, Content-Length, Transfer-Encoding, Connection, …).
Result<void> check_header(const Header& field);

}  // namespace newswire::fetch::detail
