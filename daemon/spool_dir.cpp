#include "spool_dir.h"

#include "config/config.h"

namespace newswire::daemon {

std::shared_ptr<SpoolPlace> add_spool_options(CLI::App& command) {
  auto place = std::make_shared<SpoolPlace>();
  command.add_option("DIR", place->dir, "The spool's folder");
  command.add_option("-c,--config", place->config, "Configuration file that names it")->type_name("FILE");
  return place;
}

Result<std::string> spool_dir(const SpoolPlace& place) {
  if (!place.dir.empty()) return place.dir;
  if (place.config.empty()) return config::SpoolConfig{}.dir.string();
  auto loaded = config::load(place.config);
  if (!loaded.ok()) return loaded.errors.front();
  return loaded.config.spool.dir.string();
}

}  // namespace newswire::daemon
