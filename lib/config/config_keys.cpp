// The settings of the daemon as a whole, and the list of all keys.

#include "config/detail/check.h"
#include "config/detail/key.h"
#include "config/keys.h"

namespace newswire::config::detail {
namespace {

using namespace std::chrono_literals;

constexpr auto kYears = std::chrono::milliseconds(std::chrono::days{36525});
constexpr Bytes kHuge = gibibytes(1U << 20U);

constexpr std::array kLevels = {std::pair{std::string_view("trace"), LogConfig::Level::trace},
                                std::pair{std::string_view("debug"), LogConfig::Level::debug},
                                std::pair{std::string_view("info"), LogConfig::Level::info},
                                std::pair{std::string_view("warn"), LogConfig::Level::warn},
                                std::pair{std::string_view("error"), LogConfig::Level::error}};
constexpr std::array kFormats = {std::pair{std::string_view("auto"), LogConfig::Format::automatic},
                                 std::pair{std::string_view("plain"), LogConfig::Format::plain},
                                 std::pair{std::string_view("color"), LogConfig::Format::color},
                                 std::pair{std::string_view("journal"), LogConfig::Format::journal}};

void append_storage(std::vector<Key<Config>>& table) {
  const auto add = [&](Key<Config> key) { table.push_back(std::move(key)); };
  add(at_restart(path<Config>(
      "spool.dir", [](auto& c) -> auto& { return c.spool.dir; },
      "Folder of articles.ndjson and its closed segments.")));
  add(size<Config>(
      "spool.segment_size", [](auto& c) -> auto& { return c.spool.segment_size; }, kibibytes(64), gibibytes(64),
      "Size at which the live file is closed and a new one begun."));
  add(duration<Config>(
      "spool.segment_age", [](auto& c) -> auto& { return c.spool.segment_age; }, 1min, kYears,
      "Age at which it is closed even if it is small."));
  add(flag<Config>(
      "spool.compress", [](auto& c) -> auto& { return c.spool.compress; },
      "Closed segments are compressed with zstd, one rotation later."));
  add(duration<Config>(
      "spool.retain.age", [](auto& c) -> auto& { return c.spool.retain.age; }, 0s, kYears,
      "Closed segments older than this are deleted; 0 keeps them for ever."));
  add(size<Config>(
      "spool.retain.size", [](auto& c) -> auto& { return c.spool.retain.size; }, {}, kHuge,
      "Total size of closed segments over which the oldest are deleted; 0 sets no limit."));
  add(size<Config>(
      "spool.protect_unacked", [](auto& c) -> auto& { return c.spool.protect_unacked; }, {}, kHuge,
      "Segments that a named consumer has not acknowledged are kept in spite of retention up to this total size."));
  add(size<Config>(
      "spool.max_line", [](auto& c) -> auto& { return c.spool.max_line; }, kibibytes(4), mebibytes(256),
      "Longest line; longer content is cut and the line marked `truncated`."));
  add(size<Config>(
      "spool.min_free", [](auto& c) -> auto& { return c.spool.min_free; }, {}, kHuge,
      "Polling pauses while the disk has less free space than this."));
  add(at_restart(path<Config>(
      "state.dir", [](auto& c) -> auto& { return c.state.dir; },
      "Folder of the state database and of the feeds added at run time.")));
  add(duration<Config>(
      "state.remember", [](auto& c) -> auto& { return c.state.remember; }, 24h, kYears,
      "How long an entry that its feed no longer shows is remembered, so that it does not return as new."));
}

void append_listeners(std::vector<Key<Config>>& table) {
  const auto add = [&](Key<Config> key) { table.push_back(std::move(key)); };
  add(at_restart(path<Config>(
      "sockets.dir", [](auto& c) -> auto& { return c.sockets.dir; },
      "Folder of articles.sock and control.sock, unless systemd passes them.")));
  add(at_restart(text<Config>(
      "sockets.group", [](auto& c) -> auto& { return c.sockets.group; }, check_group,
      "Group of articles.sock (mode 0660); empty: the daemon's own.")));
  add(texts<Config>(
      "sockets.allow_groups", [](auto& c) -> auto& { return c.sockets.allow_groups; }, check_group,
      "If not empty: a peer on articles.sock must belong to one of these groups; root always may."));
  add(count<Config>(
      "sockets.max_connections", [](auto& c) -> auto& { return c.sockets.max_connections; }, 1, 100'000,
      "Clients at once; the next is refused with a message."));
  add(duration<Config>(
      "sockets.stall_timeout", [](auto& c) -> auto& { return c.sockets.stall_timeout; }, 1s, kYears,
      "A client that takes nothing for this long although there is something is disconnected."));
  add(at_restart(text<Config>(
      "http.listen", [](auto& c) -> auto& { return c.http.listen; }, check_listen,
      "Address of the status page and metrics, for example 127.0.0.1:9898; empty: off.")));
  add(at_restart(flag<Config>(
      "http.allow_remote", [](auto& c) -> auto& { return c.http.allow_remote; },
      "http.listen may be an address that other machines reach. There is no login.")));
  add(texts<Config>(
      "http.hosts", [](auto& c) -> auto& { return c.http.hosts; }, check_host,
      "Names that browsers may use for the page beside localhost and the address itself."));
  add(flag<Config>(
      "http.articles", [](auto& c) -> auto& { return c.http.articles; },
      "Serve the stream of articles over HTTP too (/articles)."));
  add(count<Config>(
      "http.max_connections", [](auto& c) -> auto& { return c.http.max_connections; }, 1, 100'000,
      "Connections at once."));
}

void append_process(std::vector<Key<Config>>& table) {
  const auto add = [&](Key<Config> key) { table.push_back(std::move(key)); };
  add(at_restart(count<Config>(
      "workers", [](auto& c) -> auto& { return c.workers; }, 0, 1024,
      "Threads that decode, parse and clean; 0: as many as cores.")));
  add(duration<Config>(
      "shutdown_timeout", [](auto& c) -> auto& { return c.shutdown_timeout; }, 0s, 10min,
      "Time that transfers under way get to finish when the daemon stops."));
  add(choice<Config>(
      "log.level", [](auto& c) -> auto& { return c.log.level; }, kLevels,
      "trace, debug (each poll), info (a feed's change of state), warn or error."));
  add(at_restart(choice<Config>(
      "log.format", [](auto& c) -> auto& { return c.log.format; }, kFormats,
      "auto (journal under systemd, colour on a terminal, else plain), plain, color or journal.")));
}

void append_network(std::vector<Key<Config>>& table) {
  const auto add = [&](Key<Config> key) { table.push_back(std::move(key)); };
  add(text<Config>(
      "fetch.contact", [](auto& c) -> auto& { return c.fetch.contact; }, check_user_agent,
      "URL or mail address in the User-Agent, for publishers who want to complain."));
  add(text<Config>(
      "fetch.user_agent", [](auto& c) -> auto& { return c.fetch.user_agent; }, check_user_agent,
      "The whole User-Agent; empty: newswire/VERSION (+CONTACT)."));
  add(duration<Config>(
      "fetch.connect_timeout", [](auto& c) -> auto& { return c.fetch.connect_timeout; }, 100ms, 10min,
      "Longest time for name resolution, connection and TLS handshake."));
  add(duration<Config>(
      "fetch.stall_timeout", [](auto& c) -> auto& { return c.fetch.stall_timeout; }, 1s, 10min,
      "A transfer that moves no byte for this long is given up."));
  add(count<Config>(
      "fetch.max_redirects", [](auto& c) -> auto& { return c.fetch.max_redirects; }, 0, 50,
      "Redirects that one poll follows."));
  add(size<Config>(
      "fetch.max_header", [](auto& c) -> auto& { return c.fetch.max_header; }, kibibytes(4), mebibytes(1),
      "Largest header of an answer, all fields together."));
  add(count<Config>(
      "fetch.concurrency", [](auto& c) -> auto& { return c.fetch.concurrency; }, 1, 100'000, "Transfers at once."));
  add(size<Config>(
      "fetch.body_memory", [](auto& c) -> auto& { return c.fetch.body_memory; }, mebibytes(1), mebibytes(1 << 20),
      "Memory for the bodies of large documents (over 256 KiB) under way, together; others wait."));
  add(count<Config>(
      "fetch.per_host", [](auto& c) -> auto& { return c.fetch.per_host; }, 1, 100, "Transfers at once per host."));
  add(duration<Config>(
      "fetch.host_spacing", [](auto& c) -> auto& { return c.fetch.host_spacing; }, 0ms, 1h,
      "Time between the starts of two transfers from one host."));
  add(count<Config>(
      "fetch.idle_connections", [](auto& c) -> auto& { return c.fetch.idle_connections; }, 0, 100'000,
      "Connections that are kept open for reuse."));
  add(texts<Config>(
      "fetch.allow_hosts", [](auto& c) -> auto& { return c.fetch.allow_hosts; }, check_host_or_network,
      "Host names, addresses and networks that may be fetched although their address is private."));
  add(path<Config>(
      "fetch.ca_file", [](auto& c) -> auto& { return c.fetch.ca_file; },
      "PEM file of trusted authorities instead of the system's."));
  add(count<Config>(
      "fetch.dns_concurrency", [](auto& c) -> auto& { return c.fetch.dns_concurrency; }, 1, 1024,
      "Name resolutions at once."));
  add(flag<Config>(
      "fetch.delta", [](auto& c) -> auto& { return c.fetch.delta; },
      "Ask servers for new entries only (A-IM: feed, RFC 3229)."));
  add(flag<Config>(
      "fetch.robots", [](auto& c) -> auto& { return c.fetch.robots; },
      "Honour robots.txt for the pages that full_text fetches."));
}

void append_schedule(std::vector<Key<Config>>& table) {
  const auto add = [&](Key<Config> key) { table.push_back(std::move(key)); };
  add(real<Config>(
      "schedule.polls_per_day", [](auto& c) -> auto& { return c.schedule.polls_per_day; }, 0.01, 86'400,
      "Budget: polls a day, per feed on average; busy feeds get more of them, quiet ones less."));
  add(real<Config>(
      "schedule.polls_per_second", [](auto& c) -> auto& { return c.schedule.polls_per_second; }, 0, 1'000'000,
      "Ceiling for all feeds together; 0: none."));
  add(real<Config>(
      "schedule.alpha", [](auto& c) -> auto& { return c.schedule.alpha; }, 0, 1,
      "0.5 gives the least mean delay of articles, less favours slow feeds."));
  add(duration<Config>(
      "schedule.max_hint", [](auto& c) -> auto& { return c.schedule.max_hint; }, 0s, kYears,
      "All hints of a publisher together cannot delay a poll longer than this."));
  add(duration<Config>(
      "schedule.max_retry_after", [](auto& c) -> auto& { return c.schedule.max_retry_after; }, 0s, kYears,
      "Longest Retry-After that is obeyed."));
  add(duration<Config>(
      "schedule.max_backoff", [](auto& c) -> auto& { return c.schedule.max_backoff; }, 1min, kYears,
      "Longest pause between attempts for a failing feed."));
  add(fraction<Config>(
      "schedule.jitter", [](auto& c) -> auto& { return c.schedule.jitter; }, 1.0,
      "Polls are delayed at random by up to this share of the interval."));
  add(duration<Config>(
      "schedule.max_jitter", [](auto& c) -> auto& { return c.schedule.max_jitter; }, 0s, kYears,
      "But never by more than this."));
  add(count<Config>(
      "schedule.catch_up_pages", [](auto& c) -> auto& { return c.schedule.catch_up_pages; }, 0, 100,
      "Older pages that are fetched when entries may have been missed (RFC 5005); 0: none."));
  add(duration<Config>(
      "schedule.dormant_after", [](auto& c) -> auto& { return c.schedule.dormant_after; }, 24h, kYears,
      "Silence after which a feed counts as dormant."));
  add(duration<Config>(
      "schedule.dormant_interval", [](auto& c) -> auto& { return c.schedule.dormant_interval; }, 1h, kYears,
      "Longest interval of a dormant feed."));
}

void append_clean(std::vector<Key<Config>>& table) {
  table.push_back(other<Config>(
      "clean.rules", "list of paths", [](auto& c) -> auto& { return c.clean.rules; }, read_paths,
      [](const std::vector<std::filesystem::path>& value, bool) { return print_paths(value); },
      "Rule files, and folders of *.yaml, on top of the built-in rules; a later rule of the same name replaces an "
      "earlier."));
  table.push_back(count<Config>(
      "clean.learned_sites", [](auto& c) -> auto& { return c.clean.learned_sites; }, 0, 100'000'000,
      "Sites whose recurring blocks are remembered; the least recent is forgotten."));
}

std::vector<Key<Config>> make_table() {
  std::vector<Key<Config>> table;
  append_storage(table);
  append_listeners(table);
  append_process(table);
  append_network(table);
  append_schedule(table);
  append_clean(table);
  return table;
}

}  // namespace

const std::vector<Key<Config>>& config_keys() {
  static const auto table = make_table();
  return table;
}

const std::vector<PlainKey>& structural_keys() {
  static const std::vector<PlainKey> table = {
      {"defaults.tags", "list of texts", "[]", "Tags of every feed."},
      {"groups.NAME", "section", "",
       "A named set of feed settings and tags: every key that `defaults` has. Feeds name it by `group`."},
      {"include", "list of paths or sections", "[]",
       "More files with feeds, wildcards allowed: .yaml/.yml, .opml/.xml, everything else as a list of URLs."},
      {"include[].path", "path", "", "The file or wildcard, when an include has more to say."},
      {"include[].format", "one of", "", "yaml, opml or list, whatever the name ends in."},
      {"include[].group", "text", "", "Group of the file's feeds."},
      {"include[].tags", "list of texts", "[]", "Tags of the file's feeds."},
      {"outputs[].connect", "text", "", "Where a collector listens: unix:/path."},
      {"outputs[].consumer", "text", "", "Name under which the position is stored; by default made from the path."},
      {"outputs[].from", "one of", "latest", "Where to begin without a stored position: latest or earliest."},
      {"outputs[].feeds", "list of texts", "[]", "Only these feeds, by id."},
      {"outputs[].tags", "list of texts", "[]", "Only feeds with one of these tags."},
      {"outputs[].health", "bool", "false", "Send `{\"op\":\"feed\",…}` lines about the feeds' health as well."},
      {"feeds[].url", "text", "",
       "http, https or file URL, or a path. Required; a feed may also be written as the URL alone."},
      {"feeds[].id", "text", "",
       "Stable name of the feed in records, commands and state; by default derived from the URL."},
      {"feeds[].title", "text", "", "Title in the records instead of the feed's own."},
      {"feeds[].tags", "list of texts", "[]", "Tags of the feed, in addition to those of defaults, group and include."},
      {"feeds[].group", "text", "", "Group whose settings apply before the feed's own."},
  };
  return table;
}

}  // namespace newswire::config::detail

namespace newswire::config {

std::vector<KeyInfo> keys() {
  std::vector<KeyInfo> out;
  const Config config;
  for (const auto& key : detail::config_keys()) {
    out.push_back({std::string(key.path), std::string(key.type), key.print(config, false), std::string(key.meaning),
                   key.restart});
  }
  const FeedSettings settings;
  for (const auto& key : detail::feed_keys()) {
    const auto value = key.print ? key.print(settings, false) : std::string();
    out.push_back({"defaults." + std::string(key.path), std::string(key.type), value, std::string(key.meaning), false});
  }
  for (const auto& key : detail::structural_keys()) {
    out.push_back({std::string(key.path), std::string(key.type), std::string(key.default_value),
                   std::string(key.meaning), false});
  }
  return out;
}

}  // namespace newswire::config
