#!/bin/sh
# Puts each article into an OpenSearch or Elasticsearch index by the bulk interface. Needs curl and jq.
#   newswirectl tail --consumer search --from earliest --exec './opensearch.sh http://localhost:9200 articles'
# The revision is the document's external version: what comes again, or late, changes nothing.
set -eu
answer=$(jq -c --arg index "$2" '
    {index: {_index: $index, _id: ._newswire.uid, version: ._newswire.revision, version_type: "external_gte"}}, .' |
  curl --fail --silent --show-error --max-time 60 --header 'Content-Type: application/x-ndjson' --data-binary @- "$1/_bulk")
# 409: a later revision is there already.
printf '%s' "$answer" | jq -e 'all(.items[]; .index.status < 300 or .index.status == 409)' >/dev/null ||
  { printf 'opensearch: %s\n' "$answer" >&2; exit 1; }
