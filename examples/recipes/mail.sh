#!/bin/sh
# Sends each article as a mail in plain text. Needs jq and a sendmail (postfix, exim4, msmtp-mta …).
#   newswirectl tail --consumer mail --exec './mail.sh me@example.org' --dead-letter failed.ndjson
set -eu
to=$1
# Titles go into the header as encoded words (RFC 2047) of ten characters: whatever is in one, it adds no header.
jq -r --arg to "$to" '
  def words: . as $text | [range(0; length; 10) as $i | "=?UTF-8?B?\($text[$i:$i + 10] | @base64)?="] | join("\n ");
  "To: \($to)",
  "Subject: \((.title // .url // .id)[0:200] | words)",
  "Message-ID: <\(._newswire.uid).\(._newswire.revision)@newswire.invalid>",
  "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: base64", "",
  ("\(.content_text // .summary // "")\n\n\(.url // "")\n" | @base64 | [range(0; length; 76) as $i | .[$i:$i + 76]] | join("\n"))
' | "${SENDMAIL:-/usr/sbin/sendmail}" -t -oi
