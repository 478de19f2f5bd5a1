#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sockets_dir.h"

/// What the commands of newswirectl that ask the daemon have in common.
namespace newswire::daemon {

using Lines = std::vector<std::string>;

/// Says it on standard error; gives the exit status, 1.
int complain(const Error& error);

/// One request to the control socket. `on_line`, if given, is handed the lines as they come, and the answer is empty.
Result<Lines> ask(const SocketsPlace& place, const boost::json::object& request,
                  const std::function<void(std::string_view line)>& on_line = {});

/// A member as text: texts as they are, lists with commas, everything else as JSON. Fit for one line of a terminal: no
/// control characters.
std::string text_of(const boost::json::value& value);

/// A member that is a number; 0 if there is none.
std::uint64_t number(const boost::json::object& object, std::string_view name);

/// Lines of JSON objects as a table (table.h), one column for each of `columns`. On a terminal rows are cut to its width,
/// but no address, and times are told by their distance; elsewhere everything is whole.
void print_table(const Lines& lines, const std::vector<std::string>& columns);

/// JSON objects as "key  value" lines; inner objects indented.
void print_objects(const Lines& lines);

/// Asks, and prints the lines as they are with `json`, else hands them to `show`. Gives the exit status.
int ask_and_show(const SocketsPlace& place, const boost::json::object& request, bool json,
                 const std::function<void(const Lines&)>& show);

}  // namespace newswire::daemon
