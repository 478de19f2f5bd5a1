#include "demo.h"

#include <fstream>
#include <set>

#include "base/text.h"
#include "base/url.h"
#include "embedded_files.h"

namespace newswire::daemon {
namespace {

namespace fs = std::filesystem;

Result<void> write_file(const fs::path& path, std::string_view bytes) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (!out) return Error{Errc::io, "cannot write here: check that the folder exists and is yours", path.string()};
  return {};
}

Result<void> make_folder(const fs::path& dir) {
  std::error_code failed;
  fs::create_directories(dir, failed);
  if (failed) return Error{Errc::io, "cannot create this folder: " + failed.message(), dir.string()};
  return {};
}

// A double-quoted YAML scalar.
std::string yaml_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

bool is_local(const std::string& url) {
  const auto host = host_of(url);
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

}  // namespace

Result<fs::path> write_demo(const fs::path& dir) {
  if (auto made = make_folder(dir); !made) return made.error();
  for (const auto* const name : {"spool", "state", "run"}) {
    std::error_code ignored;  // what cannot be removed is found when it is opened
    fs::remove_all(dir / name, ignored);
  }
  for (const auto& file : embedded_files()) {
    const std::string_view bytes(reinterpret_cast<const char*>(file.bytes), file.size);
    if (auto written = write_file(dir / file.name, bytes); !written) return written.error();
  }
  return fs::absolute(dir / "newswire.yaml");
}

Result<fs::path> write_follow(const fs::path& dir, const std::vector<std::string>& sources) {
  if (auto made = make_folder(dir); !made) return made.error();
  std::string yaml =
      "# Written by newswired --follow; edit a copy.\n"
      "spool: {dir: spool}\nstate: {dir: state}\nsockets: {dir: run}\nfeeds:\n";
  std::set<std::string> listed;
  for (const auto& source : sources) {
    std::string url = source;
    std::string more;
    if (is_http_url(source)) {
      if (is_local(source)) more = ", allow_private: true, interval: {min: 2s, max: 10s}";
    } else if (!istarts_with(source, "file:")) {
      std::error_code failed;
      const auto path = fs::canonical(source, failed);
      if (failed)
        return Error{Errc::not_found, "neither an http(s) URL nor a file that can be read: " + failed.message(),
                     source};
      url = path.string();
      more = ", interval: {min: 2s, max: 10s}";
    }
    if (listed.insert(url).second) yaml += "  - {url: " + yaml_text(url) + more + "}\n";
  }
  const auto path = dir / "newswire.yaml";
  if (auto written = write_file(path, yaml); !written) return written.error();
  return fs::absolute(path);
}

}  // namespace newswire::daemon
