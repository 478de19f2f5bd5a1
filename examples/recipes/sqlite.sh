#!/bin/sh
# Keeps articles in an SQLite table. Needs sqlite3.
#   newswirectl tail --consumer sqlite --from earliest --exec './sqlite.sh news.db'
# An article that comes again, or a later revision of it, replaces the row: delivered twice is stored once.
set -eu
database=$1
line=$(mktemp)
trap 'rm -f "$line"' EXIT
cat >"$line"
# The article reaches SQL as a value that SQLite reads itself, so that no text in it is ever taken for SQL.
sqlite3 -bail "$database" >/dev/null <<SQL
.timeout 10000
CREATE TABLE IF NOT EXISTS articles(
  uid TEXT PRIMARY KEY, revision INTEGER, seq INTEGER, feed TEXT, url TEXT, title TEXT, text TEXT, published TEXT, line TEXT);
INSERT INTO articles
  SELECT json_extract(j,'\$._newswire.uid'), json_extract(j,'\$._newswire.revision'), json_extract(j,'\$._newswire.seq'),
         json_extract(j,'\$._newswire.feed.id'), json_extract(j,'\$.url'), json_extract(j,'\$.title'),
         json_extract(j,'\$.content_text'), json_extract(j,'\$.date_published'), j
    FROM (SELECT trim(CAST(readfile('$line') AS TEXT), char(10)) AS j) WHERE true
  ON CONFLICT(uid) DO UPDATE SET revision=excluded.revision, seq=excluded.seq, feed=excluded.feed, url=excluded.url,
    title=excluded.title, text=excluded.text, published=excluded.published, line=excluded.line
    WHERE excluded.revision >= articles.revision;
SQL
