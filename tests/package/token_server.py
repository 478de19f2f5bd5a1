#!/usr/bin/python3
"""Serves one feed on 127.0.0.1:8099 to those who know the token. Standard output: what each request had to show."""
import http.server

FEED = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Private</title><link>https://p.example/</link>
<item><title>secret</title><guid>urn:secret</guid><description>For subscribers only.</description></item>
</channel></rss>"""


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        known = self.headers.get("Authorization") == "Bearer hunter2"
        print("welcome" if known else "refused", flush=True)
        self.send_response(200 if known else 401)
        self.send_header("Content-Type", "application/rss+xml")
        self.end_headers()
        self.wfile.write(FEED if known else b"")

    def log_message(self, *arguments):
        pass


http.server.ThreadingHTTPServer(("127.0.0.1", 8099), Handler).serve_forever()
