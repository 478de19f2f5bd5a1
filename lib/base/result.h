#pragma once

#include <boost/system/result.hpp>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace newswire {

/// What went wrong, as far as a caller decides by it. Spelled the same in logs, metrics and JSON (to_string).
enum class Errc : std::uint8_t {
  invalid,      ///< malformed input, wrong argument, broken rule
  too_large,    ///< over a configured or built-in bound
  timeout,      ///< no answer within the limit
  refused,      ///< forbidden by us (address guard, limits) or by the other side
  not_found,    ///< no such feed, file, page, segment
  io,           ///< file system or network failed
  corrupt,      ///< stored data that does not verify
  cancelled,    ///< an outcome, never logged as a failure
  empty,        ///< nothing where a document should be
  html_page,    ///< a web page where a feed should be
  not_a_feed,   ///< readable, but no feed format
  binary,       ///< not text at all
  dns,          ///< host name not resolvable
  connect,      ///< no connection
  tls,          ///< handshake or certificate
  http_status,  ///< an HTTP status that is an error for a feed
  blocked,      ///< a bot challenge instead of an answer
  gone,         ///< 410, or a position that is no longer retained
  no_space,     ///< disk full or quota
  busy,         ///< somebody else holds it (lock, socket)
  unsupported,  ///< known, but not done here
};

/// The stable spelling, for example "html_page".
std::string_view to_string(Errc code) noexcept;

/// An expected failure. `what`: one sentence for a person. `where`: file:line:column, URL, feed id or path, may be
/// empty.
struct Error {
  Errc code = Errc::invalid;
  std::string what;
  std::string where = {};
};

/// "where: what", or only what if there is no place.
std::string to_string(const Error& error);

/// value() on an error: our bug, never control flow.
struct BadResult : std::logic_error {
  using logic_error::logic_error;
};
[[noreturn]] void throw_exception_from_error(const Error& error, const boost::source_location& at);

/// Either a T or an Error. Test with `if (!r)`, take with `*std::move(r)`.
template <class T>
class [[nodiscard]] Result : public boost::system::result<T, Error> {
 public:
  using boost::system::result<T, Error>::result;
};

}  // namespace newswire
