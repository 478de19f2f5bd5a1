#pragma once

#include <string>
#include <string_view>

#include "base/time.h"

namespace newswire::ingest {

/// What a feed's HTTP row keeps beyond its columns (state::FeedHttp::extra).
struct HttpMemory {
  std::string validators_url;   ///< the exact URL that gave the validators, if it is not the stored one (R9)
  Time last_whole{};            ///< when a whole document last came, to the day; Time{}: never
  bool distrusts_304 = false;   ///< the server was caught answering 304 although there was something new
  bool move_from_feed = false;  ///< the candidate for a move is the document's word, not a redirect (A5)
  std::string archive_read;     ///< the newest archive page that a backfill has read; archives never change (N6)
  std::string archive_next;     ///< where the next backfill goes on behind what was read; empty: all is read
  friend bool operator==(const HttpMemory&, const HttpMemory&) = default;
};

/// As text for the row. Text that is none of ours reads as nothing remembered.
std::string encode(const HttpMemory& memory);
HttpMemory decode_http_memory(std::string_view text);

}  // namespace newswire::ingest
