#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/units.h"

/// The configuration as values. Plain data, no behaviour; a loaded Config never changes, and any thread may read it.
/// Every default stands beside its field; `config/newswire.yaml` says the same to people, and a test compares the two.
namespace newswire::config {

/// Where a password or token is to be found; the secret itself is never part of the configuration.
struct Secret {
  enum class From : std::uint8_t { none, file, environment, credential };
  From from = From::none;
  std::string name;  ///< absolute path, name of the variable, or name of the systemd credential
  explicit operator bool() const { return from != From::none; }
  friend bool operator==(const Secret&, const Secret&) = default;
};

/// A header or cookie to be sent: either `value` as it stands or, if set, what `secret` holds.
struct NamedValue {
  std::string name;
  std::string value;
  Secret secret;
  friend bool operator==(const NamedValue&, const NamedValue&) = default;
};

struct Auth {
  enum class Kind : std::uint8_t { none, basic, bearer };
  Kind kind = Kind::none;
  std::string user;  ///< basic only
  Secret secret;     ///< password or token
  friend bool operator==(const Auth&, const Auth&) = default;
};

enum class HttpVersion : std::uint8_t { automatic, http1 };
enum class FullText : std::uint8_t { automatic, always, never };

/// What the first fetch of a feed emits of the entries it finds (marked `backlog`).
struct Initial {
  enum class Kind : std::uint8_t { all, none, last, age };
  Kind kind = Kind::all;
  std::uint32_t last = 0;       ///< Kind::last: the newest n
  std::chrono::seconds age{0};  ///< Kind::age: those dated within
  friend bool operator==(const Initial&, const Initial&) = default;
};

/// Cleaning of a feed's entries.
struct CleanSettings {
  bool structure = true;                     ///< share bars, trackers, related lists, hidden nodes
  bool phrases = true;                       ///< rule files
  bool learning = true;                      ///< blocks that recur across a site's articles
  bool links = true;                         ///< tracking parameters and redirect wrappers
  bool html = true;                          ///< content_html in the record, beside content_text
  std::vector<std::filesystem::path> rules;  ///< rule files and folders of them, on top of those of all feeds
  std::vector<std::string> skip_categories;  ///< categories of rules that are not applied
  std::vector<std::string> skip_rules;       ///< single rules that are not applied, by name
  std::vector<std::string> keep;             ///< CSS selectors: never stripped
  std::vector<std::string> drop;             ///< CSS selectors: always stripped
  friend bool operator==(const CleanSettings&, const CleanSettings&) = default;
};

/// Everything about a feed that `defaults`, a group or the feed itself may set, completely resolved (feed before group
/// before defaults). Shared by all feeds that have the same: compare pointers first.
struct FeedSettings {
  bool paused = false;
  struct Interval {
    std::chrono::seconds min = std::chrono::minutes{15};
    std::chrono::seconds max = std::chrono::hours{24};
    friend bool operator==(const Interval&, const Interval&) = default;
  } interval;
  std::uint32_t priority = 1;  ///< 1 to 10: the weight w of POLLING.md section 4
  bool hints = true;           ///< the publisher's max-age, ttl, skipHours … bound the next poll
  bool conditional = true;     ///< false: never send validators (servers that answer a wrong 304)
  Initial initial;
  bool updates = true;    ///< emit `updated` events
  bool removals = false;  ///< emit `removed` events
  std::vector<NamedValue> headers;
  std::vector<NamedValue> cookies;
  Auth auth;
  struct ClientCertificate {
    std::filesystem::path certificate;  ///< PEM; empty: none
    std::filesystem::path key;          ///< PEM; empty: in `certificate`
    friend bool operator==(const ClientCertificate&, const ClientCertificate&) = default;
  } client_certificate;
  std::string proxy;  ///< http://, https://, socks5://, socks5h://host:port; empty: none (the environment is not asked)
  HttpVersion http_version = HttpVersion::automatic;
  bool verify_tls = true;
  bool allow_private = false;  ///< private, loopback and link-local addresses are fetched
  std::chrono::milliseconds timeout = std::chrono::seconds{60};  ///< whole transfer
  Bytes max_body = mebibytes(32);                                ///< after decompression
  std::string encoding;                                          ///< overrides what the document says; empty: not
  FullText full_text = FullText::automatic;
  CleanSettings clean;
  friend bool operator==(const FeedSettings&, const FeedSettings&) = default;
};

/// What a feed is called. Tags of defaults, group, include and feed add up; sorted, no duplicates.
struct FeedLabels {
  std::string title;  ///< overrides the feed's own; empty: the feed's own
  std::vector<std::string> tags;
  friend bool operator==(const FeedLabels&, const FeedLabels&) = default;
};

/// Where a feed stands, 1-based; `source` is an index into Config::sources.
struct SourceLine {
  std::uint32_t line = 0;
  std::uint16_t column = 0;
  std::uint16_t source = 0;
};

/// One feed, about 200 bytes with its URL when it comes from a list.
struct FeedConfig {
  std::string id;                                ///< unique; given, or derived from the URL (config/feed_id.h)
  std::string url;                               ///< absolute: http, https or file; unique, exactly as written
  std::shared_ptr<const FeedLabels> labels;      ///< null: neither title nor tags
  std::shared_ptr<const FeedSettings> settings;  ///< never null
  SourceLine where;
};

/// The labels of `feed`, empty ones if it has none.
const FeedLabels& labels_of(const FeedConfig& feed);

/// A named consumer inside the daemon that writes NDJSON to a collector that only listens.
struct OutputConfig {
  std::string connect;   ///< "unix:/absolute/path"
  std::string consumer;  ///< unique among outputs; default: derived from `connect`
  enum class From : std::uint8_t { latest, earliest };
  From from = From::latest;        ///< where to start when the consumer has no position yet
  std::vector<std::string> feeds;  ///< ids; empty: all
  std::vector<std::string> tags;   ///< empty: all
  bool health = false;             ///< also `{"op":"feed",…}` lines
  friend bool operator==(const OutputConfig&, const OutputConfig&) = default;
};

struct SpoolConfig {
  std::filesystem::path dir = "/var/spool/newswire";
  Bytes segment_size = mebibytes(64);
  std::chrono::seconds segment_age = std::chrono::hours{24};
  bool compress = true;  ///< zstd, closed segments, one rotation later
  struct Retain {
    std::chrono::seconds age = std::chrono::days{30};  ///< zero: for ever
    Bytes size = gibibytes(10);                        ///< zero: without limit
    friend bool operator==(const Retain&, const Retain&) = default;
  } retain;
  Bytes protect_unacked = gibibytes(20);  ///< total size up to which segments wait for consumers' acknowledgements
  Bytes max_line = mebibytes(4);          ///< longer content is cut and marked `truncated`
  Bytes min_free = mebibytes(64);         ///< below this much free space polling pauses
  friend bool operator==(const SpoolConfig&, const SpoolConfig&) = default;
};

struct StateConfig {
  std::filesystem::path dir = "/var/lib/newswire";
  std::chrono::seconds remember = std::chrono::days{90};  ///< seen entries that a feed no longer shows
  friend bool operator==(const StateConfig&, const StateConfig&) = default;
};

struct SocketsConfig {
  std::filesystem::path dir = "/run/newswire";
  std::string group;                      ///< of articles.sock; empty: the process's own
  std::vector<std::string> allow_groups;  ///< peers must be of one of these (root always may); empty: file mode decides
  std::uint32_t max_connections = 1024;
  std::chrono::milliseconds stall_timeout = std::chrono::minutes{5};  ///< a reader that takes nothing is let go
  friend bool operator==(const SocketsConfig&, const SocketsConfig&) = default;
};

struct HttpConfig {
  std::string listen;              ///< "127.0.0.1:9898", "[::1]:9898"; empty: off
  bool allow_remote = false;       ///< `listen` may be another than a loopback address
  std::vector<std::string> hosts;  ///< further names that the Host header may carry (DNS rebinding)
  bool articles = true;            ///< serve /articles
  std::uint32_t max_connections = 64;
  friend bool operator==(const HttpConfig&, const HttpConfig&) = default;
};

struct LogConfig {
  enum class Level : std::uint8_t { trace, debug, info, warn, error };
  enum class Format : std::uint8_t { automatic, plain, color, journal };
  Level level = Level::info;
  Format format = Format::automatic;  ///< journal priorities under systemd, colour on a terminal, else plain
  friend bool operator==(const LogConfig&, const LogConfig&) = default;
};

/// HTTP, process-wide; what a feed may change stands in FeedSettings.
struct FetchConfig {
  std::string contact;     ///< URL or mail address in the User-Agent; empty: the project's page
  std::string user_agent;  ///< whole header; empty: newswire/<version> (+<contact>)
  std::chrono::milliseconds connect_timeout = std::chrono::seconds{10};  ///< DNS, TCP and TLS
  std::chrono::milliseconds stall_timeout = std::chrono::seconds{20};    ///< no byte for this long
  std::uint32_t max_redirects = 10;
  Bytes max_header = kibibytes(64);
  std::uint32_t concurrency = 256;     ///< transfers at once
  Bytes body_memory = mebibytes(256);  ///< what large documents may take while they arrive and are read, together
  std::uint32_t per_host = 1;
  std::chrono::milliseconds host_spacing = std::chrono::seconds{1};
  std::uint32_t idle_connections = 64;   ///< kept open for reuse
  std::vector<std::string> allow_hosts;  ///< host names and networks (10.0.0.0/8) exempt from the address guard
  std::filesystem::path ca_file;         ///< PEM bundle; empty: the system's
  std::uint32_t dns_concurrency = 16;
  bool delta = true;   ///< A-IM: feed (RFC 3229)
  bool robots = true;  ///< robots.txt is honoured for pages (full text), never needed for feeds
  friend bool operator==(const FetchConfig&, const FetchConfig&) = default;
};

/// The knobs of POLLING.md; names and defaults as there.
struct ScheduleConfig {
  double polls_per_day = 24;    ///< budget, per feed on average; the price θ is steered to meet it
  double polls_per_second = 0;  ///< ceiling for the whole daemon; zero: none
  double alpha = 0.4;           ///< 0.5 minimises the mean delay of articles, less gives slow feeds more
  std::chrono::seconds max_hint = std::chrono::hours{24};
  std::chrono::seconds max_retry_after = std::chrono::days{7};
  std::chrono::seconds max_backoff = std::chrono::hours{24};
  double jitter = 0.10;  ///< fraction of the interval, only ever later
  std::chrono::seconds max_jitter = std::chrono::minutes{30};
  std::uint32_t catch_up_pages = 3;
  std::chrono::seconds dormant_after = std::chrono::days{365};
  std::chrono::seconds dormant_interval = std::chrono::days{7};
  friend bool operator==(const ScheduleConfig&, const ScheduleConfig&) = default;
};

/// Cleaning, process-wide; what a feed may change stands in CleanSettings.
struct CleanConfig {
  std::vector<std::filesystem::path> rules;  ///< rule files and folders of them, on top of the built-in ones
  std::uint32_t learned_sites = 100'000;     ///< sites whose boilerplate is remembered; the least recent is forgotten
  friend bool operator==(const CleanConfig&, const CleanConfig&) = default;
};

/// An interval that was set at run time (`newswirectl set-interval`) for a feed that other files configure.
struct IntervalOverride {
  std::string id;
  FeedSettings::Interval interval;
  friend bool operator==(const IntervalOverride&, const IntervalOverride&) = default;
};

struct Config {
  SpoolConfig spool;
  StateConfig state;
  SocketsConfig sockets;
  HttpConfig http;
  std::uint32_t workers = 0;                                              ///< zero: as many as cores
  std::chrono::milliseconds shutdown_timeout = std::chrono::seconds{10};  ///< in-flight polls may finish within
  LogConfig log;
  FetchConfig fetch;
  ScheduleConfig schedule;
  CleanConfig clean;
  std::shared_ptr<const FeedSettings> defaults = std::make_shared<FeedSettings>();
  std::vector<OutputConfig> outputs;
  std::vector<FeedConfig> feeds;            ///< in the order of the files
  std::vector<IntervalOverride> overrides;  ///< of managed_feeds(), applied already
  std::vector<std::string> sources;         ///< files read, the main one first
};

/// What loading gave. With any error `config` is not to be used; `errors` holds all that were found (at most 100, then
/// a count), each with `where` = "file:line:column". `warnings` are ready sentences, with their place.
struct Loaded {
  Config config;
  std::vector<Error> errors;
  std::vector<std::string> warnings;
  bool ok() const { return errors.empty(); }
};

/// How many feeds have been read so far; told now and then, on the thread that loads.
using OnFeedsRead = std::function<void(std::size_t feeds)>;

/// Reads the YAML file and all that it includes (YAML, OPML, plain URL lists), then `<state.dir>/feeds.yaml` if there
/// is one: the feeds that were added at run time (managed_feeds()). Relative paths are relative to the file they stand
/// in. Blocking file I/O; not on the loop. Errors: Errc::io, Errc::invalid, Errc::too_large (a file over 1 GiB, YAML
/// over 256 MiB).
Loaded load(const std::filesystem::path& path, const OnFeedsRead& on_feeds = {});

/// The same from memory: `name` is used in messages, and its folder for relative paths and includes.
Loaded parse_yaml(std::string_view text, const std::filesystem::path& name);

/// Where `newswirectl add`, `import` and `set-interval` keep what they change: a YAML file of the daemon's own,
/// included by load() when it exists.
std::filesystem::path managed_feeds(const Config& config);

/// Does `feed` stand there, so that the daemon may change or remove it?
bool is_managed(const Config& config, const FeedConfig& feed);

/// "file:line" of a feed, for messages.
std::string place_of(const Config& config, const FeedConfig& feed);

}  // namespace newswire::config
