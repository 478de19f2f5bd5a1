#!/bin/sh
# Posts each article, as it is, to a URL. Needs curl and jq.
#   newswirectl tail --consumer hook --exec './webhook.sh https://example.org/hook' --dead-letter failed.ndjson
# The other side may see an article again after a failure; the key says which one it was.
set -eu
line=$(cat)
key=$(printf '%s' "$line" | jq -r '"\(._newswire.uid)-\(._newswire.revision)"')
printf '%s' "$line" | curl --fail --silent --show-error --max-time 30 --output /dev/null \
  --header 'Content-Type: application/json' --header "Idempotency-Key: $key" --data-binary @- "$1"
