#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace newswire::feed::detail {

/// What the decoder saw on its way, for the steps after it.
struct DecodeNotes {
  bool double_encoded = false;  ///< some of the text may have been encoded in UTF-8 twice
  bool had_controls = false;    ///< C1 controls, which became windows-1252 characters
};

/// Brings a document into UTF-8 that holds no malformed bytes and no characters that XML forbids. In this order, as
/// far as the bytes agree: byte order mark; the pattern of "<?xml" in UTF-16 and UTF-32; the charset of the HTTP header
/// (RFC 7303, but text/xml without one is not ASCII); the XML declaration; UTF-8; what uchardet thinks; windows-1252. A
/// declaration that the bytes contradict is not believed: text that is UTF-8 throughout is UTF-8.
/// `text` gets the document: a view of `bytes` where nothing had to change, else of `buffer`, whose memory is reused;
/// `encoding` the name in lower case of what it was read as. `repairs` gets a phrase for each thing that was not as it
/// should be. Pure; linear.
DecodeNotes decode(std::string_view bytes, std::string_view content_type, std::string& buffer, std::string_view& text,
                   std::string& encoding, std::vector<std::string>& repairs);

/// The charset parameter of a Content-Type header, without quotes, in lower case; empty if there is none.
std::string charset_of(std::string_view content_type);

/// The encoding that an XML declaration at the front of the bytes, or behind comments there, names, in lower case;
/// empty if there is none.
std::string declared_encoding(std::string_view bytes);

}  // namespace newswire::feed::detail
