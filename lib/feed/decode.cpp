#include "feed/detail/decode.h"

#include <iconv.h>
#include <uchardet.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <iterator>
#include <memory>
#include <optional>

#include "base/text.h"
#include "feed/detail/encoding_names.h"
#include "feed/detail/rare_encodings.h"
#include "feed/detail/scan.h"

namespace newswire::feed::detail {
namespace {

constexpr auto npos = std::string_view::npos;

struct IconvCloser {
  void operator()(void* handle) const noexcept { iconv_close(handle); }
};
using Converter = std::unique_ptr<void, IconvCloser>;

Converter open_spelling(const std::string& name) {
  iconv_t handle = iconv_open("UTF-8", name.c_str());
  // NOLINTNEXTLINE(performance-no-int-to-ptr): iconv's own error value
  if (handle == reinterpret_cast<iconv_t>(-1)) return nullptr;
  return Converter(handle);
}

// iconv knows some names with "_", some with "-" and some with neither.
Converter open_converter(std::string name) {
  // iconv takes options after slashes, and files by name through gconv: labels are plain words.
  if (name.empty() || name.size() > 40 || !std::all_of(name.begin(), name.end(), [](char c) {
        return is_alnum(c) || c == '-' || c == '_' || c == '.' || c == ':' || c == '+';
      }))
    return nullptr;
  if (auto converter = open_spelling(name)) return converter;
  std::replace(name.begin(), name.end(), '-', '_');
  if (auto converter = open_spelling(name)) return converter;
  name.erase(std::remove(name.begin(), name.end(), '_'), name.end());
  return open_spelling(name);
}

struct Converted {
  std::string text;
  std::size_t errors = 0;  ///< input bytes that mean nothing in this encoding
};

Converted convert(iconv_t converter, std::string_view bytes) {
  Converted result;
  result.text.reserve(bytes.size() + bytes.size() / 2);
  std::array<char, 32768> chunk{};
  auto* in = const_cast<char*>(bytes.data());  // iconv does not write to it
  auto left = bytes.size();
  while (left > 0) {
    auto* out = chunk.data();
    auto room = chunk.size();
    const auto status = iconv(converter, &in, &left, &out, &room);
    result.text.append(chunk.data(), chunk.size() - room);
    if (status != static_cast<std::size_t>(-1)) break;
    if (errno == E2BIG) continue;  // the chunk is full; it is empty again at the next call
    result.text += "\xEF\xBF\xBD";
    ++result.errors;
    ++in;
    --left;
  }
  auto* out = chunk.data();
  auto room = chunk.size();
  if (iconv(converter, nullptr, nullptr, &out, &room) != static_cast<std::size_t>(-1))
    result.text.append(chunk.data(), chunk.size() - room);
  return result;
}

// Bytes 0x80..0x9F are C1 controls in ISO-8859-1, which nobody writes: whoever says so means windows-1252.
bool is_latin1(std::string_view name) noexcept { return name == "iso-8859-1" || name == "us-ascii"; }

bool has_c1_bytes(std::string_view bytes) noexcept {
  return std::any_of(bytes.begin(), bytes.end(), [](char c) {
    return static_cast<unsigned char>(c) >= 0x80 && static_cast<unsigned char>(c) < 0xA0;
  });
}

// Half of the letters are foreign: no language of western Europe is written so.
bool is_hardly_latin(std::string_view bytes) noexcept {
  const auto high =
      std::count_if(bytes.begin(), bytes.end(), [](char c) { return static_cast<unsigned char>(c) >= 0xC0; });
  return high > 64 && high * 8 > static_cast<std::ptrdiff_t>(bytes.size());
}

std::string from_latin1(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() + bytes.size() / 8);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      out += c;
    } else {
      append_utf8(out, windows1252(byte));
    }
  }
  return out;
}

struct UchardetCloser {
  void operator()(uchardet* detector) const noexcept { uchardet_delete(detector); }
};

