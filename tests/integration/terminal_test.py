#!/usr/bin/python3
"""What newswirectl says while long work is under way: a bar on a terminal, plain lines elsewhere.

Usage: terminal_test.py NEWSWIRECTL
"""
import fcntl
import json
import os
import pty
import re
import socket
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time
import unittest

NEWSWIRECTL = sys.argv[1]
PATIENCE = 60
REDRAW = b"\r\x1b[K"


class Terminal:
    """A program whose standard error is a terminal."""

    def __init__(self, arguments, columns=80, **environment):
        self.screen, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        base = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "NO_COLOR")}
        self.process = subprocess.Popen([NEWSWIRECTL, *arguments], stdout=subprocess.PIPE, stderr=theirs,
                                        env={**base, "TERM": "xterm", **environment})
        os.close(theirs)
        self.shown = b""
        self.taken = 0

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        os.close(self.screen)

    def read(self):
        """What is shown next; nothing when the program has closed the terminal."""
        try:
            piece = os.read(self.screen, 4096)
        except OSError:  # what Linux says at the end of a terminal
            piece = b""
        self.shown += piece
        return piece

    def bars(self, count):
        """The first bars, as they were drawn."""
        deadline = time.monotonic() + PATIENCE
        while self.shown.count(REDRAW) <= count and time.monotonic() < deadline and self.read():
            pass
        if self.shown.count(REDRAW) <= count:
            raise AssertionError(f"no {count} bars: {self.shown}")
        return self.shown.split(REDRAW)[1:count + 1]

    def next_bar(self):
        """The bar behind the one that this gave last, as text."""
        self.taken += 1
        return plain(self.bars(self.taken)[-1])

    def end(self):
        """Waits for the end; gives standard output and what is left on the screen."""
        while self.read():
            pass
        output = self.process.stdout.read().decode()
        self.process.wait(PATIENCE)
        return output, plain(self.shown.split(REDRAW)[-1])


def plain(bar):
    return re.sub(rb"\x1b\[[0-9]*m", b"", bar).decode()


def label(bar):
    return re.match("[a-z ]+", bar)[0]


class Verify(unittest.TestCase):
    def setUp(self):
        # Long to read and short on disk: a segment that is one hole, to no end in the time of a test.
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        with open(f"{self.folder.name}/articles-00000000000000000001.ndjson", "wb") as segment:
            segment.truncate(64 << 30)

    def two_bars(self, columns, **environment):
        with Terminal(["verify", self.folder.name], columns, **environment) as terminal:
            return terminal.bars(2)

    def test_a_bar_fits_the_terminal(self):
        for columns in (30, 100):
            for bar in self.two_bars(columns):
                self.assertRegex(plain(bar), r"^verify \[#*\.+\] +[0-9]+%")
                self.assertLess(len(plain(bar)), columns)
                self.assertIn(b"\x1b[32m", bar)

    def test_columns_in_the_environment_win(self):
        for bar in self.two_bars(100, COLUMNS="40"):
            self.assertLess(len(plain(bar)), 40)

    def test_no_color(self):
        for bar in self.two_bars(80, NO_COLOR="1"):
            self.assertNotIn(b"\x1b", bar)
            self.assertIn(b"[", bar)

    def test_elsewhere_there_is_neither_bar_nor_escape(self):
        process = subprocess.Popen([NEWSWIRECTL, "verify", self.folder.name], stdout=subprocess.DEVNULL,
                                   stderr=subprocess.PIPE)
        try:
            line = process.stderr.readline()  # the first comes after ten seconds
        finally:
            process.kill()
            process.wait()
            process.stderr.close()
        self.assertRegex(line.decode(), r"^verify: [0-9]+%(, [0-9]+ (s|min|h) left)?\n$")


