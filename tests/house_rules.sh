#!/usr/bin/env bash
# Rules of the house that no compiler checks: a room's detail/ is its own; public headers name no third-party type
# but Asio's, Boost.System's and the standard library's.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
status=0
while IFS=: read -r file _ line; do
  room=$(cut -d/ -f2 <<<"$file")
  other=$(sed -E 's/.*"([a-z]+)\/detail\/.*/\1/' <<<"$line")
  [ "$room" = "$other" ] || { echo "$file includes the inside of another room: $line"; status=1; }
done < <(git grep -nE '#include "[a-z]+/detail/' -- 'lib/*' || [ $? = 1 ])
if git grep -nE '#include <(pugixml|curl/|sqlite3|gumbo|re2/|yaml-cpp/)' -- 'lib/*/*.h' ':!lib/*/detail/*'; then
  echo 'a public header includes a library that only .cpp files may know'
  status=1
fi
exit $status
