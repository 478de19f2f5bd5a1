#include "base/json_text.h"

#include <charconv>
#include <cmath>

#include "base/text.h"

namespace newswire {
namespace {

// 1 for the bytes that append_json_string must look at.
constexpr auto kSpecial = [] {
  struct Table {
    bool at[256];
  } table{};
  for (unsigned c = 0; c < 256; ++c) table.at[c] = c < 0x20 || c == '"' || c == '\\' || c >= 0x7F;
  return table;
}();

void append_unicode_escape(std::string& out, unsigned value) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) out += kDigits[(value >> shift) & 15U];
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  const char* run = text.data();
  const char* at = run;
  const char* const end = run + text.size();
  const auto flush = [&] { out.append(run, at); };
  while (at != end) {
    const auto c = static_cast<unsigned char>(*at);
    if (!kSpecial.at[c]) {
      ++at;
      continue;
    }
    if (c >= 0x80) {
      const auto step = decode_utf8({at, static_cast<std::size_t>(end - at)});
      if (step.valid && step.value != 0x2028 && step.value != 0x2029) {
        at += step.size;
        continue;
      }
      flush();
      if (step.valid) {
        append_unicode_escape(out, static_cast<unsigned>(step.value));
      } else {
        out += "\xEF\xBF\xBD";
      }
      run = at += step.size;
      continue;
    }
    flush();
    run = ++at;
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default: append_unicode_escape(out, c);
    }
  }
  flush();
  out += '"';
}

void JsonWriter::separate() {
  if (!first_) out_ += ',';
  first_ = false;
}

void JsonWriter::open(char bracket) {
  separate();
  out_ += bracket;
  first_ = true;
}

void JsonWriter::close(char bracket) {
  out_ += bracket;
  first_ = false;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  separate();
  append_json_string(out_, name);
  out_ += ':';
  first_ = true;
  return *this;
}

void JsonWriter::value(std::string_view text) {
  separate();
  append_json_string(out_, text);
}

void JsonWriter::value(std::int64_t number) {
  separate();
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  out_.append(digits, end);
}

void JsonWriter::value(std::uint64_t number) {
  separate();
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  out_.append(digits, end);
}

void JsonWriter::value(double number) {
  separate();
  if (!std::isfinite(number)) {
    out_ += "null";
    return;
  }
  char digits[64];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  out_.append(digits, end);
}

void JsonWriter::value(bool flag) {
  separate();
  out_ += flag ? "true" : "false";
}

void JsonWriter::raw(std::string_view json) {
  separate();
  out_ += json;
}

}  // namespace newswire
