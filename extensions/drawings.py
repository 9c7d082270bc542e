"""Drawings with fewer bytes on a page than in a notebook: nobody waits for the build, as a slider waits for Python.

What `light_svg` leaves is written shorter. Places are rounded to a tenth of a point, an eighth of a pixel, and those of
a path are told as steps from one to the next. Names are short. Comments, which repeat what labels say, are gone, like
the ends of lines and the colours for a place without the style sheet of figures.
"""

from __future__ import annotations

import json
import re
from functools import cache

from docutils import nodes
from sphinx.application import Sphinx

from extensions.frames import DATA
from extensions.light_svg import light

SVG = re.compile(r'<svg role="img".*?</svg>', re.DOTALL)
NOTHING_SEEN = re.compile(r"<!--.*?-->\s*|<defs>\s*</defs>\s*", re.DOTALL)
SECOND_CHOICE = re.compile(r"var\((--figure-\w+), #\w+\)")
PATH = re.compile(r'(?<= d=")[^"]*')
PLACE = re.compile(r'(?:(?<= x=")|(?<= y=")|(?<=translate\())[-\d. ]+')
LONG_NUMBER = re.compile(r"-?\d+\.\d\d+")

#: A name within a drawing: that of the drawing (figures.to_svg), and ten signs of matplotlib's or more.
NAME = re.compile(r"\b(?P<drawing>[fx][0-9a-f]{10})[A-Za-z]\w{9,}")
NAMED = re.compile(rf'id=\\?"({NAME.pattern})\\?"')

COMMAND = re.compile(r"([A-Za-z])([^A-Za-z]*)")
#: The commands that matplotlib writes, and how many numbers each has.
NUMBERS = {"M": 2, "L": 2, "Q": 4, "C": 6, "z": 0}
#: How far a mark reaches, in points: it is small and drawn often, and is not rounded further.
MARK = 12


def with_short_names(html: str) -> str:
    """Return the HTML of an output whose drawings number what they refer to."""
    found = {one[1]: one["drawing"] for one in NAMED.finditer(html)}
    short = {name: f"{drawing}{number}" for number, (name, drawing) in enumerate(found.items())}
    return NAME.sub(lambda name: short.get(name[0], name[0]), html)


def decimal(parts: int, scale: int) -> str:
    """Return a number of parts of a unit as a short decimal number: -.5 for -5 tenths."""
    text = f"{parts / scale:.2f}".rstrip("0").rstrip(".")
    return text.replace("0.", ".", 1) if abs(parts) < scale and parts else text


def joined(numbers: list[str]) -> str:
    """Return numbers with a blank between two only where they would be read as one."""
    return "".join(numbers[:1] + [one if one.startswith("-") else f" {one}" for one in numbers[1:]])


@cache
def in_steps(path: str) -> str:
    """Return a path whose places are rounded, and told as steps from one to the next.

    Parameters
    ----------
    path : str
        With the commands that matplotlib writes; one with others stays as it is.

    Returns
    -------
    str
    """
    commands = [(name, numbers.split()) for name, numbers in COMMAND.findall(path)]
    if any(NUMBERS.get(name) != len(numbers) for name, numbers in commands):
        return path
    scale = 100 if all(abs(float(one)) <= MARK for _, numbers in commands for one in numbers) else 10
    here = start = (0, 0)
    said = ""
    before = "z"
    for name, numbers in commands:
        places = [round(scale * float(one)) for one in numbers]
        word, steps = name.lower(), [place - here[k % 2] for k, place in enumerate(places)]
        if name == "M":
            word, steps = "M", places
        elif name == "L" and 0 in steps:
            word, steps = ("v", steps[1:]) if steps[1] else ("h", steps[:1])
        text = joined([decimal(step, scale) for step in steps])
        repeats = word == before and name not in "Mz"
        said += text if repeats and text.startswith("-") else f"{' ' if repeats else word}{text}"
        before, here = word, start if name == "z" else (places[-2], places[-1])
        start = here if name == "M" else start
    return said


def rounded(place: re.Match[str]) -> str:
    """Return places with one digit after the point."""
    return LONG_NUMBER.sub(lambda one: f"{float(one[0]):.1f}".removesuffix(".0"), place[0])


def lighter(svg: str) -> str:
    """Return a drawing that looks the same, with fewer bytes."""
    svg = PATH.sub(lambda path: in_steps(path[0]), NOTHING_SEEN.sub("", light(svg)))
    return SECOND_CHOICE.sub(r"var(\1)", PLACE.sub(rounded, svg))


def lighter_frames(script: re.Match[str]) -> str:
    """Return the data of a figure (explore.html) with lighter drawings, equal lines of which are still kept once."""
    data = json.loads(script[1])
    frames = [lighter("\n".join(data["lines"][line] for line in frame)).split("\n") for frame in data["frames"]]
    lines = {line: number for number, line in enumerate(dict.fromkeys(line for frame in frames for line in frame))}
    data |= {"lines": list(lines), "frames": [[lines[line] for line in frame] for frame in frames]}
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return f"<script type='application/json'>{text}</script>"


def lighter_output(html: str) -> str:
    """Return the HTML of an output with lighter drawings, those that a slider brings among them."""
    html = SVG.sub(lambda svg: lighter(svg[0]).replace(">\n<", "><"), with_short_names(html))
    return DATA.sub(lighter_frames, html)


def lighten(app: Sphinx, doctree: nodes.document, page: str) -> None:
    if app.builder.format != "html":
        return
    for output in doctree.findall(nodes.raw):
        if output.get("format") == "html" and '<svg role="img"' in output.astext():
            output[:] = [nodes.Text(lighter_output(output.astext()))]


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("doctree-resolved", lighten)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
