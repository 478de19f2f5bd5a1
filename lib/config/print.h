#pragma once

#include <span>
#include <string>
#include <string_view>

#include "config/config.h"

namespace newswire::config {

/// The configuration as it took effect, as YAML that load() reads back: every key with its value, feeds with what
/// differs from the defaults. No secrets: references stay references, secret-looking header values and URL parts become
/// "…" (such a line does not read back to the same).
std::string effective_yaml(const Config& config);

/// `feeds` as the YAML list that an include file or managed_feeds() holds, settings that differ from `defaults`
/// included. Nothing is hidden: the file is as secret as the URLs in it.
std::string feeds_yaml(std::span<const FeedConfig> feeds, const FeedSettings& defaults);

/// `overrides` as the section of managed_feeds() that holds them; nothing without any.
std::string overrides_yaml(std::span<const IntervalOverride> overrides);

/// OPML 2.0. A tag with "/" nests ("news/world" is outline world inside outline news), further tags go into `category`;
/// id and title are kept. read_opml() gives back the same feeds, tags and ids.
std::string write_opml(std::span<const FeedConfig> feeds, std::string_view title = "newswire");

}  // namespace newswire::config