class ControlSocket:
    """Stands in for a daemon at work: repeats its steps until enough was seen of them, then answers."""

    def __init__(self, folder, steps, answer):
        self.steps = steps
        self.answer = answer
        self.requests = []
        self.seen = threading.Event()
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(f"{folder}/control.sock")
        self.listener.listen()
        self.thread = threading.Thread(target=self.serve)
        self.thread.start()

    def serve(self):
        connection, _ = self.listener.accept()
        with connection, connection.makefile("rw", encoding="utf-8") as lines:
            self.requests.append(json.loads(lines.readline()))

            def say(*objects):
                for line in objects:
                    print(json.dumps(line, separators=(",", ":")), file=lines, flush=True)  # as newswired writes
            try:
                for step in self.steps:
                    say(step)
                    # The same again and again, as fast as a terminal is drawn.
                    while not self.seen.wait(0.02):
                        say(step)
                    self.seen.clear()
                say(*self.answer, {"op": "done"})
            except BrokenPipeError:
                pass  # the test has failed, and its program has gone

    def close(self):
        self.steps = []
        self.seen.set()
        self.thread.join(PATIENCE)
        self.listener.close()


class AskingTheDaemon(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def daemon(self, steps, answer):
        daemon = ControlSocket(self.folder, steps, answer)
        self.addCleanup(daemon.close)
        return daemon

    def step_by_step(self, terminal, daemon):
        """Of each step the first bar that is its own; of the step before there may be any number."""
        bars = []
        for _ in range(len(daemon.steps)):
            bar = terminal.next_bar()
            while bars and label(bar) == label(bars[-1]):
                bar = terminal.next_bar()
            bars.append(bar)
            daemon.seen.set()
        return bars

    def test_import(self):
        with open(f"{self.folder}/in.opml", "w", encoding="utf-8") as file:
            file.write("<opml/>")
        daemon = self.daemon([{"step": "read", "done": 250, "total": 1000}, {"step": "apply", "done": 6000, "total": 8000}],
                             [{"line": "3:1", "url": "gopher://x/", "error": "no http or https URL"},
                              {"added": 7999, "known": 0, "refused": 1, "feeds": 8000}])
        with Terminal(["import", f"{self.folder}/in.opml", "--sockets", self.folder]) as terminal:
            reading, adding = self.step_by_step(terminal, daemon)
            output, left = terminal.end()
        self.assertRegex(reading, r"^reading \[#+\.+\]  25%")
        self.assertRegex(adding, r"^adding feeds \[#+\.+\]  75%")
        self.assertEqual(output, "added 7999, followed already 0, left out 1; 8000 feeds now\n")
        self.assertEqual(left.replace("\r\n", "\n"), f"{self.folder}/in.opml:3:1: no http or https URL: gopher://x/\n")
        self.assertEqual(terminal.process.returncode, 1)
        self.assertTrue(daemon.requests[0]["progress"])

    def test_backfill(self):
        daemon = self.daemon([{"step": "older_pages", "done": 1, "entries": 31}, {"step": "cleaning", "done": 0, "entries": 40},
                              {"step": "full_text", "done": 12, "total": 30, "entries": 40}],
                             [{"feed": "news", "outcome": "fresh", "articles": 40}])
        with Terminal(["poll", "--backfill", "news", "--sockets", self.folder]) as terminal:
            pages, cleaning, texts = self.step_by_step(terminal, daemon)
            output, left = terminal.end()
        self.assertRegex(pages, r"^older pages \[\.*###\.*\]  1 page, 31 entries$")
        self.assertRegex(cleaning, r"^cleaning \[\.*###\.*\]  40 entries$")
        self.assertRegex(texts, r"^full text \[#+\.+\]  40%")
        self.assertEqual(output, "feed      news\noutcome   fresh\narticles  40\n")
        self.assertEqual((left, terminal.process.returncode), ("", 0))
        self.assertEqual(daemon.requests, [{"op": "poll", "feed": "news", "force": False, "backfill": True, "progress": True}])

    def test_elsewhere_quick_work_says_nothing_but_what_came_of_it(self):
        daemon = self.daemon([{"step": "older_pages", "done": 1, "entries": 31}], [{"feed": "news", "outcome": "fresh"}])
        daemon.seen.set()
        done = subprocess.run([NEWSWIRECTL, "poll", "--json", "news", "--sockets", self.folder], capture_output=True,
                              text=True, timeout=PATIENCE)
        self.assertEqual((done.stdout, done.stderr), ('{"feed":"news","outcome":"fresh"}\n', ""))


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]], verbosity=2)
