#!/usr/bin/python3
"""What `newswirectl verify` says while it works: a bar on a terminal, plain lines elsewhere.

Usage: terminal_test.py NEWSWIRECTL
"""
import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import tempfile
import termios
import time
import unittest

NEWSWIRECTL = sys.argv[1]
PATIENCE = 60
REDRAW = b"\r\x1b[K"


class Verify(unittest.TestCase):
    def setUp(self):
        # Long to read and short on disk: a segment that is one hole, to no end in the time of a test.
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        with open(f"{self.folder.name}/articles-00000000000000000001.ndjson", "wb") as segment:
            segment.truncate(64 << 30)

    def on_terminal(self, columns, environment):
        """What standard error, a terminal of this width, has shown after two bars were drawn."""
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        base = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "NO_COLOR")}
        process = subprocess.Popen([NEWSWIRECTL, "verify", self.folder.name], stdout=subprocess.DEVNULL, stderr=theirs,
                                   env={**base, "TERM": "xterm", **environment})
        os.close(theirs)
        shown = b""
        deadline = time.monotonic() + PATIENCE
        try:
            while shown.count(REDRAW) < 3 and time.monotonic() < deadline:
                shown += os.read(ours, 4096)
        finally:
            process.kill()
            process.wait()
            os.close(ours)
        self.assertGreaterEqual(shown.count(REDRAW), 3, shown)
        return shown.split(REDRAW)[1:3]

    def plain(self, bar):
        return re.sub(rb"\x1b\[[0-9]*m", b"", bar).decode()

    def test_a_bar_fits_the_terminal(self):
        for columns in (30, 100):
            for bar in self.on_terminal(columns, {}):
                self.assertRegex(self.plain(bar), r"^verify \[#*\.+\] +[0-9]+%")
                self.assertLess(len(self.plain(bar)), columns)
                self.assertIn(b"\x1b[32m", bar)

    def test_columns_in_the_environment_win(self):
        for bar in self.on_terminal(100, {"COLUMNS": "40"}):
            self.assertLess(len(self.plain(bar)), 40)

    def test_no_color(self):
        for bar in self.on_terminal(80, {"NO_COLOR": "1"}):
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


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]], verbosity=2)
