#!/usr/bin/python3
"""Runs every recipe of examples/recipes on a real daemon, against loopback stand-ins of what they talk to.

Usage: recipes_test.py NEWSWIRED NEWSWIRECTL SOURCE_FOLDER
"""
import email
import email.policy
import http.server
import json
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.parse
from pathlib import Path

NEWSWIRED, NEWSWIRECTL, SOURCE = sys.argv[1:4]
# curl, as the recipes use it, would ask a proxy of the environment for what listens here.
os.environ.update(no_proxy="127.0.0.1", NO_PROXY="127.0.0.1")
RECIPES = Path(SOURCE) / "examples" / "recipes"
NASTY = "It's \"quoted\"; DROP TABLE articles; -- $(touch /tmp/x) <b>bold</b> ünïcödé 漢字 and a title that is long"
PATIENCE = 60


def rss(titles):
    items = "".join(
        f"<item><title><![CDATA[{title}]]></title><guid isPermaLink='false'>urn:{number}</guid>"
        f"<link>https://news.example/{number}?a=1&amp;b=2</link><description>Report number {number}.</description></item>"
        for number, title in enumerate(titles, 1))
    return (f"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>News</title>"
            f"<link>https://news.example/</link>{items}</channel></rss>")


class Daemon:
    """newswired in a folder of its own, following one file."""

    def __init__(self, folder, titles):
        self.folder = Path(folder)
        self.publish("news", titles)
        self.feeds = ["news"]
        self.process = None

    def publish(self, name, titles):
        (self.folder / f"{name}.xml").write_text(rss(titles), encoding="utf-8")

    def start(self):
        feeds = "".join(f"  - {{id: {name}, url: 'file://{self.folder}/{name}.xml'}}\n" for name in self.feeds)
        (self.folder / "newswire.yaml").write_text(
            "spool: {dir: spool}\nstate: {dir: state}\nsockets: {dir: run}\nfeeds:\n" + feeds)
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen([NEWSWIRED, "--config", self.folder / "newswire.yaml"], stderr=log)

    def stop(self):
        self.process.terminate()
        status = self.process.wait(PATIENCE)
        self.process = None
        return status

    def lines(self):
        try:
            written = (self.folder / "spool/articles.ndjson").read_bytes()
        except FileNotFoundError:
            return []
        return [json.loads(line) for line in written.split(b"\n")[:-1]]  # the last may not be whole yet

    def wait_for(self, count):
        deadline = time.monotonic() + PATIENCE
        while len(self.lines()) < count:
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise AssertionError(f"no {count} articles: {(self.folder / 'log').read_text('utf-8')}")
            time.sleep(0.02)
        return self.lines()


