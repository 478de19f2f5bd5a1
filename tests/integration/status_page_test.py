#!/usr/bin/python3
"""The status page of a running daemon in a real browser: Debian's Chromium, headless.

Usage: status_page_test.py NEWSWIRED NEWSWIRECTL [UNITTEST ARGUMENTS]

Ends with status 77 (skipped, for ctest) only where Chromium is not installed.
"""
import email.utils
import html
import http.server
import json
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

import webdriver
from webdriver import PATIENCE

NEWSWIRED, NEWSWIRECTL = sys.argv[1:3]
TABS = ["articles", "feeds", "consumers", "status"]
HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script> & \"quotes\""
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 3
PROMOTION = "Follow us on Facebook and Twitter"
MANY = 10_000


def entry(number, title, text="", age_hours=0):
    date = email.utils.formatdate(time.time() - age_hours * 3600)
    return (f"<item><title>{html.escape(title)}</title><guid isPermaLink='false'>urn:{number}</guid><pubDate>{date}</pubDate>"
            f"<link>https://news.example/{number}</link><description>{html.escape(text)}</description></item>")


def rss(title, entries):
    return (f"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>{html.escape(title)}</title>"
            f"<link>https://news.example/</link>{''.join(entries)}</channel></rss>").encode()


class Publisher(http.server.ThreadingHTTPServer):
    """Serves what is in `documents`, and 404 for everything else."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.documents = {}
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def url(self, path):
        return f"http://127.0.0.1:{self.server_address[1]}{path}"

    def close(self):
        self.shutdown()
        self.server_close()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        body = self.server.documents.get(self.path)
        self.send_response(404 if body is None else 200)
        self.send_header("Content-Type", "application/rss+xml")
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, *arguments):
        pass


class Daemon:
    """newswired in a folder of its own, on a port that it keeps over restarts."""

    def __init__(self, config):
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name)
        self.config = config
        # Bound here, too, so that nobody else gets it while the daemon is away.
        self.place = socket.socket()
        self.place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.place.bind(("127.0.0.1", 0))
        self.port = self.place.getsockname()[1]
        self.process = None

    def start(self):
        (self.path / "newswire.yaml").write_text(
            "spool: {dir: spool, min_free: 0}\nstate: {dir: state}\nsockets: {dir: run}\n"
            "log: {level: info, format: plain}\nshutdown_timeout: 3s\n"
            f"http: {{listen: '127.0.0.1:{self.port}'}}\n{self.config}", encoding="utf-8")
        log = self.path / "log"
        log.write_bytes(b"")
        with open(log, "ab") as out:
            self.process = subprocess.Popen([NEWSWIRED, "--config", self.path / "newswire.yaml"], stderr=out)
        self.wait(lambda: f"port={self.port}\n" in log.read_text("utf-8"))

    def stop(self):
        self.process.terminate()
        status = self.process.wait(PATIENCE)
        if status != 0:
            raise AssertionError(f"newswired ended with {status}: {(self.path / 'log').read_text('utf-8')}")

    def close(self):
        try:
            if self.process.poll() is None:
                self.stop()
        finally:
            self.place.close()
            self.folder.cleanup()

    def wait(self, condition):
        deadline = time.monotonic() + PATIENCE
        while not (value := condition()):
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise AssertionError(f"it did not come: {(self.path / 'log').read_text('utf-8')}")
            time.sleep(0.02)
        return value

    def ctl(self, *arguments):
        done = subprocess.run([NEWSWIRECTL, *arguments, "--sockets", self.path / "run"], capture_output=True, text=True,
                              timeout=PATIENCE)
        if done.returncode != 0:
            raise AssertionError(f"{arguments}: {done.stderr}")
        return done.stdout

    @property
    def url(self):
        return f"http://localhost:{self.port}/"


class Page(unittest.TestCase):
    """What every test of the page has: a browser, and the certainty that nothing went wrong in it."""

    browser = None
    daemon = None

    @classmethod
    def setUpClass(cls):
        cls.browser = webdriver.Browser()
        cls.addClassCleanup(cls.browser.close)
        cls.publisher = Publisher()
        cls.addClassCleanup(cls.publisher.close)

    @classmethod
    def start_daemon(cls, config):
        cls.daemon = Daemon(config)
        cls.daemon.start()
        cls.addClassCleanup(cls.daemon.close)

    def setUp(self):
        self.browser.resize(0, 0)
        self.browser.prefer("")
        self.addCleanup(self.nothing_went_wrong)

    def nothing_went_wrong(self):
        self.assertEqual(self.browser.wrong(), [])

    def open(self, tab=""):
        self.browser.open("about:blank")  # so that a change of the fragment alone is a new page, too
        self.browser.open(self.daemon.url + (tab and f"#/{tab}"))
        self.browser.wait("return document.getElementById('connection').textContent === 'connected'")

    def focus(self):
        """Id of the element that has the focus, or its tag."""
        return self.browser.run("return document.activeElement.id || document.activeElement.tagName")

    def visible(self):
        return self.browser.run("return [...document.querySelectorAll('[role=tabpanel]')].filter((p) => !p.hidden).map((p) => p.id)")


class StatusPage(Page):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.entries = [entry(number, f"Report {number}", f"<p>What happened in hour {number}, in a sentence.</p>", number)
                       for number in range(30, 2, -1)]
        cls.entries += [
            entry("promoted", "Storm over the harbour",
                  f"<p>The first report of the day, in a sentence.</p><p>{PROMOTION}</p>"),
            entry("hostile", HOSTILE, f"<p>{html.escape(HOSTILE)} is what its author wrote.</p>"),
            entry("long", LONG, f"<p>{LONG} {LONG}</p>")]
        cls.publish("Harbour Herald", cls.entries)
        cls.publisher.documents["/asleep"] = rss("Sleepy Hollow", [entry("dream", "A dream", "<p>It was one, in a sentence.</p>")])
        cls.start_daemon(
            "fetch: {host_spacing: 0s, per_host: 8}\nschedule: {polls_per_day: 86400, jitter: 0}\n"
            "defaults: {interval: {min: 1s, max: 1s}, allow_private: true, full_text: never}\nfeeds:\n"
            f"  - {{id: herald, url: '{cls.publisher.url('/herald')}', tags: [world, {LONG[:80]}]}}\n"
            f"  - {{id: lost, url: '{cls.publisher.url('/lost')}?token=hunter2'}}\n"
            f"  - {{id: asleep, url: '{cls.publisher.url('/asleep')}'}}\n")
        cls.daemon.wait(lambda: [(feed.get("articles"), feed.get("failures")) for feed in cls.feeds()] == [(31, 0), (0, 1), (1, 0)])
        cls.daemon.ctl("pause", "asleep")

    @classmethod
    def publish(cls, title, entries):
        cls.publisher.documents["/herald"] = rss(title, entries)

    @classmethod
    def feeds(cls):
        return [json.loads(line) for line in cls.daemon.ctl("feeds", "--json").splitlines()]

    # ---- articles

    def test_the_last_articles_are_there(self):
        self.open()
        self.browser.wait("return document.querySelectorAll('#article-list article').length === 20")
        link = self.browser.run("""
            const link = [...document.querySelectorAll('article h2 a')].find((a) => a.textContent.startsWith('Storm'));
            return [link.href, link.rel, link.closest('article').querySelector('.text').textContent]""")
        self.assertEqual(link, ["https://news.example/promoted", "noopener noreferrer",
                                "The first report of the day, in a sentence."])

    def test_what_was_stripped_is_struck_through_with_its_rule(self):
        self.open()
        text, line, rule = self.browser.wait("""
            const gone = document.querySelector('article del');
            return gone && [gone.textContent, getComputedStyle(gone).textDecorationLine, gone.parentElement.querySelector('small').textContent]""")
        self.assertEqual(text, PROMOTION)
        self.assertEqual(line, "line-through")
        spooled = [json.loads(line) for line in (self.daemon.path / "spool/articles.ndjson").read_text("utf-8").splitlines()]
        stripped = next(part for article in spooled for part in article["_newswire"].get("stripped", []))
        self.assertEqual(rule, f"{stripped['rule']} ({stripped['where']})")

    def test_articles_arrive_while_one_looks(self):
        self.open()
        self.browser.wait("return document.querySelectorAll('#article-list article').length > 0")
        self.browser.run("window.stillTheSamePage = true")
        type(self).entries = [*self.entries, entry("live", "Lighthouse lit again", "<p>It shines, in a sentence.</p>")]
        self.publish("Harbour Herald", self.entries)
        first = self.browser.wait("""
            const first = document.querySelector('#article-list article h2');
            return first?.textContent === 'Lighthouse lit again' && first.closest('article').innerText""")
        self.assertIn("Harbour Herald", first)
        self.assertIn("It shines, in a sentence.", first)
        self.assertTrue(self.browser.run("return window.stillTheSamePage"))

    def test_held_back_articles_come_when_they_may(self):
        self.open()
        self.browser.wait("return document.querySelectorAll('#article-list article').length > 0")
        self.browser.click("#hold")
        self.browser.run("window.before = document.querySelector('#article-list').innerText")
        type(self).entries = [*self.entries, entry("held", "Ferry delayed", "<p>By an hour, in a sentence.</p>")]
        self.publish("Harbour Herald", self.entries)
        self.browser.wait("return waiting.some((article) => article.title === 'Ferry delayed')")
        self.assertTrue(self.browser.run("return document.querySelector('#article-list').innerText === window.before"))
        self.browser.click("#hold")
        self.browser.wait("return document.querySelector('#article-list article h2').textContent === 'Ferry delayed'")

    def test_markup_of_publishers_is_text(self):
        self.open()
        self.browser.wait("""return [...document.querySelectorAll('article h2')].some((h) => h.textContent.includes('onerror=alert(1)'))
                             || document.body.innerText.includes('is what its author wrote')""")
        self.assertEqual(self.browser.run("return document.querySelectorAll('main img, main script, main iframe').length"), 0)

    # ---- feeds

    def feed(self, name):
        return self.browser.wait(f"""
            const row = [...document.querySelectorAll('#feed-rows tr')].find((tr) => tr.cells[0].innerText.includes({json.dumps(name)}));
            return row && [...row.cells].map((cell) => cell.innerText)""")

    def test_a_feed_that_is_well(self):
        self.open("feeds")
        title, health, due, new, rate, counts = self.feed("Harbour Herald")
        self.assertRegex(title, "^Harbour Herald\nherald · .* · world$")
        self.assertEqual(health, "ok")
        self.assertRegex(due, r"(?s)^(now|in \d+ second|\d+ (second|minute)s? ago).*\n.+")  # when, and under it why
        self.assertRegex(new, r"second|minute|now")
        self.assertGreater(float(rate.strip()), 0)
        self.assertRegex(counts, r"^[1-9]\d* / [1-9]\d*$")
        known = json.loads(self.daemon.ctl("feeds", "herald", "--why", "--json"))
        self.assertEqual(*(re.sub(r"[\d.]+", "N", why) for why in (due.split("\n", 1)[1], known["why"])))

    def test_a_sparkline_shows_the_hours_of_the_day(self):
        self.open("feeds")
        self.feed("Harbour Herald")
        bars, highest, label, colour = self.browser.run("""
            const row = [...document.querySelectorAll('#feed-rows tr')].find((tr) => tr.innerText.includes('Harbour Herald'));
            const svg = row.querySelector('svg.spark');
            const heights = [...svg.querySelectorAll('rect')].map((bar) => bar.getBoundingClientRect().height);
            return [heights.length, Math.max(...heights), svg.getAttribute('aria-label'), getComputedStyle(svg).color]""")
        self.assertEqual(bars, 24)
        self.assertGreater(highest, 10)
        self.assertRegex(label, r"^articles by hour of the day, [\d,.]+ a day$")
        self.assertNotEqual(colour, "rgba(0, 0, 0, 0)")

    def test_a_feed_that_fails_says_why(self):
        self.open("feeds")
        _, health, due, *_ = self.feed("lost")
        self.assertRegex(health, r"(?s)^http_status 1 in a row.*404")
        self.assertRegex(due, r"(?s)^in \d+ (minute|hour).*\n.+")
        self.assertNotIn("hunter2", self.browser.run("return document.documentElement.outerHTML"))
        colours = self.browser.run("""
            const span = [...document.querySelectorAll('#feed-rows td:nth-child(2) span')].find((s) => s.textContent === 'http_status');
            return [getComputedStyle(span).color, getComputedStyle(document.body).color]""")
        self.assertNotEqual(*colours)

    def test_only_feeds_in_trouble(self):
        self.open("feeds")
        self.feed("herald")
        self.browser.click("#troubled")
        self.browser.wait("return document.querySelectorAll('#feed-rows tr').length === 2")
        self.assertEqual(self.feed("asleep")[1], "paused")
        self.feed("lost")

    # ---- consumers

    def test_consumers_with_their_lag(self):
        self.daemon.ctl("tail", "--consumer", "mail", "--from", "earliest", "--count", "3")
        with socket.socket(socket.AF_UNIX) as reader:
            reader.connect(str(self.daemon.path / "run/articles.sock"))
            reader.sendall(b'{"op":"subscribe","consumer":"wall-screen","from":"latest"}\n')
            self.assertIn(b"subscribed", reader.recv(4096))
            self.open("consumers")
            rows = self.browser.wait("""
                const names = [...document.querySelectorAll('#consumer-head th')].map((th) => th.textContent);
                const rows = [...document.querySelectorAll('#consumer-rows tr')].map((tr) =>
                  Object.fromEntries([...tr.cells].map((td, i) => [names[i], td.textContent])));
                return rows.length >= 2 && rows""")
        last = json.loads(self.daemon.ctl("status", "--json"))["spool"]["last"]
        screen = next(row for row in rows if row["kind"] == "subscriber")
        self.assertEqual((screen["consumer"], screen["lag"]), ("wall-screen", "0"))
        mail = next(row for row in rows if row["kind"] == "position")
        self.assertEqual((mail["consumer"], mail["acked"]), ("mail", "3"))
        self.assertLessEqual(int(mail["lag"]), last - 3)
        self.assertGreaterEqual(int(mail["lag"]), 31 - 3)

    # ---- plots

    def plots(self):
        """Of each plot its title, and of its numbers by name: of the last minute, a minute, in all."""
        figures = self.browser.wait("""
            const figures = [...document.querySelectorAll('#plots figure')];
            return figures.length === 3 && figures.map((figure) => [figure.querySelector('figcaption').textContent,
              [...figure.querySelectorAll('tbody tr')].map((row) =>
                [row.cells[0].textContent, [...row.cells].slice(1).map((cell) => cell.textContent)])])""")
        return [(title, dict(rows)) for title, rows in figures]

    def test_plots_of_what_passed(self):
        self.open("status")
        (polls, by_outcome), (articles, written), (size, received) = self.plots()
        self.assertEqual((polls, articles, size), ("Polls a minute, by outcome", "Articles a minute", "Bytes a minute"))
        self.assertEqual(list(by_outcome), ["something new", "nothing new", "not modified (304)", "failed"])
        in_all = {name: int(numbers[2].replace(",", "")) for name, numbers in by_outcome.items()}
        self.assertGreaterEqual(in_all["something new"], 1)
        self.assertGreaterEqual(in_all["nothing new"], 1)
        self.assertEqual(in_all["not modified (304)"], 0)  # the publisher knows no validators
        self.assertEqual(list(written), ["written to the spool"])
        self.assertRegex(received["received"][2], r"^[\d.,]+ (B|KiB|MiB)$")
        # The polls that were drawn, as bars with a height.
        heights = dict(self.browser.run("""
            return [...document.querySelectorAll('#plots path')].map((path) =>
              [path.getAttribute('class'), path.getBoundingClientRect().height])"""))
        self.assertEqual(list(heights), ["fresh", "unchanged", "not_modified", "failed", "articles", "bytes"])
        for name in ("unchanged", "bytes"):
            self.assertGreater(heights[name], 20, name)
        self.assertEqual(heights["not_modified"], 0)

    def test_plots_go_on_by_themselves(self):
        self.open("status")
        self.plots()
        self.browser.run("window.firstPlot = document.querySelector('#plots figure')")
        self.browser.wait("return document.querySelector('#plots figure') !== window.firstPlot")
        self.plots()

    def test_plots_of_a_longer_time(self):
        self.open("status")
        self.plots()
        self.assertEqual(self.browser.run("return document.querySelector('#plots svg').viewBox.baseVal.width"), 60)
        self.browser.run("document.getElementById('span').focus()")
        self.browser.press("End")
        self.browser.wait("return document.querySelector('#plots svg').viewBox.baseVal.width === 360")
        self.assertEqual(self.browser.run("return document.getElementById('span').value"), "1440")
        # What was before the daemon's start is no time without polls.
        share = self.browser.run("""
            const before = document.querySelector('#plots rect.before').getBoundingClientRect();
            return before.width / document.querySelector('#plots svg').getBoundingClientRect().width""")
        self.assertGreater(share, 0.9)

    # ---- keyboard

    def outline(self):
        return self.browser.run("""
            const style = getComputedStyle(document.activeElement);
            return [style.outlineStyle, parseFloat(style.outlineWidth)]""")

    def test_all_is_reached_by_keys_and_seen(self):
        self.open()
        self.browser.press("Tab")
        self.assertEqual(self.focus(), "tab-articles")
        for tab in ["feeds", "consumers", "status", "articles"]:
            self.browser.press("Right")
            self.assertEqual((self.focus(), self.visible()), (f"tab-{tab}", [tab]))
            style, width = self.outline()
            self.assertNotEqual(style, "none")
            self.assertGreaterEqual(width, 2)
        self.browser.press("Left")
        self.assertEqual(self.focus(), "tab-status")
        self.browser.press("Home")
        self.assertEqual(self.focus(), "tab-articles")
        self.browser.press("End")
        self.assertEqual((self.focus(), self.visible()), ("tab-status", ["status"]))
        self.assertEqual(self.browser.run("return location.hash"), "#/status")
        self.browser.press("Home", "Right")
        # One tab stop for all the tabs; behind it what the view has.
        order = []
        for _ in range(3):
            self.browser.press("Tab")
            order.append(self.focus())
            style, width = self.outline()
            self.assertNotEqual(style, "none", order)
        self.assertEqual(order, ["feed-filter", "troubled", "DIV"])
        self.browser.press_with("Shift", "Tab")
        self.assertEqual(self.focus(), "troubled")

    def test_search_by_keys(self):
        self.open()
        self.browser.press("Tab", "Right")
        self.feed("asleep")
        self.browser.press("Tab")
        self.assertEqual(self.focus(), "feed-filter")
        self.browser.press(*"WORLD")
        self.browser.wait("return document.querySelectorAll('#feed-rows tr').length === 1")
        self.feed("Harbour Herald")
        self.assertEqual(self.browser.run("return document.getElementById('feed-count').textContent"), "1 of 3 feeds")
        self.browser.press("Backspace", *"s of old")
        self.browser.wait("return document.querySelectorAll('#feed-rows tr').length === 0")

    def test_search_among_articles(self):
        self.open()
        self.browser.wait("return document.querySelectorAll('#article-list article').length >= 20")
        self.browser.press("Tab", "Tab")
        self.assertEqual(self.focus(), "article-filter")
        self.browser.press(*"storm")
        self.browser.wait("""const shown = [...document.querySelectorAll('#article-list article')].filter((box) => !box.hidden);
                             return shown.length === 1 && shown[0].innerText.includes('Storm over the harbour')""")

    def test_what_can_be_used_has_a_name(self):
        self.open("status")
        self.plots()
        for selector, role in [("#article-filter", "searchbox"), ("#feed-filter", "searchbox"), ("#hold", "checkbox"),
                               ("#troubled", "checkbox"), ("#tab-feeds", "tab"), ("#span", "combobox"), ("#plots figure svg", "image")]:
            self.browser.run("for (const panel of document.querySelectorAll('[role=tabpanel]')) panel.hidden = false")
            self.assertEqual(self.browser.role(selector), role)
            self.assertNotEqual(self.browser.label(selector).strip(), "", selector)

    # ---- screens

    def test_a_narrow_screen_scrolls_down_only(self):
        for width in (360, 320):
            self.browser.resize(width, 740)
            for tab in TABS:
                with self.subTest(width=width, tab=tab):
                    self.open(tab)
                    self.browser.wait({"articles": "return document.querySelectorAll('#article-list article').length >= 20",
                                       "feeds": "return document.querySelectorAll('#feed-rows tr').length === 3",
                                       "consumers": "return true",
                                       "status": "return document.querySelectorAll('#status-list dt').length > 10"}[tab])
                    wide, view, moved = self.browser.run("""
                        scrollTo(500, 0);
                        return [document.documentElement.scrollWidth, innerWidth, scrollX]""")
                    self.assertEqual((view, moved), (width, 0))
                    self.assertLessEqual(wide, width)

    # WCAG 2.2, 1.4.3: contrast of text with what is behind it.
    CONTRAST = """
        const luminance = (colour) => {
          const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3).map((part) => {
            const value = part / 255;
            return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
          });
          return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const behind = luminance(getComputedStyle(document.body).backgroundColor);
        const worst = {};
        for (const element of document.querySelectorAll('body *')) {
          const text = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
          if (!text || !element.checkVisibility()) continue;
          const own = luminance(getComputedStyle(element).color);
          const ratio = (Math.max(own, behind) + 0.05) / (Math.min(own, behind) + 0.05);
          const name = element.tagName + '.' + element.className;
          worst[name] = Math.min(worst[name] ?? 99, ratio);
        }
        // 1.4.11: what a graphic says by its colours.
        for (const key of document.querySelectorAll('.key')) {
          const own = luminance(getComputedStyle(key).backgroundColor);
          const ratio = (Math.max(own, behind) + 0.05) / (Math.min(own, behind) + 0.05);
          if (key.checkVisibility() && ratio < 3) worst[key.className] = ratio;
        }
        return [behind, worst]"""

    def test_dark_and_light(self):
        for scheme, is_right in [("dark", lambda behind: behind < 0.05), ("light", lambda behind: behind > 0.8)]:
            self.browser.prefer(scheme)
            for tab in TABS:
                with self.subTest(scheme=scheme, tab=tab):
                    self.open(tab)
                    if tab == "feeds":
                        self.feed("lost")
                    elif tab == "status":
                        self.plots()
                    elif tab == "articles":
                        self.browser.wait("return document.querySelector('article del')")
                    behind, worst = self.browser.run(self.CONTRAST)
                    self.assertTrue(is_right(behind), behind)
                    self.assertGreater(len(worst), 3)
                    self.assertEqual({name: ratio for name, ratio in worst.items() if ratio < 4.5}, {})

    # ---- safety

    def test_no_script_but_its_own(self):
        self.open()
        self.browser.run("""
            const script = document.createElement('script');
            script.textContent = 'window.intruded = true';
            document.body.append(script);
            document.body.insertAdjacentHTML('beforeend', '<p id=styled style="color: red">x</p>');
            document.body.append(Object.assign(document.createElement('img'), { src: 'http://127.0.0.1:9/x.png' }))""")
        seen = []

        def refused():
            seen.extend(self.browser.wrong())
            return all(any(f"policy: {what}" in line for line in seen)
                       for what in ("script-src-elem inline", "style-src-attr inline", "img-src http://127.0.0.1:9"))
        self.daemon.wait(refused)
        self.assertTrue(any(line.startswith("security: ") for line in seen), seen)  # the console says it, too
        self.assertFalse(self.browser.run("return window.intruded === true"))
        self.assertNotEqual(self.browser.run("return getComputedStyle(document.getElementById('styled')).color"), "rgb(255, 0, 0)")

    def test_the_daemon_may_go_and_come_back(self):
        self.open()
        self.browser.wait("return document.querySelectorAll('#article-list article').length >= 20")
        self.daemon.stop()
        self.browser.wait("return document.getElementById('connection').textContent === 'not connected, trying again'")
        type(self).entries = [*self.entries, entry("later", "Tide tables corrected", "<p>By a minute, in a sentence.</p>")]
        self.publish("Harbour Herald", self.entries)
        self.daemon.start()
        self.browser.wait("""return document.getElementById('connection').textContent === 'connected' &&
            document.querySelector('#article-list article h2').textContent === 'Tide tables corrected'""")
        titles = self.browser.run("return [...document.querySelectorAll('#article-list article h2')].map((h) => h.textContent)")
        self.assertEqual(len(titles), len(set(titles)), "none twice")
        # That nobody listened is in the console, and nothing else.
        self.assertEqual([line for line in self.browser.wrong() if "net::ERR_" not in line], [])


class ManyFeeds(Page):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.publisher.documents.update(
            {f"/{number}": rss(f"Gazette {number}", [entry(number, f"Report {number}", age_hours=1)])
             for number in range(MANY)})
        cls.start_daemon("defaults: {allow_private: true, full_text: never}\n"
                         "fetch: {host_spacing: 0s, per_host: 8}\ninclude: [urls.txt]\n")

    @classmethod
    def start_daemon(cls, config):
        cls.daemon = Daemon(config)
        (cls.daemon.path / "urls.txt").write_text(
            "".join(f"{cls.publisher.url(f'/{number}')} paper \"~Gazette {number}\"\n" for number in range(MANY)))
        cls.daemon.start()
        cls.addClassCleanup(cls.daemon.close)

    def count(self):
        return self.browser.run("return document.getElementById('feed-count').textContent")

    def test_the_first_are_shown_and_more_on_demand(self):
        self.open("feeds")
        self.browser.wait("return document.querySelectorAll('#feed-rows tr').length === 200")
        self.assertEqual(self.count(), f"the first 200; {MANY} feeds in all")
        for shown in range(400, 2001, 200):
            self.browser.click("#feed-more")
            self.browser.wait("return document.querySelectorAll('#feed-rows tr').length === arguments[0]", shown)
        self.assertTrue(self.browser.run("return document.getElementById('feed-more').hidden"))

    def test_any_is_found(self):
        self.open()
        self.browser.press("Tab", "Right", "Tab")
        self.browser.press(*f"gazette {MANY - 1}")
        row = self.browser.wait("""
            const rows = document.querySelectorAll('#feed-rows tr');
            return rows.length === 1 && rows[0].innerText""")
        self.assertIn(f"Gazette {MANY - 1}", row)
        self.assertEqual(self.count(), f"1 of {MANY} feeds")

    def test_the_page_stays_quick(self):
        """A key is answered while 2,000 rows are drawn again and again."""
        self.open("feeds")
        self.browser.run("feedsShown = kMostFeeds; drawFeeds()")
        self.browser.wait("return document.querySelectorAll('#feed-rows tr').length === 2000")
        self.browser.run("window.firstRow = document.querySelector('#feed-rows tr')")
        self.browser.wait("return document.querySelector('#feed-rows tr') !== window.firstRow")  # by the page's own clock
        self.browser.run("document.getElementById('tab-feeds').focus()")
        self.browser.press("Right")
        self.assertEqual(self.visible(), ["consumers"])


def load_tests(loader, tests, pattern):
    """Page itself has no tests."""
    return unittest.TestSuite(loader.loadTestsFromTestCase(case) for case in (StatusPage, ManyFeeds))


if __name__ == "__main__":
    if not webdriver.is_installed():
        print("skipped: chromium and chromium-driver are not installed (./dev install-deps)")
        sys.exit(77)
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]], verbosity=2)
