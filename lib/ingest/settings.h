#pragma once

#include <memory>

#include "clean/cleaner.h"
#include "config/config.h"
#include "fetch/client.h"
#include "fetch/host_book.h"
#include "schedule/scheduler.h"

/// From configuration to what the rooms below take: one function a room, values to values.
namespace newswire::ingest {

schedule::Settings schedule_settings(const config::Config& config);
schedule::FeedOptions schedule_options(const config::FeedSettings& settings);
fetch::ClientOptions client_options(const config::Config& config);
fetch::HostLimits host_limits(const config::Config& config);
clean::Options clean_options(const config::FeedSettings& settings, std::shared_ptr<const clean::Rules> rules);

}  // namespace newswire::ingest
