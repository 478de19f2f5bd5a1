#include "support.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "spool/line_reader.h"

namespace newswire::spool {

Folder::Folder() {
  std::string path = (std::filesystem::temp_directory_path() / "newswire-spool-XXXXXX").string();
  if (::mkdtemp(path.data()) == nullptr) throw std::runtime_error("mkdtemp");
  path_ = path;
}

Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::vector<std::string> Folder::names(const std::string& below) const {
  std::vector<std::string> names;
  const auto folder = below.empty() ? path_ : path_ + "/" + below;
  if (!std::filesystem::exists(folder)) return names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.is_regular_file() && entry.path().filename() != kLockName) names.push_back(entry.path().filename());
  }
  std::sort(names.begin(), names.end());
  return names;
}

Time at(std::int64_t seconds) { return Time(std::chrono::seconds(1'795'507'200 + seconds)); }

std::string tail(std::uint64_t number, std::size_t size) {
  std::string text = R"(,"uid":"u)" + std::to_string(number) + R"(","received":")" +
                     to_rfc3339(at(static_cast<std::int64_t>(number)), true) + R"("},"content_text":")";
  if (text.size() + 2 < size) text.append(size - 2 - text.size(), static_cast<char>('a' + number % 26));
  return text + "\"}";
}

std::uint64_t number_of(std::string_view line) {
  constexpr std::string_view kUid = R"("uid":"u)";
  const auto begin = line.find(kUid);
  if (begin == line.npos) throw std::runtime_error("no uid in " + std::string(line));
  std::uint64_t number = 0;
  std::from_chars(line.data() + begin + kUid.size(), line.data() + line.size(), number);
  return number;
}

std::unique_ptr<Spool> open(const std::string& directory, Options options, FileSystem& files) {
  auto spool = Spool::open(directory, std::move(options), files);
  if (!spool) throw std::runtime_error(to_string(spool.error()));
  return *std::move(spool);
}

void fill(Spool& spool, std::uint64_t from, std::uint64_t to, std::size_t size) {
  for (auto number = from; number <= to; ++number) {
    if (const auto seq = spool.append(tail(number, size)); !seq) throw std::runtime_error(to_string(seq.error()));
  }
  if (const auto done = spool.commit(); !done) throw std::runtime_error(to_string(done.error()));
}

Options small(std::uint64_t segment_size) {
  Options options;
  options.segment_size = segment_size;
  options.segment_min_age = {};
  options.compress = false;
  return options;
}

std::vector<ReadLine> read_all(const Published& published, std::optional<Seq> from) {
  auto cursor = Cursor::at(published, from.value_or(published.snapshot()->first()));
  if (!cursor) throw std::runtime_error(to_string(cursor.error()));
  LineReader reader(*std::move(cursor));
  std::vector<ReadLine> lines;
  for (;;) {
    const auto line = reader.next();
    if (!line) throw std::runtime_error(to_string(line.error()));
    if (!*line) return lines;
    lines.push_back({(*line)->seq, number_of((*line)->text)});
  }
}

std::string runs(const Published& published) {
  const auto lines = read_all(published);
  if (lines.empty()) return "";
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].seq.value != lines[i].number) {
      return "article " + std::to_string(lines[i].number) + " at " + std::to_string(lines[i].seq.value);
    }
    if (lines[i].seq.value != lines[0].seq.value + i) return "a hole before " + std::to_string(lines[i].seq.value);
  }
  return std::to_string(lines.front().seq.value) + "-" + std::to_string(lines.back().seq.value);
}

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

void write_file(const std::string& path, std::string_view bytes) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

}  // namespace newswire::spool
