"""Whether a figure stands still while a hand moves it: its size on the page, and what all its pictures say."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

from playwright.sync_api import Page

FIGURE = re.compile(r"""<figure id="([^"]+)" class=['"]book-explore['"][^>]*>(.*?)</figure>""", re.DOTALL)
FILE = re.compile(r"""data-file=['"]?([^'" >]+)""")
TEXT = re.compile(r"<text\b([^>]*)>(.*?)</text>", re.DOTALL)
PLACE = re.compile(r"""(?:translate\(|\bx=")(-?[\d.]+)(?:[ ,]+|" y=")(-?[\d.]+)""")

#: Figures whose height changes with a slider, which is put at its first, middle and last place; at every place where
#: there are words for each step.
RESTLESS = """async () => {
    const found = [];
    for (const figure of document.querySelectorAll("figure.book-explore:has(input[type=range])")) {
        figure.scrollIntoView();
        const asks = figure.querySelector(":scope > script[type='application/json']");
        const waits = () => asks && !figure.dataset.pictures;
        for (let look = 0; waits() && look < 1000; look++) await new Promise((done) => setTimeout(done, 20));
        const sliders = [...figure.querySelectorAll("input[type=range]")];
        const places = sliders.map(({ value }) => value);
        const move = (slider, value) => {
            slider.value = value;
            slider.dispatchEvent(new Event("input", { bubbles: true }));
        };
        const heights = new Set();
        for (const slider of sliders) {
            const [low, high] = [Number(slider.min), Number(slider.max)];
            const all = figure.querySelector(".buttons") ? [...Array(high + 1).keys()] : [low, (low + high) / 2, high];
            for (const value of all) {
                move(slider, value);
                for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
                heights.add(Math.round(figure.getBoundingClientRect().height));
            }
        }
        sliders.forEach((slider, k) => move(slider, places[k]));
        if (Math.max(...heights) - Math.min(...heights) > 1) found.push(`${figure.id}: ${[...heights].join(", ")} px`);
    }
    return found;
}"""


def restless_figures(page: Page) -> list[str]:
    """Figures whose height on an open page changes while their sliders move, each with its heights."""
    return page.evaluate(RESTLESS)


def wandering_words(page: Path) -> list[str]:
    """Words that stand once in every picture of a figure, but not in one place; and figures of several sizes.

    Parameters
    ----------
    page : Path
        A page of the built book.

    Returns
    -------
    list of str
        Each with the name of the figure.
    """
    found = []
    for figure, inside in FIGURE.findall(page.read_text("utf-8")):
        file = FILE.search(inside)
        if not file or "book-live" in inside:
            continue  # a script computes its pictures
        pictures = pictures_of((page.parent / file[1]).read_text("utf-8"))
        if len({re.search(r'viewBox="[^"]+"', picture)[0] for picture in pictures}) > 1:
            found.append(f"{figure}: its size")
        found += [f"{figure}: {words}" for words in wandering(pictures)]
    return found


def pictures_of(script: str) -> list[str]:
    """The pictures of a file of frames, as SVG."""
    data = json.loads(script[script.index("{") : script.rindex("}") + 1])
    return ["\n".join(data["lines"][line] for line in frame) for frame in data["frames"]]


def wandering(pictures: list[str]) -> list[str]:
    """Words that stand once in every picture, but not in one place: by more than a pixel."""
    told = [[(spoken(words), place_of(look + words)) for look, words in TEXT.findall(picture)] for picture in pictures]
    once = [{words for words, count in Counter(words for words, _ in one).items() if count == 1} for one in told]
    places = [dict(one) for one in told]
    return [
        words
        for words in sorted(set.intersection(*once))
        if any(max(axis) - min(axis) > 1 for axis in zip(*(place[words] for place in places), strict=True))
    ]


def spoken(words: str) -> str:
    """The words of a text without its tags."""
    return re.sub(r"<[^>]+>", "", words).strip()


def place_of(text: str) -> tuple[float, float]:
    """Where a text stands, by its first attributes that say so."""
    across, down = PLACE.search(text).groups()
    return float(across), float(down)
