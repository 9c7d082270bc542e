"""The built pages as later steps of the build read them: which there are, and their formulas as characters.

Search, previews and the map of the site are made from what was built, when mathematics, numbers and links are final.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

#: Folders of the built book that hold no pages.
NO_PAGES = ("_static", "_sources")

GREEK = (
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu", "xi",
    "pi", "rho", "sigma", "tau", "phi", "chi", "psi", "omega", "Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma",
    "Phi", "Psi", "Omega",
)  # fmt: skip
LETTERS = dict(zip(GREEK, "αβγδεζηθικλμνξπρστφχψωΓΔΘΛΞΠΣΦΨΩ", strict=True))
SIGNS = {"cdot": "·", "times": "×", "le": "≤", "ge": "≥", "ne": "≠", "approx": "≈", "to": "→", "infty": "∞", "pm": "±"}
SUBSCRIPTS = str.maketrans("0123456789aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ")
SUPERSCRIPTS = str.maketrans("0123456789nT", "⁰¹²³⁴⁵⁶⁷⁸⁹ⁿᵀ")
#: Longer formulas say nothing in a line of text.
LONGEST_FORMULA = 24

#: What KaTeX draws, apart from the MathML beside it; the tags that it is made of.
DRAWN = '<span class="katex-html"'
SPAN = re.compile(r"<(/?)span\b[^>]*>")


def pages(folder: Path) -> list[str]:
    """Return the addresses of all pages of the book, from the top of its folder.

    The front door, the search and the page for what is missing have no article; they are left out.
    """
    every = sorted(path for path in folder.rglob("*.html") if path.relative_to(folder).parts[0] not in NO_PAGES)
    return [
        path.relative_to(folder).as_posix()
        for path in every
        if 'class="bd-article"' in path.read_text(encoding="utf-8")
    ]


def drawn_formulas(html: str) -> Iterator[tuple[int, int]]:
    """Yield where the drawing of each formula of a page begins and ends."""
    start = html.find(DRAWN)
    while start >= 0:
        depth = 0
        for tag in SPAN.finditer(html, start):
            depth += -1 if tag[1] else 1
            if depth == 0:
                break
        yield start, tag.end()
        start = html.find(DRAWN, tag.end())


def without_drawings(html: str) -> str:
    """Return a page, or a part of one, whose formulas are MathML only."""
    kept, last = [], 0
    for start, end in drawn_formulas(html):
        kept.append(html[last:start])
        last = end
    return "".join([*kept, html[last:]])


def spoken(tex: str) -> str:
    """Return a short formula as characters, such as wₕ for w_h; an ellipsis for one that needs TeX."""
    text = re.sub(r"\\(?:mathrm|text|mathbf)\{([^{}]*)\}", r"\1", tex)
    text = re.sub(
        r"\\([A-Za-z]+)\s?", lambda m: LETTERS.get(m[1]) or (f" {SIGNS[m[1]]} " if m[1] in SIGNS else m[0]), text
    )
    text = re.sub(r"\\[,;!: ]|~", " ", text)
    for mark, table in (("_", SUBSCRIPTS), ("^", SUPERSCRIPTS)):
        # what has no such character stays as TeX, and then becomes the ellipsis
        pattern = re.compile(rf"\{mark}(?:\{{(\w+)\}}|(\w))")
        text = pattern.sub(lambda m, table=table: lowered(m, table), text)  # type: ignore[misc]
    text = " ".join(text.split())
    return "…" if len(text) > LONGEST_FORMULA or re.search(r"[\\{}_^&]", text) else text


def lowered(match: re.Match[str], table: dict[int, int]) -> str:
    """Return an index in small characters, or unchanged if one is missing."""
    index = match[1] or match[2]
    return index.translate(table) if all(ord(letter) in table for letter in index) else match[0]
