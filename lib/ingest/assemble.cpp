#include "ingest/assemble.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "base/text.h"
#include "base/url.h"
#include "clean/language.h"
#include "clean/links.h"
#include "ingest/body.h"
#include "ingest/pictures.h"

namespace newswire::ingest {
namespace {

// A link that names the whole site is no mark of one entry. `canonical` is canonical_link(link), `home` the home
// page's.
bool is_home(std::string_view link, std::string_view canonical, std::string_view home) {
  if (!home.empty() && canonical == home) return true;
  const auto parts = split_url(link);
  return (parts.path.empty() || parts.path == "/") && parts.query.empty() && parts.fragment.empty();
}

std::string link_of(const feed::Entry& entry) { return entry.url.empty() ? entry.external_url : entry.url; }

// Everything that cleaning starts from, in a fixed order.
std::string raw_of(const feed::Entry& entry) {
  std::string raw;
  raw.reserve(entry.title.size() + entry.content_html.size() + entry.content_text.size() + entry.summary.size() + 4);
  for (const auto* const part : {&entry.title, &entry.content_html, &entry.content_text, &entry.summary}) {
    raw += *part;
    raw += '\x1F';
  }
  return raw;
}

bool is_later(const feed::Entry& a, const feed::Entry& b) {
  const auto& first = a.updated.time ? a.updated : a.published;
  const auto& second = b.updated.time ? b.updated : b.published;
  return first.time && second.time && first.time->utc > second.time->utc;
}

bool is_atom(feed::Format format) { return format == feed::Format::atom03 || format == feed::Format::atom10; }

// A date that no publisher can mean: kept as raw text only.
bool is_absurd(const ZonedTime& date, Time now) {
  constexpr Time kEarliest{std::chrono::sys_days{std::chrono::year{1900} / 1 / 1}};
  return date.utc < kEarliest || date.utc > now + std::chrono::days{3660};
}

void set_dates(article::Article& article, const feed::Entry& entry, Time now) {
  constexpr auto kTolerance = std::chrono::minutes{15};  // clocks differ
  const auto& published = entry.published.raw.empty() && !entry.published.time ? entry.updated : entry.published;
  if (published.time && !is_absurd(*published.time, now)) {
    article.date_published = published.time;
    article.date_in_future = published.time->utc > now + kTolerance;
  } else {
    article.published_raw = published.raw;
  }
  if (entry.updated.time && !is_absurd(*entry.updated.time, now)) article.date_modified = entry.updated.time;
}

std::string image_of(const feed::Entry& entry) {
  if (!entry.image.empty()) return entry.image;
  for (const auto& media : entry.media) {
    if (media.medium == "image" || media.type.starts_with("image/")) return media.url;
  }
  for (const auto& media : entry.media) {
    if (media.medium == "thumbnail") return media.url;
    if (!media.thumbnail.empty()) return media.thumbnail;
  }
  for (const auto& attachment : entry.attachments) {
    if (attachment.mime_type.starts_with("image/")) return attachment.url;
  }
  return entry.banner_image;
}

// Is the body only a teaser of the article? It ends in an ellipsis, or invited to read on, or is a short summary.
std::string completeness_of(const Body& body, const clean::Cleaned& cleaned) {
  constexpr std::size_t kTeaser = 1500;
  constexpr std::size_t kShort = 500;
  const auto text = trim(cleaned.text);
  if (text.empty()) return "title";
  const bool cut = text.ends_with("…") || text.ends_with("...") || text.ends_with("[…]") || text.ends_with("[...]");
  const bool invited = std::any_of(cleaned.stripped.begin(), cleaned.stripped.end(),
                                   [](const auto& removal) { return removal.category == "read-more"; });
  const bool teaser = text.size() < kTeaser && (cut || invited);
  return teaser || (body.from_summary && text.size() < kShort) ? "summary" : "full";
}

article::Article make_article(const feed::Feed& feed, const feed::Entry& entry, const Body& body,
                              const clean::Cleaned& cleaned, const DigestOptions& options) {
  article::Article article;
  article.feed = options.ref;
  if (article.feed.title.empty()) article.feed.title = feed.title;
  article.repairs = feed.repairs;
  article.id = entry.id;
  article.url = cleaned.url;
  if (cleaned.url != link_of(entry)) article.link_original = link_of(entry);
  if (!entry.url.empty() && !entry.external_url.empty()) article.external_url = entry.external_url;
  article.title = entry.title;
  article.content_text = cleaned.text;
  if (options.html) article.content_html = cleaned.html;
  article.stripped = cleaned.stripped;
  article.related = cleaned.related;
  article.completeness = completeness_of(body, cleaned);
  set_dates(article, entry, options.now);
  for (const auto& person : entry.authors.empty() ? feed.authors : entry.authors) {
    article.authors.push_back({person.name, person.url, person.email, person.avatar});
  }
  article.tags = entry.tags;
  if (!entry.language.empty()) {
    article.language = entry.language;
    article.language_source = "entry";
  } else if (!feed.language.empty()) {
    article.language = feed.language;
    article.language_source = "feed";
  } else if (auto detected = clean::detect_language(article.title + "\n" + article.content_text); !detected.empty()) {
    article.language = std::move(detected);
    article.language_source = "detected";
  }
  article.image = image_of(entry);
  for (const auto& attachment : entry.attachments) {
    article.attachments.push_back({attachment.url, attachment.mime_type, attachment.title, attachment.size_in_bytes,
                                   attachment.duration_in_seconds});
  }
  return article;
}

// The cleaned summary, where it says something besides the content.
void add_summaries(const feed::Feed& feed, const std::vector<std::size_t>& entries, const DigestOptions& options,
                   clean::SiteModel& model, std::vector<article::Article>& articles) {
  auto quiet = options.clean;
  quiet.learning = false;
  std::vector<clean::Entry> summaries;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const auto& entry = feed.entries[entries[i]];
    if (entry.summary.empty() || (entry.content_html.empty() && entry.content_text.empty())) continue;
    clean::Entry one;
    (entry.summary_is_html ? one.html : one.text) = entry.summary;
    one.base_url = link_of(entry);
    one.title = entry.title;
    summaries.push_back(std::move(one));
    places.push_back(i);
  }
  const auto cleaned = clean::clean_entries(summaries, quiet, model, options.now);
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (cleaned[i].text != articles[places[i]].content_text) articles[places[i]].summary = cleaned[i].text;
  }
}

