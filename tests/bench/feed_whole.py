#!/usr/bin/env python3
"""Whole processes on real feeds: `newswirectl parse` against bare pugixml load_buffer on the same bytes, sfeed, feed-rs and feedparser.

usage: feed_whole.py BUILD [ROUNDS]

The feeds are those of NEWSWIRE_FEEDS (a folder), else of ../shared/corpus/feeds, else made up. CPU time of the whole
process (start, reading, JSON output to /dev/null), the best of ROUNDS in turn with the others. load_buffer is measured
twice: as a process like ours that reads the files and does nothing else, which is the yardstick, and as a pass inside a
process whose memory is warm, which no process that starts can reach. sfeed, feed-rs (built here where cargo is) and
feedparser take part where they are installed. Then how time grows when a document does.
"""
import json
import os
import pathlib
import resource
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
FEEDPARSER = """
import sys, time, warnings
warnings.simplefilter("ignore")
import feedparser
documents = [open(name, "rb").read() for name in sys.argv[1:]]
start = time.process_time()
for document in documents:
    try: feedparser.parse(document)
    except Exception: pass
print(time.process_time() - start)
"""


def made_up(folder):
    for number in range(60):
        items = "".join(
            f"<item><title>Story {i} of {number}</title><link>http://news.example/{number}/{i}</link><guid>http://news.example/{number}/{i}</guid>"
            f"<pubDate>Thu, 0{i % 9 + 1} Jan 2026 10:00:00 GMT</pubDate><dc:creator>Ann Lee</dc:creator><category>Rail</category>"
            f"<description>&lt;p&gt;{'The night train leaves at ten. ' * 40}&lt;a href=&quot;/{i}&quot;&gt;More&lt;/a&gt;&lt;/p&gt;</description></item>"
            for i in range(40))
        (folder / f"{number}.rss").write_text(
            '<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
            f"<title>Feed {number}</title><link>http://news.example/</link>{items}</channel></rss>")
    return folder


def feeds(scratch):
    for folder in (os.environ.get("NEWSWIRE_FEEDS"), HERE.parents[2] / "shared" / "corpus" / "feeds"):
        if folder and pathlib.Path(folder).is_dir():
            break
    else:
        folder = made_up(scratch)
    return sorted(p for p in pathlib.Path(folder).iterdir() if p.suffix in (".rss", ".atom", ".rdf", ".xml"))


def cpu(work):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def parse(tool, files):
    return cpu(lambda: subprocess.run([tool, "parse", *files], stdout=subprocess.DEVNULL, check=False))


def load_buffer(program, folder):
    out = subprocess.run([program, "--benchmark_filter=pugixml_load_buffer", "--benchmark_format=json", "--benchmark_min_time=0.5"],
                         env={**os.environ, "NEWSWIRE_FEEDS": str(folder)}, capture_output=True, text=True, check=True).stdout
    return json.loads(out)["benchmarks"][0]["cpu_time"] / 1e3


def feed_rs(build):
    """The peer's program, or None."""
    cargo = shutil.which("cargo")
    if not cargo:
        return None
    done = subprocess.run([cargo, "build", "--release", "--quiet", "--target-dir", build / "feed-rs"], cwd=HERE / "feed_rs",
                          capture_output=True, text=True, check=False)
    if done.returncode != 0:
        print("  feed-rs: not built:", done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "cargo failed")
        return None
    return build / "feed-rs" / "release" / "feed_rs_parse"


def sfeed(files):
    def each():
        for name in files:
            with open(name, "rb") as document:
                subprocess.run(["sfeed"], stdin=document, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return cpu(each)


def growth(tool, scratch):
    item = "<item><title>t</title><link>http://news.example/</link></item>"
    shapes = {
        "items": lambda n: "<rss version='2.0'><channel>" + item * n + "</channel></rss>",
        "nesting": lambda n: "<rss version='2.0'><channel><item><description>" + "<b>" * (10 * n) + "x" + "</b>" * (10 * n) + "</description></item></channel></rss>",
        "one attribute": lambda n: "<rss version='2.0'><channel><item><link href='" + "a" * (100 * n) + "'/></item></channel></rss>",
        "one text": lambda n: "<rss version='2.0'><channel><item><description>" + "&lt;p&gt;some words " * (20 * n) + "</description></item></channel></rss>",
    }
    for name, shape in shapes.items():
        took = []
        for size in (10_000, 100_000):
            path = scratch / "grown.rss"
            path.write_text(shape(size))
            took.append(min(parse(tool, [path]) for _ in range(3)))
        print(f"  {name}: ten times the size ({path.stat().st_size / 1e6:.0f} MB, {took[1]:.3f} s) takes {took[1] / took[0]:.1f} times the time")


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    tool, yardstick = build / "daemon" / "newswirectl", build / "tests" / "bench" / "bench_feed_parse"
    bare = build / "tests" / "bench" / "yardstick_load_buffer"
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        files = feeds(scratch)
        size = sum(p.stat().st_size for p in files)
        took = {}
        for _ in range(rounds):
            for name, seconds in (("pugixml load_buffer", min(cpu(lambda: subprocess.run([bare, *files], stdout=subprocess.DEVNULL, check=False)) for _ in range(5))),
                                  ("the same in warm memory", load_buffer(yardstick, files[0].parent)),
                                  ("newswirectl parse", min(parse(tool, files) for _ in range(5)))):
                took[name] = min(took.get(name, seconds), seconds)
        if shutil.which("sfeed"):
            took["sfeed"] = sfeed(files)
        if peer := feed_rs(build):
            took["feed-rs"] = min(cpu(lambda: subprocess.run([peer, *files], stdout=subprocess.DEVNULL, check=False)) for _ in range(rounds))
        program = subprocess.run(["/usr/bin/python3", "-c", FEEDPARSER, *files], capture_output=True, text=True, check=False)
        if program.returncode == 0:
            took["feedparser"] = float(program.stdout)
        print(f"  {len(files)} feeds, {size / 1e6:.1f} MB")
        for name, seconds in took.items():
            print(f"  {name}: {size / seconds / 1e6:.1f} MB/s, {took['pugixml load_buffer'] / seconds:.1%} of load_buffer; "
                  f"newswirectl is {seconds / took['newswirectl parse']:.2f} times as fast")
        growth(tool, scratch)


if __name__ == "__main__":
    main()
