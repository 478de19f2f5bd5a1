#pragma once

#include <boost/json/object.hpp>

#include "base/json_text.h"
#include "clean/site_model.h"

namespace newswire::daemon {

/// The members of a learned block, in an object that is open: what `learned` answers and `explain` shows as evidence.
void append_block(JsonWriter& json, const clean::LearnedBlock& block);

/// The block that append_block() wrote. Throws boost::system::system_error for what is none.
clean::LearnedBlock read_block(const boost::json::object& object);

}  // namespace newswire::daemon
