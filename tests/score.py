#!/usr/bin/env python3
"""Holds the quality figures to tests/scores.json: they only go up.

usage: score.py NEWSWIRECTL [--update]

Runs the scorers of ../shared/corpus, where that folder is there, prints their figures beside the recorded ones and
fails when one fell. --update records figures that rose. Ends with "N passed, N failed".
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
CORPUS = HERE.parent.parent / "shared" / "corpus"
SCORES = HERE / "scores.json"
NOISE = 0.0005  # figures are rounded to four places


def run(*command):
    return subprocess.run([sys.executable, *map(str, command)], capture_output=True, text=True, timeout=1500).stdout


def conformance(tool):
    passed, failed = map(int, re.search(r"(\d+) passed, (\d+) failed", run(CORPUS / "conformance" / "run.py", tool)).groups())
    return {"conformance": passed / (passed + failed)}


def stripping(tool):
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        run(CORPUS / "promos" / "promos.py", "score", tool, "--json", out.name)
        figures = json.load(open(out.name))
    return {"stripping_precision": figures["precision"], "stripping_recall": figures["recall"],
            "stripping_content_kept": 1 - figures["content_lost"]}


def extraction(tool):
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        run(CORPUS / "pages" / "score.py", tool, "--json", out.name)
        figures = json.load(open(out.name))
    return {f"extraction_{name}_f1": figure["f1"] for name, figure in figures.items()}


def main():
    tool = pathlib.Path(sys.argv[1]).resolve()
    recorded = json.loads(SCORES.read_text())
    if not CORPUS.is_dir():
        print(f"score: {CORPUS} is not there, nothing to score")
        print("1 passed, 0 failed")
        return 0
    measured = {}
    failed = 0
    for scorer in (conformance, stripping, extraction):
        try:
            measured.update(scorer(tool))
        except (OSError, ValueError, KeyError, AttributeError, subprocess.TimeoutExpired) as error:
            held = any(name.startswith(scorer.__name__) for name in recorded)
            print(f"{scorer.__name__}: not measured ({error!r})" + (", though figures of it are recorded" if held else ""))
            failed += held
    for name, value in measured.items():
        before = recorded.get(name, 0)
        verdict = "ok"
        if value + NOISE < before:
            verdict = "FELL"
            failed += 1
        print(f"{name:32} {value:.4f}  recorded {before:.4f}  {verdict}")
    if "--update" in sys.argv:
        SCORES.write_text(json.dumps({name: round(max(value, recorded.get(name, 0)), 4) for name, value in measured.items()}, indent=2) + "\n")
    print(f"{max(len(measured) - failed, 0)} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