class Requests(http.server.ThreadingHTTPServer):
    """Answers everything with `answer`, and keeps what it was asked."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.seen = []
        self.refuse = 0
        self.answer = b"{}"
        threading.Thread(target=self.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server_address[1]}"


class Handler(http.server.BaseHTTPRequestHandler):
    def take(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.seen.append((self.command, self.path, self.headers, body))
        refused = len(self.server.seen) <= self.server.refuse
        self.send_response(503 if refused else 200)
        self.send_header("Content-Length", str(len(self.server.answer)))
        self.end_headers()
        self.wfile.write(self.server.answer)

    do_POST = do_PUT = take

    def log_message(self, *arguments):
        pass


class Recipes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.daemon = Daemon(cls.folder.name, ["First", NASTY])
        cls.daemon.start()
        cls.articles = cls.daemon.wait_for(2)

    @classmethod
    def tearDownClass(cls):
        status = cls.daemon.stop()
        cls.folder.cleanup()
        assert status == 0, status

    def setUp(self):
        self.server = Requests()

    def tearDown(self):
        self.server.shutdown()
        self.server.server_close()

    def tail(self, command, **environment):
        """Both articles through the recipe, as a consumer of this test's own."""
        done = subprocess.run(
            [NEWSWIRECTL, "tail", "--sockets", self.daemon.folder / "run", "--consumer", self.id().rsplit(".")[-1],
             "--from", "earliest", "--count", "2", "--retry-delay", "1", "--exec", f"{RECIPES}/{command}"],
            env={**os.environ, **environment}, capture_output=True, timeout=PATIENCE, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done

    def need(self, program):
        if not shutil.which(program):
            self.skipTest(f"{program} is not installed")

    def test_sqlite(self):
        self.need("sqlite3")
        file = f"{self.folder.name}/news.db"
        self.tail(f"sqlite.sh {file}")
        line = json.dumps(self.articles[1])
        subprocess.run([RECIPES / "sqlite.sh", file], input=line, text=True, check=True)  # once more: no second row
        with sqlite3.connect(file) as database:
            rows = database.execute("SELECT seq, title, text, url, feed, line FROM articles ORDER BY seq").fetchall()
        self.assertEqual([row[0] for row in rows], [1, 2])
        self.assertEqual([row[1] for row in rows], [article["title"] for article in self.articles])
        self.assertEqual(rows[0][2], self.articles[0]["content_text"])
        self.assertEqual(rows[1][4], "news")
        self.assertEqual(json.loads(rows[1][5]), self.articles[1])

    def test_webhook_tries_again(self):
        self.server.refuse = 1
        self.tail(f"webhook.sh {self.server.url}/hook")
        bodies = [json.loads(body) for _, _, _, body in self.server.seen]
        self.assertEqual(bodies, [self.articles[0], self.articles[0], self.articles[1]])
        keys = [headers["Idempotency-Key"] for _, _, headers, _ in self.server.seen]
        self.assertEqual(keys[0], keys[1])
        self.assertNotEqual(keys[1], keys[2])

    def test_mail(self):
        outbox = Path(self.folder.name) / "outbox"
        outbox.mkdir()
        sendmail = Path(self.folder.name) / "sendmail"
        sendmail.write_text('#!/bin/sh\n[ "$*" = "-t -oi" ] || exit 64\ncat >"$OUTBOX/$NEWSWIRE_SEQ"\n')
        sendmail.chmod(sendmail.stat().st_mode | stat.S_IXUSR)
        self.tail("mail.sh me@example.org", SENDMAIL=str(sendmail), OUTBOX=str(outbox))
        for article in self.articles:
            raw = (outbox / str(article["_newswire"]["seq"])).read_bytes()
            message = email.message_from_bytes(raw, policy=email.policy.default)
            self.assertEqual(message["To"], "me@example.org")
            self.assertEqual(message["Subject"], article["title"])
            self.assertIn(article["content_text"], message.get_content())
            self.assertIn(article["url"], message.get_content())
            self.assertLessEqual(max(map(len, raw.splitlines())), 78)

    def test_ntfy(self):
        self.tail(f"ntfy.sh {self.server.url} my-topic")
        sent = [json.loads(body) for _, _, _, body in self.server.seen]
        self.assertEqual([message["topic"] for message in sent], ["my-topic"] * 2)
        self.assertEqual([message["title"] for message in sent], [article["title"] for article in self.articles])
        self.assertEqual(sent[0]["click"], self.articles[0]["url"])

    def test_matrix(self):
        token = Path(self.folder.name) / "token.curl"
        token.write_text('header = "Authorization: Bearer hunter2"\n')
        self.tail(f"matrix.sh {self.server.url} '!room:example.org' {token}")
        self.assertEqual([command for command, _, _, _ in self.server.seen], ["PUT", "PUT"])
        paths = [path for _, path, _, _ in self.server.seen]
        room, _, key = urllib.parse.unquote(paths[0]).partition("/send/m.room.message/")
        self.assertEqual(room, "/_matrix/client/v3/rooms/!room:example.org")
        self.assertTrue(key.startswith(self.articles[0]["_newswire"]["uid"]))
        self.assertEqual(len(set(paths)), 2)
        self.assertEqual(self.server.seen[0][2]["Authorization"], "Bearer hunter2")
        message = json.loads(self.server.seen[1][3])
        self.assertIn(self.articles[1]["title"], message["body"])
        self.assertNotIn("<b>", message["formatted_body"])

    def test_opensearch(self):
        self.server.answer = b'{"errors":false,"items":[{"index":{"status":201}}]}'
        self.tail(f"opensearch.sh {self.server.url} articles")
        for article, (_, path, headers, body) in zip(self.articles, self.server.seen, strict=True):
            self.assertEqual((path, headers["Content-Type"]), ("/_bulk", "application/x-ndjson"))
            self.assertTrue(body.endswith(b"\n"))
            action, document = map(json.loads, body.splitlines())
            self.assertEqual(action["index"]["_id"], article["_newswire"]["uid"])
            self.assertEqual(action["index"]["version"], article["_newswire"]["revision"])
            self.assertEqual(document, article)

    def test_opensearch_refusals_are_failures(self):
        run = lambda: subprocess.run([RECIPES / "opensearch.sh", self.server.url, "articles"],
                                     input=json.dumps(self.articles[0]), text=True, capture_output=True).returncode
        self.server.answer = b'{"errors":true,"items":[{"index":{"status":400}}]}'
        self.assertEqual(run(), 1)
        self.server.answer = b'{"errors":true,"items":[{"index":{"status":409}}]}'
        self.assertEqual(run(), 0, "a later revision is there")

    def test_kafka(self):
        self.need("kcat")
        # The cluster that librdkafka brings for tests, in kcat's own process: it acknowledges like a real one.
        self.tail("kafka.sh ignored articles -X test.mock.num.brokers=1")
        done = subprocess.run([RECIPES / "kafka.sh", "127.0.0.1:1", "articles", "-X", "message.timeout.ms=500"],
                              input=json.dumps(self.articles[0]), text=True, capture_output=True)
        self.assertNotEqual(done.returncode, 0, "without a broker it must fail")


class Backup(unittest.TestCase):
    def test_a_copy_of_the_running_daemon_goes_on_without_loss_or_repeat(self):
        with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as other:
            daemon = Daemon(folder, ["One", "Two"])
            daemon.start()
            before = daemon.wait_for(2)
            for _ in range(2):  # the second replaces the first
                subprocess.run([RECIPES / "backup.sh", f"{folder}/state", f"{folder}/spool", f"{other}/backup"], check=True)
            daemon.process.kill()
            daemon.process.wait()
            # Restored: the folders at their places, and the daemon started.
            shutil.rmtree(f"{folder}/state")
            shutil.rmtree(f"{folder}/spool")
            shutil.copytree(f"{other}/backup/state", f"{folder}/state")
            shutil.copytree(f"{other}/backup/spool", f"{folder}/spool")
            daemon.publish("more", ["Three"])
            daemon.feeds.append("more")
            daemon.start()
            after = daemon.wait_for(3)
            self.assertEqual(after[:2], before)
            self.assertEqual([(line["_newswire"]["seq"], line["title"]) for line in after[2:]], [(3, "Three")])
            self.assertEqual(subprocess.run([NEWSWIRECTL, "verify", "-q", f"{folder}/spool"]).returncode, 0)
            self.assertEqual(daemon.stop(), 0)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[4:]], verbosity=2)
