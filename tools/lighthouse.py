"""What Lighthouse says of every page of the built book, on a desk and on a phone.

    python -m tools.lighthouse [--write] [PAGE ...]

It needs Chromium and Node.js; ``npx`` fetches Lighthouse from npm at its first use, or ``LIGHTHOUSE`` names its
command. The book is served compressed, as hosts of static pages do. Its scores depend on how fast the machine is at
the moment: they tell something on a quiet one only. ``--write`` stores the table in ``tools/lighthouse.json``.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from experiments.record import write
from tools.browser import BROWSERS, FLAGS, browser_path
from tools.page_weight import HTML, CompressingHandler, names_of_pages
from tools.serving import served

STORED = Path(__file__).with_suffix(".json")
COMMAND = shlex.split(os.environ.get("LIGHTHOUSE", "npx --yes lighthouse"))

#: How a page is opened, and what Lighthouse is told for it; a phone is what it takes when nothing is said.
SCREENS = {"desktop": ["--preset=desktop"], "mobile": []}

CATEGORIES = ("performance", "accessibility", "best-practices", "seo")

#: Numbers beside the scores: names of Lighthouse's audits, and how many of its units make one of ours.
AUDITS = {
    "first-contentful-paint": 1000,
    "largest-contentful-paint": 1000,
    "total-blocking-time": 1,
    "cumulative-layout-shift": 1,
}


def asked(address: str, screen: str) -> dict[str, Any]:
    """Let Lighthouse look at one page.

    Parameters
    ----------
    address : str
    screen : str
        One of `SCREENS`.

    Returns
    -------
    dict
        Its scores from 0 to 100 by category; first and largest paint in seconds, blocking time in milliseconds, and
        the shift of the layout; and ``failed``, the audits beside performance that are not passed.

    Raises
    ------
    RuntimeError
        If there is no browser, or if Lighthouse cannot look at the page.
    """
    if (path := browser_path()) is None:
        raise RuntimeError(f"Lighthouse needs a browser on the path, one of {', '.join(BROWSERS)}")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "report.json"
        flags = " ".join(["--headless=new", *FLAGS])
        told = [f"--only-categories={','.join(CATEGORIES)}", f"--chrome-flags={flags}", "--quiet"]
        done = subprocess.run(
            [*COMMAND, address, "--output=json", f"--output-path={file}", *told, *SCREENS[screen]],
            env={**os.environ, "CHROME_PATH": path},
            capture_output=True,
            text=True,
        )
        if done.returncode or not file.is_file():
            raise RuntimeError(f"Lighthouse could not look at {address}: {done.stderr.strip()[-500:]}")
        return summary(json.loads(file.read_text(encoding="utf-8")))


def summary(report: dict[str, Any]) -> dict[str, Any]:
    """Return what is kept of a report of Lighthouse."""
    categories, audits = report["categories"], report["audits"]
    scores = {name: round(100 * (categories[name]["score"] or 0)) for name in CATEGORIES}
    numbers = {name: round(audits[name]["numericValue"] / unit, 3) for name, unit in AUDITS.items()}
    judged = [ref["id"] for name in CATEGORIES[1:] for ref in categories[name]["auditRefs"] if ref["weight"]]
    failed = sorted({name for name in judged if (audits[name]["score"] or 0) < 1 and audits[name]["score"] is not None})
    return {**scores, **numbers, "failed": failed}


def report(table: dict[str, dict[str, Any]]) -> str:
    """Format the table, a line for each page and screen."""
    lines = [f"{'page':38} {'screen':8} perf a11y best  seo   FCP s  LCP s TBT ms   CLS"]
    for name, screens in table.items():
        for screen, row in screens.items():
            scores = " ".join(f"{row[category]:>4}" for category in CATEGORIES)
            paints = " ".join(f"{row[audit]:>6.2f}" for audit in list(AUDITS)[:2])
            times = f"{row['total-blocking-time']:>6.0f} {row['cumulative-layout-shift']:>5.3f}"
            lines.append(f"{name:38} {screen:8} {scores}  {paints} {times} {' '.join(row['failed'])}".rstrip())
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m tools.lighthouse", description=__doc__.partition("\n")[0])
    parser.add_argument("pages", nargs="*", help="parts of the names of pages; all by default")
    parser.add_argument("--write", action="store_true", help=f"store the table in {STORED.name}")
    chosen = parser.parse_args(arguments)
    names = names_of_pages(HTML, chosen.pages)
    table: dict[str, dict[str, Any]] = {}
    with served(HTML, CompressingHandler) as site:
        for name in names:
            print(name, file=sys.stderr)
            table[name] = {screen: asked(f"{site}/{name}", screen) for screen in SCREENS}
    print(report(table))
    if chosen.write:
        write(STORED, table)


if __name__ == "__main__":
    main()
