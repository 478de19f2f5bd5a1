#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/seq.h"
#include "base/time.h"
#include "spool/cursor.h"
#include "spool/spool.h"

/// What the tests of this room share.
namespace newswire::spool {

/// A folder of its own for one test, removed with it.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string operator/(std::string_view name) const { return path_ + "/" + std::string(name); }
  const std::string& path() const { return path_; }
  /// Names in it (or in a folder in it), sorted; without the lock.
  std::vector<std::string> names(const std::string& below = "") const;

 private:
  std::string path_;
};

/// 2026-11-24T08:00:00Z and a number of seconds.
Time at(std::int64_t seconds);

/// The tail of article `number`: its uid is "u<number>", it was received at(number), and takes about `size` bytes.
std::string tail(std::uint64_t number, std::size_t size = 120);
/// The number in a line's uid.
std::uint64_t number_of(std::string_view line);

/// Opens or throws.
std::unique_ptr<Spool> open(const std::string& directory, Options options = {}, FileSystem& files = real_file_system());
/// Appends articles from..to (their numbers) and commits, or throws.
void fill(Spool& spool, std::uint64_t from, std::uint64_t to, std::size_t size = 120);

/// Small segments, no compression: what most tests want.
Options small(std::uint64_t segment_size = 4096);

struct ReadLine {
  Seq seq;
  std::uint64_t number;
};
/// Every committed line from `from` on (or from the first retained one), or throws.
std::vector<ReadLine> read_all(const Published& published, std::optional<Seq> from = std::nullopt);
/// "1-20": the numbers of all lines, if seq and number agree and follow each other, else a description.
std::string runs(const Published& published);

std::string read_file(const std::string& path);
void write_file(const std::string& path, std::string_view bytes);

}  // namespace newswire::spool
