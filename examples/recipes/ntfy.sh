#!/bin/sh
# A notification for each article by an ntfy server. Needs curl and jq.
#   newswirectl tail --consumer phone --tag urgent --exec './ntfy.sh https://ntfy.example.org my-topic'
set -eu
jq -c --arg topic "$2" '{topic: $topic, title: (.title // "")[0:200], tags: ["newspaper"],
    message: (.content_text // .summary // .title // "")[0:500]} + (if .url then {click: .url} else {} end)' |
  curl --fail --silent --show-error --max-time 30 --output /dev/null --header 'Content-Type: application/json' \
    --data-binary @- "$1"
