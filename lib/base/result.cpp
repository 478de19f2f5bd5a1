#include "base/result.h"

namespace newswire {

std::string_view to_string(Errc code) noexcept {
  switch (code) {
    case Errc::invalid: return "invalid";
    case Errc::too_large: return "too_large";
    case Errc::timeout: return "timeout";
    case Errc::refused: return "refused";
    case Errc::not_found: return "not_found";
    case Errc::io: return "io";
    case Errc::corrupt: return "corrupt";
    case Errc::cancelled: return "cancelled";
    case Errc::empty: return "empty";
    case Errc::html_page: return "html_page";
    case Errc::not_a_feed: return "not_a_feed";
    case Errc::binary: return "binary";
    case Errc::dns: return "dns";
    case Errc::connect: return "connect";
    case Errc::tls: return "tls";
    case Errc::http_status: return "http_status";
    case Errc::blocked: return "blocked";
    case Errc::gone: return "gone";
    case Errc::no_space: return "no_space";
    case Errc::busy: return "busy";
    case Errc::unsupported: return "unsupported";
  }
  return "invalid";
}

std::string to_string(const Error& error) { return error.where.empty() ? error.what : error.where + ": " + error.what; }

void throw_exception_from_error(const Error& error, const boost::source_location& at) {
  throw BadResult(std::string(at.file_name()) + ":" + std::to_string(at.line()) +
                  ": value() on an error: " + to_string(error));
}

}  // namespace newswire
