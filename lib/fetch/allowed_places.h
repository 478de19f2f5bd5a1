#pragma once

#include <span>
#include <string>
#include <string_view>

#include "fetch/address_guard.h"

namespace newswire::fetch {

/// Whether one of `places` names this address, or the host whose address it is: a host name ("wiki.lan", letters of
/// either case), an address ("10.0.0.7", "fd00::7") or a network ("10.0.0.0/8", "fd00::/8"). A line that is none of
/// these names nothing. Pure, any thread.
bool is_place_allowed(std::span<const std::string> places, std::string_view host, const AddressBytes& address);

}  // namespace newswire::fetch
