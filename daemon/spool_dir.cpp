#include "spool_dir.h"

#include <filesystem>
#include <system_error>

#include "config/config.h"

namespace newswire::daemon {

std::shared_ptr<SpoolPlace> add_spool_options(CLI::App& command) {
  auto place = std::make_shared<SpoolPlace>();
  command.add_option("DIR", place->dir, "The spool's folder");
  command.add_option("-c,--config", place->config, "Configuration file that names it")->type_name("FILE");
  return place;
}

namespace {

Result<std::string> named_dir(const SpoolPlace& place) {
  if (!place.dir.empty()) return place.dir;
  if (place.config.empty()) return config::SpoolConfig{}.dir.string();
  auto loaded = config::load(place.config);
  if (!loaded.ok()) return loaded.errors.front();
  return loaded.config.spool.dir.string();
}

}  // namespace

Result<std::string> spool_dir(const SpoolPlace& place) {
  auto dir = named_dir(place);
  if (!dir) return dir;
  std::error_code failed;
  auto files = std::filesystem::directory_iterator(*dir, failed);
  if (failed) return Error{Errc::io, "cannot read the folder: " + failed.message(), *dir};
  for (; files != std::filesystem::directory_iterator(); files.increment(failed)) {
    if (failed) return Error{Errc::io, "cannot read the folder: " + failed.message(), *dir};
    if (files->path().filename().native().starts_with("articles")) return dir;
  }
  return Error{Errc::not_found, "no spool here: the folder has no articles.ndjson", *dir};
}

}  // namespace newswire::daemon