// fh:complete says that what is absent was removed; a document that had to be repaired may have lost it on the way.
bool is_whole(const feed::Feed& feed) { return feed.complete && feed.repairs.empty(); }

article::Article removed_article(const feed::Feed& feed, const article::Seen::Removal& removal, std::string id,
                                 const DigestOptions& options) {
  article::Article article;
  article.feed = options.ref;
  if (article.feed.title.empty()) article.feed.title = feed.title;
  article.uid = article::make_uid(options.ref.id, removal.key);
  article.id = id.empty() ? article.uid : std::move(id);
  article.event = article::Event::removed;
  article.revision = removal.revision;
  return article;
}

// N4: entries that the publisher took back, by name (at:deleted-entry) or by leaving them out of a complete document.
// They are remembered as removed whether or not anybody is told.
std::vector<article::Article> take_back(const feed::Feed& feed, const Inspected& inspected, article::Seen& seen,
                                        const DigestOptions& options) {
  std::vector<article::Article> gone;
  if (options.first || seen.size() == 0) return gone;
  for (const auto& id : feed.deleted_ids) {
    const auto print = article::identify({id, {}, {}, {}}, {});
    const bool shown = std::any_of(inspected.prints.begin(), inspected.prints.end(),
                                   [&print](const auto& other) { return other.key == print.key; });
    if (shown) continue;  // the entry itself says otherwise
    if (const auto removal = seen.remove(print.key)) gone.push_back(removed_article(feed, *removal, id, options));
  }
  if (is_whole(feed) && !options.delta) {
    for (const auto& removal : seen.remove_absent(inspected.prints)) {
      gone.push_back(removed_article(feed, removal, {}, options));
    }
  }
  return gone;
}

