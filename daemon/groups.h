#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace newswire::daemon {

/// The ids of Unix groups. Errc::not_found names the first that does not exist: a list that silently shrank would let
/// in whom it was to keep out. Asks the name service: not for the loop's thread.
Result<std::vector<unsigned>> group_ids(const std::vector<std::string>& names);

}  // namespace newswire::daemon
