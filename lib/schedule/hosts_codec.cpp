#include <limits>

#include "schedule/scheduler.h"

namespace newswire::schedule {
namespace {

constexpr char kVersion = 1;
constexpr std::size_t kRecord = 8 + 8 + 8 + 1 + 4 + 8;

void put(std::string& out, std::uint64_t number, int bytes) {
  for (int i = 0; i < bytes; ++i) out.push_back(static_cast<char>(number >> (8 * i) & 0xFF));
}

std::uint64_t take(std::string_view bytes, std::size_t& at, int count) {
  std::uint64_t number = 0;
  for (int i = 0; i < count; ++i) number |= std::uint64_t{static_cast<unsigned char>(bytes[at++])} << (8 * i);
  return number;
}

std::uint64_t millis(Time time) { return static_cast<std::uint64_t>(time.time_since_epoch().count()); }
Time time_of(std::uint64_t millis) { return Time{std::chrono::milliseconds{static_cast<std::int64_t>(millis)}}; }

}  // namespace

std::string encode_hosts(const std::vector<HostRecord>& hosts) {
  std::string out;
  out.reserve(1 + hosts.size() * kRecord);
  out.push_back(kVersion);
  for (const auto& host : hosts) {
    put(out, host.host, 8);
    put(out, millis(host.paused_until), 8);
    put(out, millis(host.down_since), 8);
    put(out, static_cast<std::uint8_t>(host.failure), 1);
    put(out, host.probes, 4);
    put(out, millis(host.next_probe), 8);
  }
  return out;
}

Result<std::vector<HostRecord>> decode_hosts(std::string_view bytes) {
  if (bytes.empty()) return Error{Errc::corrupt, "empty list of hosts"};
  if (bytes[0] != kVersion) return Error{Errc::unsupported, "list of hosts of unknown version"};
  if ((bytes.size() - 1) % kRecord != 0) return Error{Errc::corrupt, "list of hosts is cut"};
  std::vector<HostRecord> out;
  out.reserve(bytes.size() / kRecord);
  for (std::size_t at = 1; at < bytes.size();) {
    HostRecord host;
    host.host = take(bytes, at, 8);
    host.paused_until = time_of(take(bytes, at, 8));
    host.down_since = time_of(take(bytes, at, 8));
    const auto failure = take(bytes, at, 1);
    host.failure =
        failure <= static_cast<std::uint64_t>(Failure::other) ? static_cast<Failure>(failure) : Failure::other;
    host.probes = static_cast<std::uint32_t>(take(bytes, at, 4));
    host.next_probe = time_of(take(bytes, at, 8));
    out.push_back(host);
  }
  return out;
}

}  // namespace newswire::schedule
