#include "sockets_dir.h"

#include "config/config.h"

namespace newswire::daemon {

std::shared_ptr<SocketsPlace> add_sockets_options(CLI::App& command) {
  auto place = std::make_shared<SocketsPlace>();
  command.add_option("--sockets", place->sockets, "Folder of the daemon's sockets")->type_name("DIR");
  command.add_option("-c,--config", place->config, "Configuration file that names it")->type_name("FILE");
  return place;
}

Result<std::string> sockets_dir(const SocketsPlace& place) {
  if (!place.sockets.empty()) return place.sockets;
  if (place.config.empty()) return config::SocketsConfig{}.dir.string();
  auto loaded = config::load(place.config);
  if (!loaded.ok()) return loaded.errors.front();
  return loaded.config.sockets.dir.string();
}

}  // namespace newswire::daemon
