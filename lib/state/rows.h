#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/seq.h"
#include "base/time.h"

/// The rows of the store: plain values. Blobs are opaque here; who writes them reads them. Time{} means "never".
namespace newswire::state {

/// What every poll rewrites, a 304 included, and what a start reads for all feeds: small.
struct FeedHot {
  std::string id;
  Time due{};                  ///< when to poll next
  Time last_poll{};            ///< last attempt
  Time last_success{};         ///< last 200 or 304 that could be used
  Time last_new{};             ///< last new article
  std::uint32_t failures = 0;  ///< in a row
  std::uint64_t polls = 0;
  std::uint64_t articles = 0;
  std::string status;    ///< ok, or the stable spelling of an Errc, or a word of ingest's: gone, paused …
  std::string schedule;  ///< schedule room's: rate estimate, hourly profile, limits
};

/// What a request needs and what only some answers change.
struct FeedHttp {
  std::string id;
  std::string configured_url;  ///< of the configuration when this row was written: another one voids the row
  std::string url;             ///< what is asked: configured, or where permanent redirects led
  std::string etag;            ///< verbatim, of `url`
  std::string last_modified;   ///< verbatim, of `url`
  std::string redirect_url;    ///< candidate of a permanent redirect
  Time redirect_since{};
  std::uint32_t redirect_count = 0;
  std::string title;      ///< of the feed, as last seen
  std::string error;      ///< last failure, one sentence
  std::string body_hash;  ///< of the last document
  std::string extra;      ///< ingest's own
};

/// The seen entries of a feed; written when entries came or went, never for a 304.
struct FeedSeen {
  std::string id;
  std::string blob;
};

/// A durable consumer's position: everything up to `acknowledged` is done.
struct Consumer {
  std::string name;
  Seq acknowledged;
  Time updated{};
};

/// Learned boilerplate of a site.
struct SiteModel {
  std::string site;
  std::string blob;
  Time used{};
};

/// A host that asked us to stay away.
struct Host {
  std::string host;
  Time until{};
  std::string blob;  ///< schedule room's
};

/// Everything that one commit changes. Later rows of the same key win. Deletions come first.
struct Batch {
  std::vector<std::string> forget_feeds = {};
  std::vector<std::string> forget_consumers = {};
  std::vector<std::string> forget_models = {};
  std::vector<FeedHot> hot = {};
  std::vector<FeedHttp> http = {};
  std::vector<FeedSeen> seen = {};
  std::vector<Consumer> consumers = {};
  std::vector<SiteModel> models = {};
  std::vector<Host> hosts = {};  ///< a row whose `until` is Time{} is deleted
  std::optional<Seq> high_water = {};

  bool empty() const;
};

}  // namespace newswire::state
