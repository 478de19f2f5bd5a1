#!/bin/sh
# Appends articles to a file, and goes on behind the last one when started again. Needs socat and jq.
# Usage: follow.sh FILE [SOCKET]
set -eu
file=$1
socket=${2:-/run/newswire/articles.sock}

while :; do
  last=$(tail -n 1 "$file" 2>/dev/null | jq ._newswire.seq 2>/dev/null || true)
  if [ -n "$last" ]; then from=$((last + 1)); else from='"earliest"'; fi
  # socat ends half a second after the end of its input, unless told otherwise. The jq program passes articles on,
  # behind the answer to our request only.
  printf '{"op":"subscribe","from":%s}\n' "$from" |
    socat -t 86400 - "UNIX-CONNECT:$socket" |
    jq --unbuffered -cn 'foreach inputs as $line (false; . or $line.op == "subscribed"; select(.) | $line | select(.id))' \
      >>"$file" || true
  [ -z "${ONCE:-}" ] || exit 0
  sleep 1
done
