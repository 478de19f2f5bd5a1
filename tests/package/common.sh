# What both parts of the package's test share. Sourced by /bin/sh inside of the Debian tree.
set -eu
export LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin

spool=/var/spool/newswire/articles.ndjson

step() { printf '%s\n' "- $*"; }
fail() {
  printf 'FAILED: %s\n' "$*"
  exit 1
}
# is WHAT GOT WANTED
is() { [ "$2" = "$3" ] || fail "$1 is \"$2\", not \"$3\""; }
# eventually WHAT COMMAND…: polls the condition, with a deadline.
eventually() {
  what=$1
  shift
  tries=0
  until "$@" >/dev/null 2>&1; do
    tries=$((tries + 1))
    [ "$tries" -lt 300 ] || fail "$what did not come true: $*"
    sleep 0.1
  done
}

# publish FEED TITLE…: a feed with these entries, which the configuration follows from the next start or reload.
publish() {
  name=$1
  shift
  mkdir -p /srv/feeds
  {
    echo '<?xml version="1.0"?><rss version="2.0"><channel><title>News</title><link>https://news.example/</link>'
    for title in "$@"; do
      echo "<item><title>$title</title><guid>urn:$title</guid><description>Report of $title.</description></item>"
    done
    echo '</channel></rss>'
  } >"/srv/feeds/$name.xml"
  printf 'feeds:\n  - {url: "file:///srv/feeds/%s.xml", id: %s}\n' "$name" "$name" >"/etc/newswire/feeds.d/$name.yaml"
}
has_lines() { [ "$(cat /var/spool/newswire/*.ndjson | wc -l)" -ge "$1" ]; }
# Numbers and titles of all articles, in order.
articles() { python3 -c '
import json, sys
for line in open(sys.argv[1], encoding="utf-8"):
    article = json.loads(line)
    print(article["_newswire"]["seq"], article["title"])' "$spool"; }
# owner_of PATH OWNER GROUP MODE
owner_of() { is "owner and mode of $1" "$(stat -c '%U %G %a' "$1")" "$2 $3 $4"; }
installed() { dpkg-query -W -f='${db:Status-Abbrev}' newswire 2>/dev/null | cut -c1-2; }
