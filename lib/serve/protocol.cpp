#include "serve/protocol.h"

#include <boost/json.hpp>
#include <optional>
#include <utility>

#include "base/json_text.h"
#include "base/text.h"

namespace newswire::serve {

namespace json = boost::json;

namespace {

constexpr std::size_t kMaxFilterValues = 1024;  // of feeds, of tags
constexpr std::int64_t kMaxHeartbeatSeconds = 24 * 60 * 60;
constexpr std::size_t kMaxEchoBytes = 64;  // of a client's own words in a message

Refusal bad_value(std::string message) { return {.code = "bad_value", .message = std::move(message)}; }

std::string quoted(std::string_view text) { return '"' + std::string(cut_utf8(text, kMaxEchoBytes)) + '"'; }

/// A whole number from 0 up; JSON knows no other kind of number here.
std::optional<std::uint64_t> to_seq(const json::value& value) {
  if (const auto* number = value.if_uint64()) return *number;
  if (const auto* number = value.if_int64(); number != nullptr && *number >= 0)
    return static_cast<std::uint64_t>(*number);
  return std::nullopt;
}

std::optional<Refusal> read_from(const json::value& value, From& from) {
  if (const auto seq = to_seq(value)) {
    if (*seq == 0) return bad_value("from: numbers start at 1; \"earliest\" is the oldest that is kept");
    from = {.kind = From::Kind::seq, .seq = Seq{*seq}};
    return std::nullopt;
  }
  const auto* text = value.if_string();
  if (text == nullptr) return bad_value("from: a number, \"earliest\", \"latest\", \"acked\" or an RFC 3339 time");
  if (*text == "latest")
    from = {.kind = From::Kind::latest};
  else if (*text == "earliest")
    from = {.kind = From::Kind::earliest};
  else if (*text == "acked")
    from = {.kind = From::Kind::acked};
  else if (const auto time = parse_rfc3339(*text))
    from = {.kind = From::Kind::time, .time = time->utc};
  else {
    return bad_value("from: " + quoted(*text) +
                     " is neither \"earliest\", \"latest\", \"acked\" nor an RFC 3339 time (a number has no quotes)");
  }
  return std::nullopt;
}

std::optional<Refusal> read_names(std::string_view member, const json::value& value, std::vector<std::string>& names) {
  const auto* array = value.if_array();
  if (array == nullptr) return bad_value(std::string(member) + ": a list of strings");
  if (array->empty()) return bad_value(std::string(member) + ": an empty list matches nothing; leave it out for all");
  if (array->size() > kMaxFilterValues) {
    return bad_value(std::string(member) + ": at most " + std::to_string(kMaxFilterValues) + " values");
  }
  for (const auto& element : *array) {
    const auto* text = element.if_string();
    if (text == nullptr || text->empty())
      return bad_value(std::string(member) + ": a list of strings that are not empty");
    names.emplace_back(*text);
  }
  return std::nullopt;
}

std::optional<Refusal> read_member(std::string_view name, const json::value& value, Subscribe& request,
                                   bool& has_from) {
  if (name == "from") {
    has_from = true;
    return read_from(value, request.from);
  }
  if (name == "consumer") {
    const auto* text = value.if_string();
    if (text == nullptr || !is_consumer_name(*text)) {
      return bad_value("consumer: 1 to 64 of the characters A-Z a-z 0-9 . _ -, not starting with a dot");
    }
    request.consumer = *text;
    return std::nullopt;
  }
  if (name == "feeds") return read_names(name, value, request.feeds);
  if (name == "tags") return read_names(name, value, request.tags);
  if (name == "on_gap") {
    const auto* text = value.if_string();
    if (text == nullptr || (*text != "continue" && *text != "error"))
      return bad_value("on_gap: \"error\" or \"continue\"");
    request.continue_on_gap = *text == "continue";
    return std::nullopt;
  }
  if (name == "ack") {
    const auto* text = value.if_string();
    if (text == nullptr || (*text != "confirm" && *text != "silent"))
      return bad_value("ack: \"confirm\" or \"silent\"");
    request.confirm_acks = *text == "confirm";
    return std::nullopt;
  }
  if (name == "heartbeat") {
    const auto seconds = to_seq(value);
    if (!seconds || *seconds > static_cast<std::uint64_t>(kMaxHeartbeatSeconds)) {
      return bad_value("heartbeat: seconds, 0 (none) to 86400");
    }
    request.heartbeat = std::chrono::seconds(*seconds);
    return std::nullopt;
  }
  if (name == "health") {
    const auto* flag = value.if_bool();
    if (flag == nullptr) return bad_value("health: true or false");
    request.health = *flag;
    return std::nullopt;
  }
  static const std::vector<std::string_view> known = {"from",   "consumer", "feeds",     "tags",
                                                      "on_gap", "ack",      "heartbeat", "health"};
  auto message = "subscribe has no member " + quoted(name);
  if (const auto close = nearest(name, known)) message += "; did you mean \"" + std::string(*close) + "\"?";
  return Refusal{.code = "unknown_member", .message = std::move(message)};
}

Request parse_subscribe(const json::object& members) {
  Subscribe request;
  bool has_from = false;
  for (const auto& [name, value] : members) {
    if (name == "op") continue;
    if (auto refusal = read_member(name, value, request, has_from)) return *std::move(refusal);
  }
  if (!has_from && !request.consumer.empty()) request.from.kind = From::Kind::acked;
  if (request.from.kind == From::Kind::acked && request.consumer.empty()) {
    return bad_value("from: \"acked\" needs a consumer, whose position it is");
  }
  if (request.confirm_acks && request.consumer.empty()) return bad_value("ack: \"confirm\" needs a consumer");
  return request;
}

Request parse_ack(const json::object& members) {
  std::optional<std::uint64_t> seq;
  for (const auto& [name, value] : members) {
    if (name == "op") continue;
    if (name != "seq") return Refusal{.code = "unknown_member", .message = "ack has no member " + quoted(name)};
    seq = to_seq(value);
    if (!seq || *seq == 0) return bad_value("seq: a number from 1 up");
  }
  if (!seq) return bad_value("ack needs seq");
  return Ack{Seq{*seq}};
}

/// `{"op":"NAME","MEMBER":N}` and a newline.
std::string line_of(std::string_view op, std::initializer_list<std::pair<std::string_view, std::uint64_t>> numbers) {
  std::string out;
  JsonWriter writer(out);
  writer.begin_object();
  writer.key("op").value(op);
  for (const auto& [name, number] : numbers) writer.key(name).value(number);
  writer.end_object();
  out += '\n';
  return out;
}

}  // namespace

bool is_consumer_name(std::string_view name) noexcept {
  if (name.empty() || name.size() > 64 || name.front() == '.') return false;
  for (const char c : name) {
    if (!is_alnum(c) && c != '.' && c != '_' && c != '-') return false;
  }
  return true;
}

Request parse_request(std::string_view line) {
  if (line.size() > kMaxRequestBytes)
    return Refusal{.code = "too_long", .message = "a request is one line of at most 65536 bytes"};
  boost::system::error_code ec;
  json::parse_options options;
  options.max_depth = 4;
  const auto value = json::parse(line, ec, {}, options);
  if (ec) return Refusal{.code = "bad_json", .message = "the line is not a JSON object: " + ec.message()};
  const auto* members = value.if_object();
  if (members == nullptr) return Refusal{.code = "bad_json", .message = "the line is not a JSON object"};
  const auto* op = members->if_contains("op");
  if (op == nullptr || !op->is_string())
    return Refusal{.code = "unknown_op", .message = "a request has \"op\": subscribe, ack or ping"};
  const std::string_view name = op->get_string();
  if (name == "subscribe") {
    auto request = parse_subscribe(*members);
    if (auto* refusal = std::get_if<Refusal>(&request)) refusal->subscribing = true;
    return request;
  }
  if (name == "ack") return parse_ack(*members);
  if (name == "ping") {
    if (members->size() > 1) return Refusal{.code = "unknown_member", .message = "ping has no members"};
    return Ping{};
  }
  return Refusal{.code = "unknown_op", .message = "unknown op " + quoted(name) + "; there are subscribe, ack and ping"};
}

std::string subscribed_line(Seq from) { return line_of("subscribed", {{"from", from.value}}); }
std::string acked_line(Seq seq) { return line_of("acked", {{"seq", seq.value}}); }
std::string ping_line(Seq seq) { return line_of("ping", {{"seq", seq.value}}); }
std::string bye_line(Seq next) { return line_of("bye", {{"next", next.value}}); }
std::string gap_line(Seq from, Seq to) { return line_of("gap", {{"from", from.value}, {"to", to.value}}); }
std::string health_lost_line(std::uint64_t count) { return line_of("health_lost", {{"count", count}}); }

std::string error_line(std::string_view code, std::string_view message,
                       std::initializer_list<std::pair<std::string_view, std::uint64_t>> numbers) {
  std::string out;
  JsonWriter writer(out);
  writer.begin_object();
  writer.key("op").value("error");
  writer.key("code").value(code);
  writer.key("message").value(message);
  for (const auto& [name, number] : numbers) writer.key(name).value(number);
  writer.end_object();
  out += '\n';
  return out;
}

std::string gone_line(Seq earliest) {
  return error_line("gone",
                    "that position is no longer kept; subscribe from \"earliest\", or with \"on_gap\":\"continue\"",
                    {{"earliest", earliest.value}});
}

std::string ahead_line(Seq next) {
  return error_line("ahead", "that number is not given yet; is this another spool than the one you read before?",
                    {{"next", next.value}});
}

std::string taken_over_line(std::string_view consumer) {
  return error_line("taken_over", "consumer \"" + std::string(consumer) + "\" connected again; this connection ends");
}

}  // namespace newswire::serve
