#pragma once

#include <string>

#include "base/result.h"
#include "config/config.h"
#include "fetch/http_message.h"

namespace newswire::ingest {

/// The request for one poll of `feed` at `url` (configured, or where it has moved to), its secrets read from where the
/// configuration says. Its headers, cookies, credentials and certificate are for the origin that the configuration
/// names: a feed that has moved to another is asked without them (R19). Blocking file I/O when has_secrets(): then on a
/// worker. Errors as config::read_secret, with the feed's place in the configuration.
Result<fetch::Request> make_request(const config::Config& config, const config::FeedConfig& feed,
                                    const std::string& url);

/// The same without anything that is for the feed's origin only: limits, proxy, address guard. No I/O.
fetch::Request make_public_request(const config::Config& config, const config::FeedConfig& feed,
                                   const std::string& url);

/// Does a request of this feed read files or the environment?
bool has_secrets(const config::FeedSettings& settings);

}  // namespace newswire::ingest
