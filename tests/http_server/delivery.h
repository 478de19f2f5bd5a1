#pragma once

#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include "http_server/http_server.h"

namespace newswire::test {

/// An Answer as the steps that put it on the wire.
struct Delivery {
  enum class End : std::uint8_t { keep, close, stall, reset };
  struct Send {
    std::string bytes;
    std::chrono::milliseconds pause;  ///< before it
  };
  std::chrono::milliseconds delay{0};
  std::vector<Send> sends;
  std::string loop;  ///< sent without end afterwards, if not empty
  End end = End::keep;

  static Delivery of(const Answer& answer);

 private:
  void add_body(const std::string& piece, const Answer& answer);
  void cut(const Answer& answer);
};

}  // namespace newswire::test
