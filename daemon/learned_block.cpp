#include "learned_block.h"

#include <boost/json.hpp>
#include <chrono>
#include <string_view>

#include "base/time.h"

namespace newswire::daemon {
namespace {

std::string_view name_of(clean::Verdict verdict) {
  switch (verdict) {
    case clean::Verdict::keep: return "keep";
    case clean::Verdict::strip: return "strip";
    case clean::Verdict::learned: break;
  }
  return "learned";
}

Time time_of(const boost::json::object& object, std::string_view member) {
  const auto* const value = object.if_contains(member);
  if (value == nullptr || !value->is_string()) return Time{};
  const auto time = parse_rfc3339(std::string_view(value->get_string()));
  return time ? time->utc : Time{};
}

}  // namespace

void append_block(JsonWriter& json, const clean::LearnedBlock& block) {
  json.key("block").value(block.id);
  json.key("text").value(block.text);
  json.key("entries").value(std::uint64_t{block.entries});
  json.key("heads").value(std::uint64_t{block.heads});
  json.key("tails").value(std::uint64_t{block.tails});
  json.key("share").value(block.share);
  json.key("first_seen").value(to_rfc3339(std::chrono::floor<std::chrono::seconds>(block.first_seen)));
  json.key("last_seen").value(to_rfc3339(std::chrono::floor<std::chrono::seconds>(block.last_seen)));
  json.key("verdict").value(name_of(block.verdict));
}

clean::LearnedBlock read_block(const boost::json::object& object) {
  clean::LearnedBlock block;
  block.id = object.at("block").to_number<std::uint64_t>();
  block.text = object.at("text").as_string();
  block.entries = object.at("entries").to_number<std::uint32_t>();
  block.heads = object.at("heads").to_number<std::uint32_t>();
  block.tails = object.at("tails").to_number<std::uint32_t>();
  block.share = object.at("share").to_number<double>();
  block.first_seen = time_of(object, "first_seen");
  block.last_seen = time_of(object, "last_seen");
  const auto& verdict = object.at("verdict").as_string();
  for (const auto one : {clean::Verdict::keep, clean::Verdict::strip}) {
    if (verdict == name_of(one)) block.verdict = one;
  }
  return block;
}

}  // namespace newswire::daemon
