#pragma once

#include <string_view>
#include <vector>

#include "fetch/http_message.h"

namespace newswire::fetch {

/// The conditional headers for a request of exactly `url` (R1–R4, R9, R14): If-None-Match and If-Modified-Since byte
/// for byte, both if both are known, and `A-IM: feed` with them if `a_im`; none if the validators belong to another
/// URL.
std::vector<Header> conditional_headers(const Validators& known, std::string_view url, bool a_im);

/// What to store after an answer, in the same transaction as its articles (R8). Not a decision about usable bodies: if
/// the body could not be parsed or spooled, the caller stores `Validators{}` instead, so that the next poll is whole.
/// - 200, 226: the pair of this answer, as a pair; what it does not carry is gone (R5, R7, R10, 226: R14)
/// - 304: what it carries replaces, what it does not carry stays (R6)
/// - 204, 205, and 200 with an empty body: as before (A1: not stored)
/// - everything else: as before
/// If the answer came from another URL than `known.url`, nothing of `known` survives a 200 (R9).
Validators updated_validators(const Validators& known, const Response& response);

}  // namespace newswire::fetch
