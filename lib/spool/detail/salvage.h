#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/seq.h"
#include "spool/detail/blocks.h"
#include "spool/file_system.h"
#include "spool/published.h"

/// What is done with a file that does not verify: the original goes to the set-aside folder, its sound lines stay.
namespace newswire::spool {

/// Ending of a file that is being written and not yet counted; open() removes what an interruption left.
inline constexpr std::string_view kTemporary = ".tmp";

/// Moves the file `name` of `directory` to "set-aside/<name>.<number>" and gives that path, relative to `directory`.
Result<std::string> move_aside(FileSystem& files, const std::string& directory, const std::string& name);
/// The same as a copy; the original stays where and what it is. Errc::no_space.
Result<std::string> copy_aside(FileSystem& files, const std::string& directory, const std::string& name);

/// Replaces the segment `name` by segments of its sound lines with `behind` < seq < `before`: a file a run, so that
/// missing lines always lie between two segments, where a cursor notices. The caller has copied the original aside.
/// Interrupted anywhere, the next call arrives at the same end without losing or doubling a sound line.
/// `live`: the original is the live segment and is emptied, not removed.
Result<Snapshot::Segments> replace_by_sound_runs(FileSystem& files, const std::string& directory,
                                                 const std::string& name, bool compressed, bool live, Seq behind,
                                                 Seq before);

/// Makes a Segment of a plain file that was checked.
std::shared_ptr<const Segment> make_segment(const std::string& directory, Seq first, Seq last, bool compressed,
                                            std::uint64_t size);

}  // namespace newswire::spool