std::string detect(std::string_view bytes) {
  constexpr std::size_t kEnough = 256 * 1024;  // of the text that is not ASCII, as the rest tells nothing
  const std::unique_ptr<uchardet, UchardetCloser> detector(uchardet_new());
  if (!detector) return {};
  // Start where the first foreign byte is.
  const auto first =
      std::find_if(bytes.begin(), bytes.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
  const auto from = static_cast<std::size_t>(first - bytes.begin());
  const auto sample = bytes.substr(from > 64 ? from - 64 : 0, kEnough);
  if (uchardet_handle_data(detector.get(), sample.data(), sample.size()) != 0) return {};
  uchardet_data_end(detector.get());
  return lower(uchardet_get_charset(detector.get()));
}

// Encodings in which two bytes in a row can look like UTF-8 by accident, so that a short text proves nothing.
bool is_multibyte(std::string_view name) noexcept {
  for (const std::string_view family :
       {"gb", "big5", "euc", "cp932", "cp949", "shift", "iso-2022", "cp874", "johab", "hz"}) {
    if (name.starts_with(family)) return true;
  }
  return false;
}

class Decoder {
 public:
  Decoder(std::string_view bytes, std::string& text, std::string& encoding, std::vector<std::string>& repairs)
      : bytes_(bytes), text_(text), encoding_(encoding), repairs_(repairs) {}

  void run(std::string_view content_type) {
    if (by_mark()) return;
    const auto scan = scan_bytes(bytes_);
    if (by_pattern(scan)) return;
    const auto header = charset_of(content_type);
    const auto declared = declared_encoding(bytes_);
    const auto first = canonical_encoding(header.empty() ? declared : header);
    const auto second = canonical_encoding(declared);
    if (scan.utf8) {
      if (is_stateful(first) && attempt(first, header.empty() ? declared : header)) return;
      if (is_stateful(second) && attempt(second, declared)) return;
      if (const auto shifted = by_escape(scan); !shifted.empty() && attempt(std::string(shifted), shifted)) {
        note("encoding guessed as " + std::string(shifted));
        return;
      }
      if (believes_utf8(scan, first, second)) {
        if (scan.multibyte > 0 && !first.empty() && first != "utf-8" && first != "us-ascii")
          note("encoding declared as " + (header.empty() ? declared : header) + " but is utf-8");
        take_utf8(scan, scan.multibyte == 0 ? (header.empty() ? declared : header) : std::string());
        return;
      }
    }
    if (attempt(first, header.empty() ? declared : header)) return;
    if (second != first && attempt(second, declared)) return;
    // UTF-8 with some stray bytes is still UTF-8.
    const bool says_utf8 = first == "utf-8" || second == "utf-8";
    const std::size_t doubt = says_utf8 ? 1 : first.empty() ? 2 : 4;
    if (scan.multibyte > 0 && scan.malformed * doubt <= scan.multibyte) {
      note(std::to_string(scan.malformed) + (scan.malformed == 1 ? " byte" : " bytes") + " malformed in utf-8");
      take_utf8(scan, {});
      return;
    }
    fall_back(first);
  }

  [[nodiscard]] std::string_view text() const noexcept { return plain_ ? bytes_ : std::string_view(text_); }
  [[nodiscard]] DecodeNotes notes() const noexcept { return notes_; }

 private:
  void note(std::string what) { repairs_.push_back(std::move(what)); }

  void finish(std::string converted, std::string_view name) {
    const auto scan = scan_bytes(converted);
    note_characters(scan);
    if (scan.controls || scan.c1 || !scan.utf8) {
      text_ = clean_utf8(converted);
    } else {
      text_ = std::move(converted);
    }
    encoding_ = name;
  }

  void note_characters(const ByteScan& scan) {
    if (scan.nuls > 0) note("NUL characters dropped");
    if (scan.controls && scan.nuls == 0) note("control characters dropped");
    notes_.double_encoded = scan.double_encoded > 0;
    notes_.had_controls = scan.c1 && !scan.by_windows;
    if (notes_.double_encoded) {
      note("text encoded in utf-8 twice");
    } else if (scan.c1) {
      note("windows-1252 characters in place of controls");
    }
  }

  // `label`: the name of a declared encoding that pure ASCII bytes do not contradict.
  void take_utf8(const ByteScan& scan, std::string_view label) {
    note_characters(scan);
    if (scan.controls || scan.c1 || !scan.utf8) {
      text_ = clean_utf8(bytes_);
    } else {
      plain_ = true;
    }
    encoding_ = label.empty() ? "utf-8" : lower(label);
  }

  bool by_mark() {
    struct Mark {
      std::string_view bytes;
      const char* name;
    };
    static constexpr Mark kMarks[] = {{{"\x00\x00\xFE\xFF", 4}, "utf-32be"},
                                      {{"\xFF\xFE\x00\x00", 4}, "utf-32le"},
                                      {{"\xFE\xFF", 2}, "utf-16be"},
                                      {{"\xFF\xFE", 2}, "utf-16le"}};
    if (bytes_.starts_with("\xEF\xBB\xBF")) {
      while (bytes_.starts_with("\xEF\xBB\xBF")) bytes_.remove_prefix(3);  // some templates each write one
      const auto scan = scan_bytes(bytes_);
      if (!scan.utf8 && scan.malformed > scan.multibyte) return false;  // the mark lies
      if (!scan.utf8)
        note(std::to_string(scan.malformed) + (scan.malformed == 1 ? " byte" : " bytes") + " malformed in utf-8");
      take_utf8(scan, {});
      return true;
    }
    for (const auto& mark : kMarks) {
      if (!bytes_.starts_with(mark.bytes)) continue;
      return wide(mark.name, bytes_.substr(mark.bytes.size()));
    }
    return false;
  }

  // "<?xml" or "<rss" without a mark in UTF-16, UTF-32 or EBCDIC (XML 1.0, appendix F).
  bool by_pattern(const ByteScan& scan) {
    if (scan.nuls == 0) {
      if (bytes_.starts_with("\x4C\x6F\xA7\x94")) {
        // The declaration is written in the characters that all EBCDICs share.
        const auto converter = open_converter("ibm037");
        const auto head = converter ? convert(converter.get(), bytes_.substr(0, 512)).text : std::string();
        // The Turkish one has its quotes elsewhere.
        const bool turkish = head.substr(0, head.find('>')).find("1026") != std::string::npos;
        const auto label = turkish ? std::string("ibm1026") : declared_encoding(head);
        if (attempt(canonical_encoding(label), label)) return true;
        for (const auto* name : {"ibm037", "ibm1047", "ibm500"}) {
          if (attempt(name, name)) return true;
        }
      }
      return false;
    }
    const auto byte = [this](std::size_t i) {
      return i < bytes_.size() ? static_cast<unsigned char>(bytes_[i]) : 0xFFU;
    };
    if (byte(0) == 0 && byte(1) == 0 && byte(2) == 0 && byte(3) != 0) return wide("utf-32be", bytes_);
    if (byte(0) != 0 && byte(1) == 0 && byte(2) == 0 && byte(3) == 0) return wide("utf-32le", bytes_);
    if (byte(0) == 0 && byte(1) != 0 && byte(2) == 0) return wide("utf-16be", bytes_);
    if (byte(0) != 0 && byte(1) == 0 && byte(3) == 0) return wide("utf-16le", bytes_);
    return false;
  }

  bool wide(const char* name, std::string_view bytes) {
    const auto converter = open_converter(name);
    if (!converter) return false;
    auto converted = convert(converter.get(), bytes);
    if (converted.errors > 0) note(std::to_string(converted.errors) + " places malformed in " + name);
    finish(std::move(converted.text), name);
    return true;
  }

  // ISO 2022 shifts to other alphabets with escape sequences that no text holds otherwise (RFC 1468, 1557, 1922).
  [[nodiscard]] std::string_view by_escape(const ByteScan& scan) const noexcept {
    if (!scan.controls || scan.multibyte > 0) return {};
    for (auto at = bytes_.find("\x1B$"); at != npos; at = bytes_.find("\x1B$", at + 2)) {
      const auto rest = bytes_.substr(at + 2, 2);
      if (rest.starts_with('B') || rest.starts_with('@')) return "iso-2022-jp";
      if (rest.starts_with(")C")) return "iso-2022-kr";
      if (rest.starts_with(")A") || rest.starts_with(")G")) return "iso-2022-cn";
    }
    return {};
  }

  // ASCII bytes that mean something else.
  static bool is_stateful(std::string_view name) noexcept {
    return name.starts_with("iso-2022") || name.starts_with("hz") || name == "utf-7" || name.starts_with("csiso2022");
  }

  static bool believes_utf8(const ByteScan& scan, const std::string& first, const std::string& second) noexcept {
    if (scan.multibyte == 0) return true;
    const bool declared_utf8 = first == "utf-8" || second == "utf-8" || first.empty();
    return declared_utf8 || !is_multibyte(first) || scan.multibyte >= 6;
  }

  // Takes the encoding if the bytes make sense in it.
  bool attempt(const std::string& name, std::string_view label) {
    if (name.empty() || name == "utf-8") return false;
    if (is_latin1(name) || name == "cp1252" || name == "windows-1252") {
      const bool ascii_lies = name == "us-ascii";
      if (ascii_lies) return false;
      if (!label.empty() && is_hardly_latin(bytes_)) {
        const auto guess = detect(bytes_);
        if (guess.starts_with("windows-125") && guess != "windows-1252" && guess != "windows-1254" &&
            attempt(canonical_encoding(guess), guess)) {
          note("encoding declared as " + lower(label) + " but seems to be " + guess);
          return true;
        }
        if (guess.starts_with("koi8") && attempt(canonical_encoding(guess), guess)) {
          note("encoding declared as " + lower(label) + " but seems to be " + guess);
          return true;
        }
      }
      const bool c1 = is_latin1(name) && has_c1_bytes(bytes_);
      if (c1) note("windows-1252 declared as " + lower(label));
      finish(from_latin1(bytes_), c1 ? std::string_view("windows-1252") : std::string_view(lower(label)));
      return true;
    }
    auto actual = name;
    if (name == "utf-16" || name == "utf-32") {
      if (scan_bytes(bytes_.substr(0, 64)).nuls == 0) return false;  // text in bytes that claims to be wide
      actual += "be";
    }
    auto converted = convert_from(actual);
    if (!converted) return false;
    if (converted->errors > 0) {
      if (converted->errors * 50 > bytes_.size() / 8 + 50) return false;
      note(std::to_string(converted->errors) + (converted->errors == 1 ? " place" : " places") + " malformed in " +
           lower(label));
    }
    finish(std::move(converted->text), lower(label));
    return true;
  }

  // The bytes in the encoding of that name; nothing if nobody knows it.
  [[nodiscard]] std::optional<Converted> convert_from(const std::string& name) const {
    Converted rare;
    if (auto text = decode_rare(name, bytes_, rare.errors)) {
      rare.text = std::move(*text);
      return rare;
    }
    const bool hz = name == "hz-gb-2312";
    const auto converter = open_converter(hz ? "gb18030" : name);
    if (!converter) return std::nullopt;
    return convert(converter.get(), hz ? std::string_view(gb2312_from_hz(bytes_)) : bytes_);
  }

  // What is neither declared nor UTF-8. The detector is asked only where there is enough to go by: of a few bytes it
  // makes anything at all (one "ç" is ibm852).
  void fall_back(const std::string& declared) {
    const auto guess = detect(bytes_);
    const auto high =
        std::count_if(bytes_.begin(), bytes_.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
    if (is_likely(guess, high) && canonical_encoding(guess) != declared && attempt(canonical_encoding(guess), guess)) {
      note("encoding guessed as " + guess);
      return;
    }
    note(declared.empty() || declared == "utf-8" ? "not utf-8, read as windows-1252"
                                                 : "unknown encoding " + declared + ", read as windows-1252");
    finish(from_latin1(bytes_), "windows-1252");
  }

  bool is_likely(std::string_view guess, std::ptrdiff_t high) const noexcept {
    for (const std::string_view cyrillic : {"ibm866", "ibm855", "mac-cyrillic"}) {
      if (guess == cyrillic) return high >= 64 && high * 8 > static_cast<std::ptrdiff_t>(bytes_.size());
    }
    for (const std::string_view family : {"gb18030", "big5", "euc", "shift_jis", "iso-2022", "hz", "uhc", "tis-620"}) {
      if (guess.starts_with(family)) return high >= 8;
    }
    for (const std::string_view family : {"windows-125", "koi8", "iso-8859"}) {
      if (guess.starts_with(family)) return high >= 24;
    }
    return false;
  }

  std::string_view bytes_;
  std::string& text_;
  std::string& encoding_;
  std::vector<std::string>& repairs_;
  DecodeNotes notes_;
  bool plain_ = false;  ///< the bytes are the text
};

}  // namespace

DecodeNotes decode(std::string_view bytes, std::string_view content_type, std::string& buffer, std::string_view& text,
                   std::string& encoding, std::vector<std::string>& repairs) {
  Decoder decoder(bytes, buffer, encoding, repairs);
  decoder.run(content_type);
  text = decoder.text();
  return decoder.notes();
}

std::string charset_of(std::string_view content_type) {
  const auto at = ifind(content_type, "charset");
  if (at == npos) return {};
  auto rest = trim(content_type.substr(at + 7));
  if (!rest.starts_with('=') && !rest.starts_with(':')) return {};  // "charset:iso-8859-1" was seen
  rest = trim(rest.substr(1));
  rest = trim(rest.substr(0, rest.find(';')));
  while (!rest.empty() && (rest.front() == '"' || rest.front() == '\'')) rest.remove_prefix(1);
  rest = rest.substr(0, rest.find_first_of("\"' ,"));
  return lower(rest);
}

namespace {

// Where the XML declaration starts: at the front, or behind comments and white space, where no parser of XML would
// look but templates put it. npos if there is none.
std::size_t find_declaration(std::string_view bytes) noexcept {
  constexpr std::size_t kFarthest = 4096;
  const auto head = bytes.substr(0, kFarthest);
  std::size_t at = 0;
  while (true) {
    at = head.find_first_not_of(" \t\r\n", at);
    if (at == npos) return npos;
    const auto rest = head.substr(at);
    if (rest.starts_with("<?")) return at;
    if (!rest.starts_with("<!--")) return npos;
    const auto end = head.find("-->", at + 4);
    if (end == npos) return npos;
    at = end + 3;
  }
}

}  // namespace

std::string declared_encoding(std::string_view bytes) {
  constexpr std::size_t kLongestDeclaration = 512;
  const auto start = find_declaration(bytes);
  if (start == npos) return {};
  auto head = bytes.substr(start, kLongestDeclaration);
  const auto end = head.find('>');
  if (end == npos) return {};
  head = head.substr(0, end);
  const auto at = ifind(head, "encoding");
  if (at == npos) return {};
  auto value = trim(head.substr(at + 8));
  if (!value.starts_with('=')) return {};
  value = trim(value.substr(1));
  if (value.empty()) return {};
  if (value.front() == '"' || value.front() == '\'') {
    const auto close = value.find(value.front(), 1);
    return close == npos ? std::string() : lower(trim(value.substr(1, close - 1)));
  }
  return lower(
      value.substr(0, value.find_first_of(" \t\r\n?\"'")));  // no quotes: XML does not allow it, people write it
}

}  // namespace newswire::feed::detail
