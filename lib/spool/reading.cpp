#include <algorithm>
#include <map>
#include <utility>

#include "spool/detail/blocks.h"
#include "spool/detail/salvage.h"
#include "spool/file_system.h"
#include "spool/published.h"

namespace newswire::spool {
namespace {

/// The live segment up to its first line that does not verify.
Result<void> add_live(const std::string& directory, Snapshot& snapshot) {
  const Seq behind = snapshot.closed->empty() ? Seq{} : snapshot.closed->back()->last();
  snapshot.next = behind.next();
  const auto path = directory + "/" + std::string(kLiveName);
  auto file = ReadFile::open(path);
  if (!file && file.error().code == Errc::not_found) return {};
  if (!file) return file.error();
  const auto size = (*file)->size();
  if (!size) return size.error();
  const auto scan = scan_plain(*file, *size, behind);
  if (!scan) return scan.error();
  const bool sound = !scan->runs.empty() && scan->runs.front().offset == 0;
  if (sound) {
    snapshot.live_size = scan->runs.front().size;
    snapshot.next = scan->runs.front().last.next();
  }
  const Seq first = sound ? scan->runs.front().first : snapshot.next;
  auto segment = std::make_shared<Segment>(path, first, Seq{}, false, 0);
  segment->pin(*std::move(file));
  snapshot.live = std::move(segment);
  return {};
}

}  // namespace

Result<std::unique_ptr<Published>> open_for_reading(const std::string& directory) {
  const auto entries = real_file_system().list(directory);
  if (!entries) return entries.error();
  std::map<Seq, DirectoryEntry> chosen;  // of a plain and a compressed one the plain: it was there first
  for (const auto& entry : *entries) {
    const auto name = parse_segment_name(entry.name);
    if (name && (!name->compressed || !chosen.contains(name->first))) chosen[name->first] = entry;
  }
  Snapshot::Segments closed;
  for (const auto& [first, entry] : chosen) {
    const bool compressed = parse_segment_name(entry.name)->compressed;
    const auto file = ReadFile::open(directory + "/" + entry.name);
    if (!file && file.error().code == Errc::not_found) continue;  // a daemon removed it meanwhile
    if (!file) return file.error();
    const auto ends = check_ends(**file, compressed, entry.size);
    if (!ends) return ends.error();
    const Seq behind = closed.empty() ? Seq{} : closed.back()->last();
    if (!*ends || (*ends)->first != first || first <= behind) continue;  // verify() says what is wrong with it
    closed.push_back(make_segment(directory, first, (*ends)->last, compressed, entry.size));
  }
  auto snapshot = std::make_shared<Snapshot>();
  snapshot->closed = std::make_shared<const Snapshot::Segments>(std::move(closed));
  if (const auto done = add_live(directory, *snapshot); !done) return done.error();
  auto published = std::make_unique<Published>();
  published->replace(std::move(snapshot));
  return published;
}

}  // namespace newswire::spool
