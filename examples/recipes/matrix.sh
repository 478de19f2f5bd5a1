#!/bin/sh
# A message in a Matrix room for each article. Needs curl and jq.
#   newswirectl tail --consumer matrix --exec './matrix.sh https://matrix.example.org "!room:example.org" token.curl'
# token.curl, mode 0600, holds one line, so that the token is in no process list:
#   header = "Authorization: Bearer TOKEN"
set -eu
line=$(cat)
# The transaction is the article's key: sent again after a failure, the server shows it once.
path=$(printf '%s' "$line" | jq -r --arg room "$2" \
  '"/_matrix/client/v3/rooms/\($room | @uri)/send/m.room.message/\("\(._newswire.uid)-\(._newswire.revision)" | @uri)"')
printf '%s' "$line" |
  jq -c '(.title // .id)[0:300] as $title | {msgtype: "m.notice", body: "\($title)\n\(.url // "")", format: "org.matrix.custom.html",
    formatted_body: (if .url then "<a href=\"\(.url | @html)\">\($title | @html)</a>" else ($title | @html) end)}' |
  curl --config "$3" --fail --silent --show-error --max-time 30 --output /dev/null --request PUT \
    --header 'Content-Type: application/json' --data-binary @- "$1$path"