// Which of the new entries of a first document are emitted.
std::vector<bool> chosen(const std::vector<const feed::Entry*>& entries, const config::Initial& initial, Time now) {
  using Kind = config::Initial::Kind;
  std::vector<bool> emit(entries.size(), initial.kind == Kind::all);
  const auto date = [](const feed::Entry& entry) {
    const auto& of = entry.published.time ? entry.published.time : entry.updated.time;
    return of ? of->utc : Time{};
  };
  if (initial.kind == Kind::age) {
    for (std::size_t i = 0; i < entries.size(); ++i) emit[i] = date(*entries[i]) >= now - initial.age;
  } else if (initial.kind == Kind::last) {
    std::vector<std::size_t> newest(entries.size());
    for (std::size_t i = 0; i < newest.size(); ++i) newest[i] = i;
    std::stable_sort(newest.begin(), newest.end(),
                     [&](std::size_t a, std::size_t b) { return date(*entries[a]) > date(*entries[b]); });
    for (std::size_t i = 0; i < newest.size() && i < initial.last; ++i) emit[newest[i]] = true;
  }
  return emit;
}

// Oldest first: by date where every article has one, else the document's order backwards (feeds put the newest on top).
void put_oldest_first(Digest& digest) {
  std::vector<std::size_t> order(digest.articles.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = order.size() - 1 - i;
  const bool dated = std::all_of(digest.articles.begin(), digest.articles.end(),
                                 [](const auto& article) { return article.date_published.has_value(); });
  if (dated) {
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return digest.articles[a].date_published->utc < digest.articles[b].date_published->utc;
    });
  }
  std::vector<article::Article> articles;
  std::vector<std::size_t> entry_of;
  articles.reserve(order.size());
  for (const auto i : order) {
    articles.push_back(std::move(digest.articles[i]));
    entry_of.push_back(digest.entry_of[i]);
  }
  digest.articles = std::move(articles);
  digest.entry_of = std::move(entry_of);
}

/// Ids and links that name nothing, since one document gives them to several entries. Views of the document's.
struct AmbiguousMarks {
  std::unordered_set<std::string_view> ids;
  std::unordered_set<std::string_view> links;  ///< canonical
};

// An id (a home page, a constant) is ambiguous when its entries have different links or titles, a link when they have
// different titles: two entries lost as one are worse than a revision told as an article of its own. In Atom an id is
// an entry's by definition, and several with one id are its revisions.
AmbiguousMarks ambiguous_marks(const feed::Feed& feed, const std::vector<std::string>& links) {
  AmbiguousMarks marks;
  if (is_atom(feed.format)) return marks;
  struct First {
    std::string_view link;
    std::string_view title;
  };
  std::unordered_map<std::string_view, First> by_id;
  std::unordered_map<std::string_view, std::string_view> by_link;
  const auto differ = [](std::string_view a, std::string_view b) { return !a.empty() && !b.empty() && a != b; };
  for (std::size_t i = 0; i < feed.entries.size(); ++i) {
    const auto& entry = feed.entries[i];
    const std::string_view link = links[i];
    const std::string_view title = trim(entry.title);
    if (!entry.id.empty()) {
      const auto [at, added] = by_id.try_emplace(entry.id, First{link, title});
      if (!added && (at->second.link != link || differ(at->second.title, title))) marks.ids.insert(entry.id);
    }
    if (link.empty()) continue;
    const auto [at, added] = by_link.try_emplace(link, title);
    if (!added && differ(at->second, title)) marks.links.insert(at->first);
  }
  return marks;
}

}  // namespace

