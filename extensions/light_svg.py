"""Drawings by matplotlib with fewer elements and smaller pictures, which look the same.

A chapter carries some thirty drawings, and a page is laid out the faster, the fewer elements it has. In a notebook,
where a slider waits for Python, they stay as matplotlib draws them.
"""

import base64
import io
import re
from functools import lru_cache
from itertools import groupby

from PIL import Image

#: Pictures made of points, such as heat maps, as matplotlib writes them.
PNG = re.compile(r"data:image/png;base64,\s*([A-Za-z0-9+/=\s]+)")

#: Up to so many colours a picture is exact. One with more was interpolated, so it has no sharp edges; nor has one that
#: is empty in parts: a surface, which is stored as points because it would be thousands of shapes.
EXACT_COLOURS = 256

#: Of other pictures: the error is about one of 255 shades, which nobody sees.
QUALITY = 90

#: How hard an exact picture is packed, and how hard any: the most of both saves a third of the bytes, and takes 200
#: times as long.
EFFORT, METHOD = 75, 4

#: So many are remembered as they were packed: a map is the same in all drawings of a figure with sliders.
PICTURES = 16

#: A letter of a label that holds a formula: matplotlib gives each its own place and style. Blanks show nothing.
LETTER = re.compile(r'<tspan x="([^"]*)" (y="[^"]*" style="[^"]*")>([^<\s]*)</tspan>\n')
BLANK = re.compile(r"<tspan [^>]*>\s*</tspan>\n")
UNTURNED = re.compile(r' transform="rotate\(-?0 [^"]*\)"')


def light(svg: str) -> str:
    """Return a drawing that looks the same and is lighter.

    Parameters
    ----------
    svg : str
        By matplotlib, with one tag on a line.

    Returns
    -------
    str
        A picture made of points is WebP where that is smaller, the letters of a word are one element, and groups that
        say nothing of what is in them are gone, like the spaces at the beginning of lines.
    """
    svg = UNTURNED.sub("", without_bare_groups(svg))
    svg = re.sub(f"(?:{LETTER.pattern})+", in_words, BLANK.sub("\n", svg))
    return PNG.sub(lambda png: lighter_picture(png[0]), re.sub("\n+", "\n", svg))


def in_words(letters: re.Match[str]) -> str:
    """Return letters that follow one another, those of one height and style as one element.

    Parameters
    ----------
    letters : re.Match
        Of some elements like `LETTER`.

    Returns
    -------
    str
        Such elements, with a place for each letter.
    """
    words = [[*word] for _, word in groupby(LETTER.findall(letters[0]), key=lambda letter: letter[1])]
    return "".join(
        f'<tspan x="{" ".join(x for x, _, _ in word)}" {word[0][1]}>{"".join(text for *_, text in word)}</tspan>\n'
        for word in words
    )


def without_bare_groups(svg: str) -> str:
    """Return a drawing without those groups that have no attribute.

    Parameters
    ----------
    svg : str
        By matplotlib, with one tag on a line.

    Returns
    -------
    str
    """
    kept: list[str] = []
    bare: list[bool] = []  # whether the groups around the present line are
    for line in map(str.lstrip, svg.split("\n")):
        if line.startswith(("<g>", "<g ")):
            bare.append(line == "<g>")
            if bare[-1]:
                continue
        elif line == "</g>" and bare.pop():
            continue
        kept.append(line)
    return "\n".join(kept)


@lru_cache(maxsize=PICTURES)
def lighter_picture(png: str) -> str:
    """Return a picture as WebP if that is smaller.

    Parameters
    ----------
    png : str
        An address that holds the picture itself, as in `PNG`.

    Returns
    -------
    str
        Such an address.
    """
    image = Image.open(io.BytesIO(base64.b64decode(png.partition(",")[2])))
    full = image.convert("RGBA").getchannel("A").getextrema() == (255, 255)
    exact = full and image.getcolors(EXACT_COLOURS) is not None
    file = io.BytesIO()
    image.save(file, "WEBP", lossless=exact, quality=EFFORT if exact else QUALITY, method=METHOD, exact=exact)
    webp = "data:image/webp;base64," + base64.b64encode(file.getvalue()).decode()
    return min(png, webp, key=len)
