"""What every page of the built book costs its reader: bytes, elements, shifts, and the time of a slider's move.

    python -m tools.page_weight [--write] [--moves] [PAGE ...]

The built book is served compressed, as hosts of static pages do, and opened in Chromium. ``--moves`` also moves the
first slider of every figure (tools/moves.py): in Chromium, there also with the processor slowed four times, and in
Firefox and WebKit where these are installed; the median and, in brackets, the 95th percentile, in milliseconds. Times
tell something on a quiet machine only. ``--write`` stores the table in ``tools/page_weight.json``.
"""

from __future__ import annotations

import argparse
import gzip
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.record import write
from tools.browser import GO_DOWN, launched
from tools.engines import ENGINES, missing
from tools.moves import move_in_all
from tools.serving import QuietHandler, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Request

ROOT = Path(__file__).parents[1]
HTML = ROOT / "_build" / "html"
STORED = Path(__file__).with_suffix(".json")

#: Chapters of which a reader has read one before a page.
READ_BEFORE = ("book/01-computational-graphs.html", "book/02-rbf-toy.html")

#: Milliseconds that a page may take on a machine with other work.
SLOWEST = 120_000

#: What hosts compress; fonts and pictures are compressed already.
TEXTS = {".html", ".css", ".js", ".svg", ".json"}

#: Sums up how far what is seen jumps while the page loads (Cumulative Layout Shift, without its windows of time).
WATCH_SHIFTS = """
window.shifted = 0;
new PerformanceObserver(list => {
    for (const shift of list.getEntries()) if (!shift.hadRecentInput) shifted += shift.value;
}).observe({ type: "layout-shift", buffered: true });
"""


class CompressingHandler(QuietHandler):
    """Serves files as hosts of static pages do: texts compressed, several files by one connection."""

    protocol_version = "HTTP/1.1"

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "max-age=600")
        super().end_headers()

    def do_GET(self) -> None:
        file = Path(self.translate_path(self.path))
        if file.is_dir():
            file /= "index.html"
        if file.suffix not in TEXTS or not file.is_file():
            return super().do_GET()
        content = gzip.compress(file.read_bytes(), 6, mtime=0)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(file)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        return None


def weigh(browser: Browser, site: str, name: str, folder: Path, read: bool = False) -> dict[str, Any]:
    """Open a page for the first time, and say what that takes.

    Parameters
    ----------
    browser : Browser
    site : str
        Address of the book.
    name : str
        The page below it.
    folder : Path
        Where the served files are.
    read : bool, default False
        Whether the page is read to its end, too.

    Returns
    -------
    dict
        Compressed bytes ``html``, ``css``, ``js``, ``font``, ``other``, their ``sum`` and ``raw`` bytes; ``elements``,
        and boxes ``laid_out`` to show the first screen; ``shift``; and ``asked``, the files by name with their
        compressed bytes.
    """
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_init_script(WATCH_SHIFTS)
    page = context.new_page()
    engine = context.new_cdp_session(page)
    engine.send("Performance.enable")
    asked: dict[str, int] = {}

    def note(request: Request) -> None:
        asked[request.url.split("?")[0]] = 0

    page.on("request", note)
    page.goto(f"{site}/{name}", timeout=SLOWEST)
    if read:
        page.evaluate(GO_DOWN)
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(300)
    elements = page.evaluate("document.getElementsByTagName('*').length")
    shift = page.evaluate("shifted")
    metrics = {one["name"]: one["value"] for one in engine.send("Performance.getMetrics")["metrics"]}
    context.close()

    kinds = {".html": "html", ".css": "css", ".js": "js", ".woff2": "font", ".woff": "font"}
    weights, raw = dict.fromkeys(["html", "css", "js", "font", "other"], 0), 0
    for address in asked:
        if not address.startswith(site):
            continue  # data: addresses are inside other files
        file = folder / address.removeprefix(f"{site}/")
        content = file.read_bytes() if file.is_file() else b""
        asked[address] = len(gzip.compress(content, 6)) if file.suffix in TEXTS else len(content)
        weights[kinds.get(file.suffix, "other")] += asked[address]
        raw += len(content)
    return weights | {
        "sum": sum(weights.values()),
        "raw": raw,
        "elements": elements,
        "laid_out": metrics["LayoutObjects"],
        "shift": round(shift, 3),
        "asked": {address.removeprefix(f"{site}/"): size for address, size in asked.items() if size},
    }


