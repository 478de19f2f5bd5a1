#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace newswire {

/// Appends `text` as a JSON string with its quotes (RFC 8259, section 7). Bytes that are not UTF-8 become U+FFFD, so
/// the output is always valid JSON; U+2028 and U+2029 are escaped, since some line readers break there.
void append_json_string(std::string& out, std::string_view text);

/// Writes one JSON object or array into a string, front to back: for the hot paths (a line of the spool, the output
/// of `parse`), where building a tree of values first was most of the cost. The caller keeps begin and end balanced.
class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  void begin_object() { open('{'); }
  void end_object() { close('}'); }
  void begin_array() { open('['); }
  void end_array() { close(']'); }

  /// The name of the next member.
  JsonWriter& key(std::string_view name);

  void value(std::string_view text);
  void value(const char* text) { value(std::string_view(text)); }
  void value(std::int64_t number);
  void value(std::uint64_t number);
  void value(double number);
  void value(bool flag);
  /// JSON that is known to be well-formed.
  void raw(std::string_view json);

  /// A member that is only written when it says something.
  void member_unless_empty(std::string_view name, std::string_view text) {
    if (!text.empty()) key(name).value(text);
  }

 private:
  void open(char bracket);
  void close(char bracket);
  void separate();

  std::string& out_;
  bool first_ = true;
};

}  // namespace newswire
