#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace newswire::clean {

// What the wording of one line of plain text tells, whatever its place. All linear, any thread.

constexpr std::size_t kProse = 90;  ///< Latin letters, or as much, of a paragraph that ends a sentence
constexpr std::size_t kLongProse = 200;

bool ends_sentence(std::string_view line);
/// A paragraph rather than a label or a title: long, or of some length and a sentence.
bool is_prose(std::string_view line);
std::size_t words_in(std::string_view line);
/// A word or two, no sentence.
bool is_button(std::string_view line);
/// What may follow "Download the app": pitches and store badges.
bool mentions_app(std::string_view line);
/// "Download our app", "Jetzt starten: App herunterladen": asks for nothing but to get it.
bool asks_for_app(std::string_view line);
/// What may follow "Try our AI features".
bool mentions_ai(std::string_view line);
bool is_reading_time(std::string_view line);
bool starts_with_by(std::string_view line);
/// "Home > Technology > Space": where the page stands in its site.
bool is_breadcrumb(std::string_view line);
/// "Previous", "2", "Next": buttons of a list, no teasers.
bool is_pager(std::string_view line);
/// A description that nobody wrote as a line of the article: it begins in lower case and ends no sentence.
bool reads_as_description(std::string_view line);

/// A paragraph, or a shorter sentence that is long for a title.
bool is_sentence(std::string_view line);
/// Four words or more that end as a sentence does; of a script without spaces, ten characters.
bool is_short_sentence(std::string_view line);
/// Its words are written as those of a name.
bool is_proper_name(std::string_view line);
bool starts_with_copyright(std::string_view line);
/// "*** End of sponsored content ***"
bool ends_advertisement(std::string_view line);
/// "Scooters on the quay. © MAXPPP / Jean Dupuy", "© Provided by The Star": not "© 2025 …", which is the page's.
bool is_credited_caption(std::string_view line);
/// "Credit: AFP", "© AFP"
bool is_credit(std::string_view line);
/// Of a script without spaces between words.
bool is_ideographic(std::string_view text);

/// What a header of facts names before a colon ("Title: …", "Source: …", "URL: …").
enum class HeadFact : std::uint8_t { none, title, source, address };
/// The fact and its value, a view into `line`.
std::pair<HeadFact, std::string_view> head_fact(std::string_view line);

}  // namespace newswire::clean