Inspected inspect(const feed::Feed& feed, const article::Seen& seen) {
  std::vector<std::string> links;  // canonical
  links.reserve(feed.entries.size());
  for (const auto& entry : feed.entries) links.push_back(canonical_link(link_of(entry)));
  const auto marks = ambiguous_marks(feed, links);
  const auto home = feed.home_page_url.empty() ? std::string{} : canonical_link(feed.home_page_url);
  Inspected inspected;
  std::unordered_map<std::uint64_t, std::size_t> by_key;
  for (std::size_t i = 0; i < feed.entries.size(); ++i) {
    const auto& entry = feed.entries[i];
    const auto original = link_of(entry);
    const auto link = clean::clean_link(original);
    const bool nothing = entry.id.empty() && link.empty() && entry.title.empty() && entry.content_html.empty() &&
                         entry.content_text.empty() && entry.summary.empty();
    if (nothing) continue;
    const bool no_mark =
        is_home(link, link == original ? links[i] : canonical_link(link), home) || marks.links.contains(links[i]);
    article::Identity identity{marks.ids.contains(entry.id) ? std::string{} : entry.id, no_mark ? std::string{} : link,
                               entry.title, entry.published.raw.empty() ? entry.updated.raw : entry.published.raw};
    const auto print = article::identify(identity, raw_of(entry));
    const auto [at, added] = by_key.emplace(print.key, inspected.entries.size());
    if (added) {
      inspected.entries.push_back(i);
      inspected.prints.push_back(print);
    } else if (is_later(entry, feed.entries[inspected.entries[at->second]])) {
      inspected.entries[at->second] = i;
      inspected.prints[at->second] = print;
    }
  }
  for (const auto& print : inspected.prints) {
    inspected.changed.push_back(!seen.unchanged(print));
    inspected.any_changed = inspected.any_changed || inspected.changed.back();
  }
  inspected.shows_known = seen.knows_any(inspected.prints);
  if (is_whole(feed) && inspected.prints.size() < seen.shown_last()) inspected.any_changed = true;
  if (!feed.deleted_ids.empty()) inspected.any_changed = true;
  return inspected;
}

std::string site_of(const feed::Feed& feed, const std::string& feed_url) {
  auto host = host_of(feed.home_page_url);
  if (host.empty()) {
    std::unordered_map<std::string, std::size_t> votes;
    std::size_t most = 0;
    for (const auto& entry : feed.entries) {
      auto voted = host_of(entry.url);
      if (voted.empty()) continue;
      const auto count = ++votes[voted];
      if (count > most) {
        most = count;
        host = std::move(voted);
      }
    }
  }
  if (host.empty()) host = host_of(feed_url);
  if (host.starts_with("www.")) host.erase(0, 4);
  return host.empty() ? feed_url : host;
}

