#!/bin/sh
# Writes each article to a Kafka topic, keyed by its uid. Needs kcat and jq. What follows the topic goes to kcat.
#   newswirectl tail --consumer kafka --from earliest --exec './kafka.sh broker1,broker2 articles -X compression.codec=zstd'
set -eu
brokers=$1
topic=$2
shift 2
line=$(cat)
key=$(printf '%s' "$line" | jq -r ._newswire.uid)
# One message: the line has no line feed inside. kcat waits for the broker's word and fails without it.
printf '%s\n' "$line" | kcat -P -q -b "$brokers" -t "$topic" -k "$key" -X acks=all -X message.timeout.ms=30000 "$@"
