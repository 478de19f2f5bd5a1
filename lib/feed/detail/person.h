#pragma once

#include <string_view>
#include <vector>

#include "feed/feed.h"

namespace newswire::feed::detail {

/// A person as RSS writes one: "user@host (Name)", "Name (user@host)", "Name <user@host>", "user@host", "mailto:…",
/// "https://…", or just a name. Markup in it is kept out of the name.
Person parse_person(std::string_view text);

/// The same for a list of them, "a@host (A), b@host (B)"; one person where not each has an address.
std::vector<Person> parse_people(std::string_view text);

/// Adds a person unless an equal one stands there; one that only completes another (the address to a name) is merged.
void add_person(std::vector<Person>& people, Person person);

}  // namespace newswire::feed::detail
