#include "clean/page_charset.h"

#include <iconv.h>
#include <uchardet/uchardet.h>

#include <algorithm>
#include <cerrno>
#include <memory>

#include "base/text.h"

namespace newswire::clean {
namespace {

constexpr std::size_t kMaxBytes = 16U << 20;
constexpr std::size_t kMetaBytes = 4096;
constexpr std::size_t kDetectBytes = 64U << 10;
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// The label's charset as browsers read it (WHATWG Encoding, section 4.2): supersets in place of what is declared.
std::string charset_of(std::string_view label) {
  auto name = lower(trim(label));
  while (!name.empty() && (name.front() == '"' || name.front() == '\'')) name.erase(0, 1);
  while (!name.empty() && (name.back() == '"' || name.back() == '\'' || name.back() == ';')) name.pop_back();
  if (name == "iso-8859-1" || name == "latin1" || name == "ascii" || name == "us-ascii" || name == "iso8859-1")
    return "windows-1252";
  if (name == "iso-8859-9" || name == "latin5") return "windows-1254";
  if (name == "iso-8859-11" || name == "tis-620") return "cp874";
  if (name == "gb2312" || name == "gbk" || name == "gb_2312-80" || name == "x-gbk") return "gb18030";
  if (name == "shift_jis" || name == "shift-jis" || name == "sjis" || name == "x-sjis") return "cp932";
  if (name == "euc-kr" || name == "ks_c_5601-1987" || name == "ksc5601") return "cp949";
  if (name == "big5" || name == "big5-hkscs") return "big5-hkscs";
  if (name == "utf8" || name == "unicode-1-1-utf-8") return "utf-8";
  return name;
}

std::string_view charset_parameter(std::string_view text) {
  const auto at = ifind(text, "charset");
  if (at == text.npos) return {};
  auto rest = trim(text.substr(at + 7));
  if (!rest.starts_with('=')) return {};
  rest = trim(rest.substr(1));
  if (!rest.empty() && (rest.front() == '"' || rest.front() == '\'')) rest.remove_prefix(1);
  const auto end = rest.find_first_of("\"'; >\t\r\n/");
  return rest.substr(0, end);
}

std::string_view charset_of_meta(std::string_view bytes) {
  const auto head = bytes.substr(0, kMetaBytes);
  for (auto at = ifind(head, "<meta"); at != head.npos; at = ifind(head, "<meta", at + 5)) {
    const auto end = head.find('>', at);
    if (const auto charset = charset_parameter(head.substr(at, end - at)); !charset.empty()) return charset;
    if (end == head.npos) break;
  }
  return {};
}

std::string detected(std::string_view bytes) {
  const std::unique_ptr<uchardet, decltype(&uchardet_delete)> detector(uchardet_new(), &uchardet_delete);
  const auto sample = bytes.substr(0, kDetectBytes);
  if (uchardet_handle_data(detector.get(), sample.data(), sample.size()) != 0) return {};
  uchardet_data_end(detector.get());
  return charset_of(uchardet_get_charset(detector.get()));
}

// Nothing if iconv does not know the charset.
bool convert(std::string_view bytes, const std::string& charset, std::string& out) {
  const auto handle = iconv_open("UTF-8", charset.c_str());
  // NOLINTNEXTLINE(performance-no-int-to-ptr): iconv's own error value
  if (handle == reinterpret_cast<iconv_t>(-1)) return false;
  out.clear();
  out.reserve(bytes.size() + bytes.size() / 2);
  auto* in = const_cast<char*>(bytes.data());  // iconv's prototype; it does not write there
  std::size_t left = bytes.size();
  char buffer[16 * 1024];
  while (left > 0) {
    char* to = buffer;
    std::size_t room = sizeof(buffer);
    const auto status = iconv(handle, &in, &left, &to, &room);
    out.append(buffer, sizeof(buffer) - room);
    if (status != static_cast<std::size_t>(-1) || errno == E2BIG) continue;
    out += kReplacement;  // EILSEQ, or EINVAL at the end
    ++in;
    --left;
  }
  iconv_close(handle);
  return true;
}

std::string repaired_utf8(std::string_view bytes) {
  if (is_utf8(bytes)) return std::string(bytes);
  std::string out;
  out.reserve(bytes.size() + 64);
  while (!bytes.empty()) {
    const auto step = decode_utf8(bytes);
    if (step.valid)
      out += bytes.substr(0, step.size);
    else
      out += kReplacement;
    bytes.remove_prefix(step.size);
  }
  return out;
}

bool is_binary(std::string_view bytes) {
  for (const std::string_view magic :
       {"\x89PNG", "GIF8", "\xFF\xD8\xFF", "%PDF", "PK\x03\x04", "\x1F\x8B", "RIFF", "\177ELF"})
    if (bytes.starts_with(magic)) return true;
  const auto sample = bytes.substr(0, 8192);
  return std::count(sample.begin(), sample.end(), '\0') > static_cast<std::ptrdiff_t>(sample.size() / 64);
}

}  // namespace

Result<std::string> page_to_utf8(std::string_view bytes, std::string_view content_type) {
  if (bytes.size() > kMaxBytes) return Error{Errc::too_large, "a page of more than 16 MiB is not read"};
  if (trim(bytes).empty()) return Error{Errc::empty, "there is nothing to extract from"};
  std::string out;
  if (bytes.starts_with("\xEF\xBB\xBF")) return repaired_utf8(bytes.substr(3));
  if (bytes.starts_with("\xFF\xFE") && convert(bytes.substr(2), "utf-16le", out)) return out;
  if (bytes.starts_with("\xFE\xFF") && convert(bytes.substr(2), "utf-16be", out)) return out;
  if (is_binary(bytes)) return Error{Errc::binary, "this is no page and no text"};

  const bool valid = is_utf8(bytes);
  const bool beyond_ascii =
      std::any_of(bytes.begin(), bytes.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
  const bool escapes = bytes.find('\x1B') != bytes.npos;  // ISO-2022-JP is ASCII to the eye
  if (valid && (beyond_ascii || !escapes)) return std::string(bytes);
  for (const auto& charset :
       {charset_of(charset_parameter(content_type)), charset_of(charset_of_meta(bytes)), detected(bytes)}) {
    if (charset.empty() || charset.starts_with("utf-16")) continue;  // what could be read to here is no UTF-16
    if (charset == "utf-8") {
      // A few broken bytes in a page that says UTF-8 are just that; many mean that it says wrong.
      auto repaired = repaired_utf8(bytes);
      std::size_t broken = 0;
      for (auto at = repaired.find(kReplacement); at != repaired.npos; at = repaired.find(kReplacement, at + 3))
        ++broken;
      if (broken <= 8 + bytes.size() / 1000) return repaired;
      continue;
    }
    if (convert(bytes, charset, out)) return out;
  }
  if (convert(bytes, "windows-1252", out)) return out;
  return repaired_utf8(bytes);
}

}  // namespace newswire::clean
