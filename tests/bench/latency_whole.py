#!/usr/bin/env python3
"""From the last byte of a response to the line on the socket, the article written and synced on the way, as a ratio to
one fdatasync of the same bytes on the same disk.

usage: latency_whole.py BUILD [ARTICLES]

The real newswired polls a feed of a loopback server every second; each answer has one new entry.
"""
import http.server
import json
import os
import pathlib
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

ARTICLES = int(sys.argv[2]) if len(sys.argv) > 2 else 30
answered = {}


class Feed(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        number = len(answered) + 1
        items = "".join(
            f'<item><title>Article {n}</title><guid isPermaLink="false">{n}</guid><description>'
            + f"Report number {n}, with words enough to be an article of its own. " * 10 + "</description></item>"
            for n in range(number, max(number - 20, 0), -1))
        body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>Bench</title>{items}</channel></rss>'.encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()
        answered[number] = time.monotonic()

    def log_message(self, *_):
        pass


def sync_time(folder, line):
    with open(folder / "yardstick", "ab", buffering=0) as file:
        times = []
        for _ in range(ARTICLES):
            file.write(line)
            start = time.monotonic()
            os.fdatasync(file.fileno())
            times.append(time.monotonic() - start)
    return statistics.median(times)


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory(dir=build) as name:
        folder = pathlib.Path(name)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Feed)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        (folder / "newswire.yaml").write_text(
            "spool: {dir: spool}\nstate: {dir: state}\nsockets: {dir: run}\n"
            "fetch: {host_spacing: 0s}\nschedule: {polls_per_day: 86400, jitter: 0}\n"
            "defaults: {interval: {min: 1s, max: 1s}, allow_private: true, full_text: never}\n"
            f"feeds:\n  - url: http://127.0.0.1:{server.server_port}/feed\n")
        # A relative path: the folder's may be longer than an address holds.
        os.chdir(folder)
        ready = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        notify = f"newswire-bench-{os.getpid()}"
        ready.bind("\0" + notify)
        ready.settimeout(60)
        daemon = subprocess.Popen([build / "daemon/newswired", "--config", folder / "newswire.yaml"],
                                  env={**os.environ, "NOTIFY_SOCKET": "@" + notify},
                                  stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        try:
            times, line = [], b""
            while b"READY=1" not in ready.recv(4096):
                pass
            ready.close()
            with socket.socket(socket.AF_UNIX) as subscriber:
                subscriber.settimeout(60)
                subscriber.connect("run/articles.sock")
                subscriber.sendall(b'{"op":"subscribe","from":"earliest"}\n')
                for line in subscriber.makefile("rb"):
                    now = time.monotonic()
                    article = json.loads(line)
                    if "id" not in article:
                        continue
                    times.append(now - answered[int(article["id"])])
                    if len(times) > ARTICLES:
                        break
        finally:
            daemon.send_signal(signal.SIGTERM)
            daemon.wait()
        times = times[1:]  # the first poll connects
        median = statistics.median(times)
        sync = sync_time(folder, line)
        print(f"answer to line on the socket: median {1000 * median:.2f} ms, worst {1000 * max(times):.2f} ms; "
              f"one fdatasync {1000 * sync:.2f} ms; ratio {median / sync:.1f}")


if __name__ == "__main__":
    main()
