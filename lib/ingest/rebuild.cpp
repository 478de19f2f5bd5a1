#include "ingest/rebuild.h"

#include <string>
#include <unordered_map>

#include "article/identity.h"
#include "article/line.h"
#include "article/seen.h"
#include "spool/line_reader.h"

namespace newswire::ingest {
namespace {

// Feeds' memories under reconstruction; written out when they hold this many lines together.
constexpr std::size_t kLinesAtOnce = 200'000;

Result<void> flush(std::unordered_map<std::string, article::Seen>& feeds, Seq last, state::Store& store) {
  state::Batch batch;
  for (const auto& [id, seen] : feeds) batch.seen.push_back({id, seen.encode()});
  batch.high_water = last;
  feeds.clear();
  return store.apply(batch);
}

Result<void> remember(std::string_view text, std::unordered_map<std::string, article::Seen>& feeds,
                      const state::Store& store) {
  const auto line = article::parse_line(text);
  if (!line) return {};  // sound by its sum, but no article: nothing to remember
  auto found = feeds.find(line->feed.id);
  if (found == feeds.end()) {
    const auto blob = store.seen(line->feed.id);
    if (!blob) return blob.error();
    auto seen = article::Seen::decode(blob->value_or(std::string{}));
    found = feeds.emplace(line->feed.id, seen ? *std::move(seen) : article::Seen{}).first;
  }
  if (line->event == article::Event::removed) {
    found->second.restore_removed(article::key_of_uid(line->uid), line->revision);
    return {};
  }
  auto print = article::identify({line->id, line->url, line->title, line->published_raw}, {});
  if (const auto key = article::key_of_uid(line->uid); key != 0) print.key = key;
  article::complete(print, line->title, line->content_text);
  found->second.restore(print, line->revision, line->received);
  return {};
}

}  // namespace

Result<std::uint64_t> reapply(const spool::Published& published, Seq from, state::Store& store) {
  const auto snapshot = published.snapshot();
  const auto start = snapshot->earliest_from(from);
  auto cursor = spool::Cursor::at(published, start);
  if (!cursor) return cursor.error();
  spool::LineReader reader(*std::move(cursor));
  std::unordered_map<std::string, article::Seen> feeds;
  std::uint64_t lines = 0;
  Seq last = start.previous();
  while (true) {
    const auto line = reader.next();
    if (!line && line.error().code == Errc::corrupt) continue;  // one unsound line; the reader goes on behind it
    if (!line && line.error().code == Errc::gone && reader.skip_gap()) continue;  // lost lines: the rest still counts
    if (!line) return line.error();
    if (!*line) break;
    if (auto done = remember((*line)->text, feeds, store); !done) return done.error();
    last = (*line)->seq;
    if (++lines % kLinesAtOnce == 0) {
      if (auto done = flush(feeds, last, store); !done) return done.error();
    }
  }
  if (auto done = flush(feeds, last, store); !done) return done.error();
  return lines;
}

}  // namespace newswire::ingest
