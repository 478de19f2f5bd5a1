#!/usr/bin/env python3
"""Handles every article at least once, over restarts of either side: a named consumer of newswired.

Usage: consumer.py NAME [SOCKET]. Prints titles; put your own work into handle().
"""
import json
import socket
import sys
import time


def handle(article):
    print(article["_newswire"]["seq"], article.get("title", ""), flush=True)


def follow(name, path):
    """One connection. Ends when newswired closes it; raises OSError when there is none."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.connect(path)
        # Something is said at least every 30 seconds, so three times that means that it is dead.
        connection.settimeout(90)
        lines = connection.makefile("rwb")

        def say(request):
            lines.write(json.dumps(request).encode() + b"\n")
            lines.flush()

        say({"op": "subscribe", "consumer": name, "heartbeat": 30})
        subscribed = False
        for line in lines:
            message = json.loads(line)
            op = message.get("op")
            if op == "subscribed":
                subscribed = True
            elif op == "error":
                raise SystemExit(f"newswired: {message['code']}: {message['message']}")
            elif op is None and subscribed:
                handle(message)
                # Only now is it done. If this program dies before, the article comes again.
                say({"op": "ack", "seq": message["_newswire"]["seq"]})


def main():
    name = sys.argv[1]
    path = sys.argv[2] if len(sys.argv) > 2 else "/run/newswire/articles.sock"
    while True:
        try:
            follow(name, path)
        except OSError as error:
            print(f"{path}: {error}; trying again", file=sys.stderr)
        time.sleep(1)


if __name__ == "__main__":
    main()
