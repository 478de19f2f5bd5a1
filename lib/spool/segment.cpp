#include "spool/segment.h"

#include <charconv>

namespace newswire::spool {
namespace {

constexpr std::string_view kPrefix = "articles-";
constexpr std::string_view kPlain = ".ndjson";
constexpr std::string_view kCompressed = ".ndjson.zst";
constexpr std::size_t kDigits = 20;

}  // namespace

std::string segment_name(Seq first, bool compressed) {
  const auto digits = std::to_string(first.value);
  std::string name(kPrefix);
  name.append(kDigits - digits.size(), '0').append(digits);
  name.append(compressed ? kCompressed : kPlain);
  return name;
}

std::optional<SegmentName> parse_segment_name(std::string_view name) {
  if (!name.starts_with(kPrefix) || name.size() < kPrefix.size() + kDigits) return std::nullopt;
  const auto digits = name.substr(kPrefix.size(), kDigits);
  const auto ending = name.substr(kPrefix.size() + kDigits);
  SegmentName parsed;
  const auto [end, ec] = std::from_chars(digits.data(), digits.data() + kDigits, parsed.first.value);
  if (ec != std::errc{} || end != digits.data() + kDigits || parsed.first == Seq{}) return std::nullopt;
  if (ending != kPlain && ending != kCompressed) return std::nullopt;
  parsed.compressed = ending == kCompressed;
  return parsed;
}

Result<std::shared_ptr<const ReadFile>> Segment::file() const {
  if (pinned_) return pinned_;
  const std::lock_guard lock(mutex_);
  if (auto open = shared_.lock()) return open;
  auto opened = ReadFile::open(path_);
  if (opened) shared_ = *opened;
  return opened;
}

void Segment::pin(std::shared_ptr<const ReadFile> file) { pinned_ = std::move(file); }

}  // namespace newswire::spool
