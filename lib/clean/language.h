#pragma once

#include <string>
#include <string_view>

namespace newswire::clean {

/// The language that most of `text` (plain text, UTF-8) is written in, as a BCP 47 code: "en", "de", "zh", "zh-Hant",
/// "sr". Empty when the text is too short or too mixed for a reliable answer, or is not UTF-8. Looks at the first
/// 16 KiB only, so the cost has a bound (about 1 ms). Any thread.
std::string detect_language(std::string_view text);

/// A language tag as pages write it ("EN_us", "de-DE ", "english") as BCP 47 with the usual case ("en-US", "de-DE");
/// empty if it is none. The check is of form, not of registration.
std::string normalize_language(std::string_view tag);

}  // namespace newswire::clean
