// Repaired text, XML or JSON, is well-formed and a fixed point.
#include <boost/json.hpp>
#include <cstdint>
#include <cstdlib>
#include <pugixml.hpp>

#include "base/text.h"
#include "feed/detail/json_repair.h"
#include "feed/detail/repair.h"
#include "feed/detail/scan.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace newswire::feed::detail;
  const auto text = clean_utf8({reinterpret_cast<const char*>(data), size});
  const auto json = repair_json(text);
  if (json.text.size() > text.size() * 6 + 64) std::abort();
  const auto json_again = repair_json(json.text);
  if (json_again.text != json.text || !json_again.repairs.empty()) std::abort();
  if (!json.text.empty()) {
    boost::json::error_code failure;
    boost::json::parse_options options;
    options.max_depth = 64;
    boost::json::parse(json.text, failure, {}, options);
    if (failure) std::abort();
  }
  const auto repaired = repair(text);
  if (repaired.text.size() > text.size() * 8 + (2U << 20U)) std::abort();
  if (repaired.text.empty()) return 0;
  pugi::xml_document document;
  if (!document.load_buffer(repaired.text.data(), repaired.text.size(), pugi::parse_default, pugi::encoding_utf8))
    std::abort();
  const auto again = repair(repaired.text);
  if (again.text != repaired.text) std::abort();
  return 0;
}