Digest digest(const feed::Feed& feed, const Inspected& inspected, article::Seen seen, clean::SiteModel& model,
              const DigestOptions& options) {
  // Clean what changed, all of it at once: a first fetch is learned as a batch before its entries are emitted.
  std::vector<clean::Entry> raw;
  std::vector<Body> bodies;
  std::vector<std::size_t> slot(inspected.entries.size(), 0);
  for (std::size_t i = 0; i < inspected.entries.size(); ++i) {
    if (!inspected.changed[i]) continue;
    const auto& entry = feed.entries[inspected.entries[i]];
    slot[i] = raw.size();
    bodies.push_back(body_of(entry));
    clean::Entry one;
    one.html = bodies.back().html;
    one.text = bodies.back().text;
    one.title = entry.title;
    one.url = link_of(entry);
    one.base_url = one.url.empty() ? options.ref.url : one.url;
    for (const auto& author : entry.authors) one.authors.push_back(author.name);
    one.language = entry.language.empty() ? feed.language : entry.language;
    one.image = entry.image;
    raw.push_back(std::move(one));
  }
  const auto cleaned = clean::clean_entries(raw, options.clean, model, options.now);

  auto prints = inspected.prints;
  for (std::size_t i = 0; i < prints.size(); ++i) {
    if (inspected.changed[i])
      article::complete(prints[i], feed.entries[inspected.entries[i]].title, cleaned[slot[i]].text);
  }
  const bool known_before = seen.size() > 0;
  auto gone = take_back(feed, inspected, seen, options);
  const auto verdicts = seen.judge(prints, options.now);
  seen.forget(options.now, options.remember);

  Digest result;
  using Kind = article::Verdict::Kind;
  std::vector<const feed::Entry*> fresh;
  for (std::size_t i = 0; i < verdicts.size(); ++i) {
    if (verdicts[i].kind == Kind::new_) fresh.push_back(&feed.entries[inspected.entries[i]]);
  }
  const bool first = options.first || !known_before;
  const auto emit = first ? chosen(fresh, options.initial, options.now) : std::vector<bool>(fresh.size(), true);
  // One new entry in a feed of one is how such a feed works; several at once mean that the window has moved past us.
  const bool backfill = options.backlog_from != std::string::npos;
  result.overflow = !first && !options.delta && !backfill && fresh.size() > 1 && fresh.size() == verdicts.size();

  std::size_t nth = 0;
  for (std::size_t i = 0; i < verdicts.size(); ++i) {
    const auto& verdict = verdicts[i];
    if (verdict.kind == Kind::known) continue;
    const auto& entry = feed.entries[inspected.entries[i]];
    const bool is_new = verdict.kind == Kind::new_;
    const bool asked_for = inspected.entries[i] >= options.backlog_from;
    if (is_new) {
      ++result.new_entries;
      const auto& date = entry.published.time ? entry.published.time : entry.updated.time;
      if (!asked_for) result.new_dates.push_back(date ? date->utc : Time{});
      if (!emit[nth++] && !asked_for) {
        ++result.held_back;
        continue;
      }
    } else {
      ++result.updated_entries;
      if (!options.updates) continue;
    }
    auto article = make_article(feed, entry, bodies[slot[i]], cleaned[slot[i]], options);
    article.uid = article::make_uid(options.ref.id, verdict.key);
    if (article.id.empty()) article.id = article.url.empty() ? article.uid : article.url;
    article.event = is_new ? article::Event::new_ : article::Event::updated;
    article.revision = verdict.revision;
    article.backlog = is_new && (first || asked_for);
    article.overflow = is_new && result.overflow;
    if (verdict.title_changed) article.changed.emplace_back("title");
    if (verdict.text_changed) article.changed.emplace_back("text");
    result.articles.push_back(std::move(article));
    result.entry_of.push_back(inspected.entries[i]);
  }
  add_summaries(feed, result.entry_of, options, model, result.articles);
  for (std::size_t i = 0; i < result.articles.size(); ++i) {
    add_pictures(feed.entries[result.entry_of[i]], options.html, result.articles[i]);
  }
  put_oldest_first(result);
  if (!result.articles.empty() && result.overflow) {
    for (std::size_t i = 1; i < result.articles.size(); ++i)
      result.articles[i].overflow = false;  // only "before this one"
  }
  result.removed_entries = gone.size();
  if (options.removals) {
    for (auto& article : gone) {
      result.articles.push_back(std::move(article));
      result.entry_of.push_back(std::string::npos);
    }
  }
  result.seen = std::move(seen);
  return result;
}

std::vector<Time> dates_of(const feed::Feed& feed) {
  std::vector<Time> dates;
  dates.reserve(feed.entries.size());
  for (const auto& entry : feed.entries) {
    const auto& date = entry.published.time ? entry.published.time : entry.updated.time;
    dates.push_back(date ? date->utc : Time{});
  }
  return dates;
}

}  // namespace newswire::ingest