def measure(browser: Browser, site: str, folder: Path, names: Sequence[str], moves: bool) -> dict[str, Any]:
    """Weigh pages, and move the sliders of those that have any, in every engine that is here."""
    table = {}
    with ExitStack() as stack:
        here = [name for name in ENGINES if moves and not missing(name)]
        engines = {name: stack.enter_context(ENGINES[name]()) for name in here}
        for name in names:
            print(name, file=sys.stderr)
            table[name] = weigh(browser, site, name, folder)
            if moves and "book-explore" in (folder / name).read_text("utf-8"):
                table[name]["moves"] = move_in_all(browser, engines, f"{site}/{name}")
        read = {name: weigh(browser, site, name, folder, read=True)["asked"] for name in READ_BEFORE}
    return with_later(table, read)


def with_later(table: dict[str, Any], read: dict[str, dict[str, int]]) -> dict[str, Any]:
    """Add to each page the bytes that it asks for when another was read: those of the files that are new."""
    for name, row in table.items():
        seen = next(asked for other, asked in read.items() if other != name)
        row["later"] = sum(size for file, size in row["asked"].items() if file not in seen)
    for row in table.values():
        del row["asked"]
    return table


def report(table: dict[str, Any]) -> str:
    """The table in words: kB compressed, elements, shift, and the times of each figure."""
    kilobytes = f"{'html':>5} {'css':>4} {'js':>4} {'font':>4} {'sum':>5} {'later':>5} {'raw':>5}"
    lines = [f"{'page':38} {kilobytes} elements laid out shift"]
    for name, row in table.items():
        parts = [f"{row[key] / 1000:.0f}" for key in ("html", "css", "js", "font", "sum", "later", "raw")]
        line = " ".join(f"{part:>{w}}" for part, w in zip(parts, (5, 4, 4, 4, 5, 5, 5), strict=True))
        lines.append(f"{name:38} {line} {row['elements']:8} {row['laid_out']:8} {row['shift']:.3f}")
        for figure, engines in row.get("moves", {}).items():
            times = (f"{engine} {one['median']:.1f} ({one['p95']:.1f})" for engine, one in engines.items())
            lines.append(f"    {figure}: {', '.join(times)}")
    return "\n".join(lines)


def names_of_pages(folder: Path, parts: Sequence[str]) -> list[str]:
    """Return the pages of a built book that have one of some parts in their names; all where no part is given."""
    names = [*sorted(page.relative_to(folder).as_posix() for page in folder.glob("book/*.html")), "search.html"]
    names = [name for name in names if not parts or any(part in name for part in parts)]
    if not names:
        sys.exit(f"no page in {folder} has one of these in its name: {', '.join(parts)}")
    return names


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m tools.page_weight", description=__doc__.partition("\n")[0])
    parser.add_argument("pages", nargs="*", help="parts of the names of pages; all by default")
    parser.add_argument("--folder", type=Path, default=HTML, help="where the built book is")
    parser.add_argument("--moves", action="store_true", help="also move every slider")
    parser.add_argument("--write", action="store_true", help=f"store the table in {STORED.name}")
    chosen = parser.parse_args(arguments)
    names = names_of_pages(chosen.folder, chosen.pages)
    with served(chosen.folder, CompressingHandler) as site, launched() as browser:
        table = measure(browser, site, chosen.folder, names, chosen.moves)
    print(report(table))
    if chosen.write:
        write(STORED, table)


if __name__ == "__main__":
    main()
