"""The built pages as later steps of the build read them: which there are, and their formulas as characters.

Search, previews and the map of the site are made from what was built, when mathematics, numbers and links are final.
"""

from __future__ import annotations

import re
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
