#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/seq.h"
#include "base/time.h"
#include "spool/detail/blocks.h"
#include "spool/file_system.h"
#include "spool/published.h"
#include "spool/spool.h"

namespace newswire::spool {

/// What is to be done with the live segment: a decision on values (plan_live), carried out by recover().
struct LivePlan {
  std::vector<Run> keep;     ///< what is committed, or may be
  std::uint64_t cut_at = 0;  ///< size to cut the file to, when it is not split
  bool split = false;        ///< the runs become segments of their own
  bool copy_first = false;   ///< the original is worth keeping aside
  bool close = false;        ///< lines behind the last one are lost: the live segment must end here
  Seq next;                  ///< number of the next line
  std::vector<Finding> findings;
};

/// `scan` of the live segment, looked at behind the closed segment that ends with `behind`. `several_lines`: the bytes
/// behind the last run hold a line feed, so they are more than one unfinished line. See Options::high_water.
LivePlan plan_live(const Scan& scan, Seq behind, std::optional<Seq> high_water, bool several_lines);

/// The folder as the writer takes it over.
struct Recovered {
  Snapshot::Segments closed;
  bool has_live = false;
  Seq live_first;
  std::uint64_t live_size = 0;
  Seq next{1};
  std::optional<Time> live_started;   ///< `received` of its first line
  std::optional<Time> last_received;  ///< of the spool's last line
  std::vector<Finding> findings;
};

/// Brings a folder, locked by the caller, into order; see Spool::open.
Result<Recovered> recover(FileSystem& files, const std::string& directory, const Options& options);

/// Deals with a closed segment that does not verify: sets the original aside, keeps its sound lines between the
/// neighbours `behind` and `before`. Appends to `findings`.
Result<Snapshot::Segments> repair_segment(FileSystem& files, const std::string& directory, const std::string& name,
                                          bool compressed, Seq behind, Seq before, std::string why,
                                          std::vector<Finding>& findings);

}  // namespace newswire::spool
