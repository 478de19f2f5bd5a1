#!/bin/sh
# Copies state and spool while the daemon runs, so that the copy can be started from.
#   backup.sh /var/lib/newswire /var/spool/newswire /backup/newswire
# The state comes first: lines of the spool that it does not know yet are applied to it at the next start, while a spool
# that ends before its state would miss articles. A state that was caught in the middle of a write is rebuilt from the spool.
set -eu
state=$1
spool=$2
to=$3
rm -rf "$to.new"
mkdir -p "$to.new/state" "$to.new/spool"
cp -a "$state/." "$to.new/state/"
# Segments may be compressed or removed by age meanwhile: what is gone now is then there under another name.
cp -a "$spool/." "$to.new/spool/" || cp -a "$spool/." "$to.new/spool/"
rm -rf "$to.old"
[ ! -e "$to" ] || mv "$to" "$to.old"
mv "$to.new" "$to"
rm -rf "$to.old"
