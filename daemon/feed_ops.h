#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/json/fwd.hpp>
#include <string>

#include "control_ops.h"

/// The operations of the control socket that change which feeds are followed. Each writes the state folder's feeds.yaml
/// (managed_feeds.h) and reloads; if the configuration does not load with it, the file is put back and nothing changes.
/// Errc::busy while another one is under way. Loop thread; files are touched by workers.
namespace newswire::daemon {

/// `url`, optional `id`, `title`, `tags`, `interval`. Gives `{"id":…,"url":…,"feeds":N}`.
boost::asio::awaitable<Result<std::string>> add_feed(ControlContext& context, boost::json::object args);
/// `feed`, an id or URL.
boost::asio::awaitable<Result<std::string>> remove_feed(ControlContext& context, boost::json::object args);
/// `feed` and `interval`, see parse_interval.
boost::asio::awaitable<Result<std::string>> set_interval(ControlContext& context, boost::json::object args);
/// `text` of an OPML file, or of a list of URLs with `"format":"list"`. Lines: `{"step":…,"feeds":N}` while it works,
/// `{"line":N,"url":…,"error":…}` for what was left out, then `{"added":N,"known":N,"refused":N,"feeds":N}`.
boost::asio::awaitable<Result<std::string>> import_feeds(ControlContext& context, boost::json::object args,
                                                         serve::ControlReply& reply);
/// `{"opml":…}` with all feeds, whichever file they stand in.
boost::asio::awaitable<Result<std::string>> export_feeds(ControlContext& context);

}  // namespace newswire::daemon
