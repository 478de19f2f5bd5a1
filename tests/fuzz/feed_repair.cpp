// Repaired text is a fixed point, and what needed no repair reads the same with and without it.
#include <cstdint>
#include <cstdlib>
#include <pugixml.hpp>

#include "base/text.h"
#include "feed/detail/repair.h"
#include "feed/detail/scan.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace newswire::feed::detail;
  const auto text = clean_utf8({reinterpret_cast<const char*>(data), size});
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
