// The settings that a feed, a group or the defaults may set.

#include "base/url.h"
#include "config/detail/check.h"
#include "config/detail/key.h"

namespace newswire::config::detail {
namespace {

using namespace std::chrono_literals;
using Settings = FeedSettings;

constexpr std::array kFullText = {std::pair{std::string_view("auto"), FullText::automatic},
                                  std::pair{std::string_view("always"), FullText::always},
                                  std::pair{std::string_view("never"), FullText::never}};
constexpr auto kLongest = std::chrono::milliseconds(std::chrono::days{366});

/// `interval: 1h` for `interval: {min: 1h, max: 1h}`.
void read_fixed_interval(const Node& node, Settings& to, const Context& context) {
  if (const auto value = read_duration(node, context, 1s, 1s, kLongest)) {
    to.interval.min = to.interval.max = std::chrono::duration_cast<std::chrono::seconds>(*value);
  }
}

std::vector<Key<Settings>> make_table() {
  return {
      flag<Settings>(
          "paused", [](auto& s) -> auto& { return s.paused; },
          "The feed is not polled, but keeps its memory of what was seen."),
      {"interval", "duration", "Shorthand: a fixed interval, minimum and maximum in one.", read_fixed_interval,
       nullptr},
      duration<Settings>(
          "interval.min", [](auto& s) -> auto& { return s.interval.min; }, 1s, kLongest,
          "Never polled sooner than this after the end of the previous poll."),
      duration<Settings>(
          "interval.max", [](auto& s) -> auto& { return s.interval.max; }, 1s, kLongest,
          "Never left alone longer than this, whatever its publisher hints, unless it fails, its server says Retry-After, or an hour is skipped."),
      count<Settings>(
          "priority", [](auto& s) -> auto& { return s.priority; }, 1, 10,
          "Weight of the feed's delay against other feeds' when the budget of polls is shared out, 1 to 10."),
      flag<Settings>(
          "hints", [](auto& s) -> auto& { return s.hints; },
          "Cache-Control, Expires, ttl, sy:updatePeriod, skipHours and skipDays of the publisher bound the next "
          "poll. Retry-After is obeyed in any case."),
      flag<Settings>(
          "conditional", [](auto& s) -> auto& { return s.conditional; },
          "Send validators; false for servers that answer 304 although there is something new."),
      other<Settings>(
          "initial", "all, none, last N or duration", [](auto& s) -> auto& { return s.initial; }, read_initial,
          [](const Initial& value, bool) { return print_initial(value); },
          "Which entries of the very first fetch are emitted (marked backlog): all, none, the last N, or those "
          "not older than a duration."),
      flag<Settings>(
          "updates", [](auto& s) -> auto& { return s.updates; },
          "Emit an `updated` event when an article's title or cleaned content really changed."),
      flag<Settings>(
          "removals", [](auto& s) -> auto& { return s.removals; },
          "Emit a `removed` event when the publisher says that an entry is gone (fh:complete, at:deleted-entry)."),
      other<Settings>(
          "headers", "map", [](auto& s) -> auto& { return s.headers; },
          [](const Node& node, const Context& context) { return read_named_values(node, context, false); },
          [](const std::vector<NamedValue>& value, bool hide) { return print_named_values(value, false, hide); },
          "Further request headers; a value may be a secret reference. Dropped on a redirect to another origin."),
      other<Settings>(
          "cookies", "map", [](auto& s) -> auto& { return s.cookies; },
          [](const Node& node, const Context& context) { return read_named_values(node, context, true); },
          [](const std::vector<NamedValue>& value, bool hide) { return print_named_values(value, true, hide); },
          "Cookies to send; a value may be a secret reference. Cookies that a server sets are never returned."),
      other<Settings>(
          "auth", "map or none", [](auto& s) -> auto& { return s.auth; }, read_auth,
          [](const Auth& value, bool) { return print_auth(value); },
          "Credentials: {basic: {user: NAME, password: SECRET}} or {bearer: SECRET}, where SECRET is {file: PATH}, "
          "{env: NAME} or {credential: NAME}."),
      path<Settings>(
          "client_certificate.certificate", [](auto& s) -> auto& { return s.client_certificate.certificate; },
          "PEM file with the certificate that newswire shows to the server."),
      path<Settings>(
          "client_certificate.key", [](auto& s) -> auto& { return s.client_certificate.key; },
          "PEM file with its private key, if it is not in the same file."),
      text<Settings>(
          "proxy", [](auto& s) -> auto& { return s.proxy; }, check_proxy,
          "http://, https://, socks5:// or socks5h:// proxy; empty: none. The environment is not asked.",
          [](std::string_view url) { return redact_url(url); }),
      choice<Settings>(
          "http_version", [](auto& s) -> auto& { return s.http_version; }, kHttpVersions,
          "auto (HTTP/2 where TLS offers it, 1.1 after trouble) or 1.1."),
      flag<Settings>(
          "verify_tls", [](auto& s) -> auto& { return s.verify_tls; },
          "Verify the server's certificate and name. false trusts anybody on the way."),
      flag<Settings>(
          "allow_private", [](auto& s) -> auto& { return s.allow_private; },
          "Private, loopback and link-local addresses may be fetched."),
      duration<Settings>(
          "timeout", [](auto& s) -> auto& { return s.timeout; }, 1s, 1h, "Longest time for a whole transfer."),
      size<Settings>(
          "max_body", [](auto& s) -> auto& { return s.max_body; }, kibibytes(1), gibibytes(4),
          "Largest document after decompression; complete entries before the cut are kept."),
      text<Settings>(
          "encoding", [](auto& s) -> auto& { return s.encoding; }, check_encoding,
          "Character encoding, whatever the document says, for example windows-1251; empty: as found."),
      choice<Settings>(
          "full_text", [](auto& s) -> auto& { return s.full_text; }, kFullText,
          "Fetch the linked page for the article's text: auto (when the entry has only a summary), always, never."),
      flag<Settings>(
          "clean.structure", [](auto& s) -> auto& { return s.clean.structure; },
          "Stage 1: share bars, trackers, related lists, hidden nodes."),
      flag<Settings>(
          "clean.phrases", [](auto& s) -> auto& { return s.clean.phrases; }, "Stage 2: the rule files."),
      flag<Settings>(
          "clean.learning", [](auto& s) -> auto& { return s.clean.learning; },
          "Stage 3: blocks that recur across the site's articles."),
      flag<Settings>(
          "clean.links", [](auto& s) -> auto& { return s.clean.links; },
          "Tracking parameters and redirect wrappers are taken out of links."),
      flag<Settings>(
          "clean.html", [](auto& s) -> auto& { return s.clean.html; },
          "The record has content_html beside content_text."),
      other<Settings>(
          "clean.rules", "list of paths", [](auto& s) -> auto& { return s.clean.rules; }, read_paths,
          [](const std::vector<std::filesystem::path>& value, bool) { return print_paths(value); },
          "Rule files, and folders of *.yaml, on top of those that the section clean names for all feeds."),
      texts<Settings>(
          "clean.skip_categories", [](auto& s) -> auto& { return s.clean.skip_categories; }, check_word,
          "Categories of rules that are not applied."),
      texts<Settings>(
          "clean.skip_rules", [](auto& s) -> auto& { return s.clean.skip_rules; }, check_word,
          "Single rules that are not applied, by name."),
      texts<Settings>(
          "clean.keep", [](auto& s) -> auto& { return s.clean.keep; }, check_selector,
          "CSS selectors of what is never stripped."),
      texts<Settings>(
          "clean.drop", [](auto& s) -> auto& { return s.clean.drop; }, check_selector,
          "CSS selectors of what is always stripped."),
  };
}

}  // namespace

const std::vector<Key<FeedSettings>>& feed_keys() {
  static const auto table = make_table();
  return table;
}

}  // namespace newswire::config::detail
