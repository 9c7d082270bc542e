"""The colours of a figure on each page that shows it: as much of a browser's cascade as figures need.

`PAGES` says what each place sets around an output, in its light and its dark theme: attributes,
CSS variables, background and text colour. `paints` puts a figure there and resolves the
colours of everything that would be seen.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bs4 import BeautifulSoup, Comment, Tag

ROOT = Path(__file__).parent.parent
BOOK = ROOT.joinpath("assets/book.css").read_text("utf-8")
LAB = Path(sys.prefix, "share/jupyter/lab/themes/@jupyterlab")
INHERITED = ("color", "fill", "stroke", "background", "fill-opacity", "stroke-opacity", "opacity")
RGB = tuple[float, float, float]


@dataclass(frozen=True)
class Page:
    """A place where outputs are shown: attributes of its html and body, and a style sheet."""

    html: str = ""
    body: str = ""
    css: str = ""


def lab(theme: str, light: str) -> Page:
    """JupyterLab, with the variables of the installed theme; the same names hold for Notebook 7."""
    css = LAB.joinpath(f"theme-{theme}-extension/index.css").read_text("utf-8")
    variables = ";".join(re.findall(r"--(?:jp|md)-[\w-]+:[^;{}]+", css))
    look = "background:var(--jp-layout-color0);color:var(--jp-content-font-color1)"
    return Page(body=f'data-jp-theme-light="{light}"', css=f"html{{{variables}}} body{{{look}}}")


def vs_code(kind: str, background: str, foreground: str) -> Page:
    """VS Code: the class of the body tells the kind of theme, variables tell its colours."""
    variables = f"--vscode-editor-background:{background};--vscode-editor-foreground:{foreground}"
    look = "background:var(--vscode-editor-background);color:var(--vscode-editor-foreground)"
    attributes = f'class="{kind}" data-vscode-theme-kind="{kind.split()[0]}"'
    return Page(body=attributes, css=f"html{{{variables}}} body{{{look}}}")


def colab(html: str, surface: str, text: str) -> Page:
    """Colab: an attribute of the root tells the theme."""
    variables = f"--colab-primary-surface-color:{surface};--colab-primary-text-color:{text}"
    look = "background:var(--colab-primary-surface-color);color:var(--colab-primary-text-color)"
    return Page(html, css=f"html{{{variables}}} body{{{look}}}")


def book(theme: str) -> Page:
    """The built page, with all that the book's style sheet says of the root element."""
    roots = re.findall(r'^html(?:,\nhtml)?\[data-theme="\w+"\] \{[^}]*\}', BOOK, re.MULTILINE)
    look = "body{background:var(--pst-color-background);color:var(--pst-color-text-base)}"
    return Page(f'data-theme="{theme}"', css="\n".join(roots) + look)


#: Colours of VS Code's Light+ and Dark+ (and of its high contrasts, whose light one has both
#: classes), and of Colab, are those that their default themes set as of 2025.
PAGES = {
    "book, light": book("light"),
    "book, dark": book("dark"),
    "JupyterLab, light": lab("light", "true"),
    "JupyterLab, dark": lab("dark", "false"),
    "JupyterLab, dark, high contrast": lab("dark-high-contrast", "false"),
    "VS Code, light": vs_code("vscode-light", "#ffffff", "#3b3b3b"),
    "VS Code, dark": vs_code("vscode-dark", "#1e1e1e", "#d4d4d4"),
    "VS Code, light, high contrast": vs_code("vscode-high-contrast-light vscode-high-contrast", "#ffffff", "#292929"),
    "VS Code, dark, high contrast": vs_code("vscode-high-contrast", "#000000", "#ffffff"),
    "Colab, light": colab("", "#ffffff", "#212121"),
    "Colab, dark": colab('theme="dark"', "#383838", "#d5d5d5"),
    "unknown, white on black": Page(css="body{background:#000000;color:#ffffff}"),
}


@dataclass(frozen=True)
class Paint:
    """One thing that is seen.

    Attributes
    ----------
    kind : str
        "word", "line" or "area".
    source : str
        The colour as the figure writes it, such as "var(--figure-blue, #0072b2)".
    colour, paper : RGB
        Of the thing, blended with what is below, and of what is below.
    opacity : float
    """

    kind: str
    source: str
    colour: RGB
    paper: RGB
    opacity: float

    @property
    def contrast(self) -> float:
        """Contrast between the thing and its paper."""
        return contrast(self.colour, self.paper)


def contrast(a: RGB, b: RGB) -> float:
    """Contrast of two colours, from 1 to 21, as WCAG 2.2 defines it."""
    dark, light = sorted(map(luminance, (a, b)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: RGB) -> float:
    """Relative luminance of a colour of sRGB, from 0 to 1."""
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@cache
def paints(figure: str, page: Page) -> tuple[Paint, ...]:
    """Return everything that is seen of a figure's HTML on a page."""
    text = f"<html {page.html}><head><style>{page.css}</style></head><body {page.body}>{figure}</body></html>"
    document = BeautifulSoup(text, "html.parser")
    sheet = "".join(style.get_text() for style in document.find_all("style"))
    declared: dict[int, dict[str, str]] = {}
    for selector, declarations in rules(sheet):
        if "::" in selector:  # no element: the one such rule keeps room with words that nobody sees
            continue
        for element in document.select(selector):
            declared.setdefault(id(element), {}).update(declarations)
    initial = {"color": "black", "fill": "black", "stroke": "none", "background": "white"}
    return tuple(seen(document.html, initial, declared))


def rules(sheet: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield selector and declarations of every rule for the screen, weaker ones first."""
    sheet = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    sheet = re.sub(r"@media (?!screen)[^{]*\{(?:[^{}]*\{[^{}]*\})*\s*\}", "", sheet)
    sheet = re.sub(r"@media screen \{((?:[^{}]*\{[^{}]*\})*)\s*\}", r"\1", sheet)
    found = [(s.strip(), dictionary(d)) for s, d in re.findall(r"([^{}]+)\{([^{}]*)\}", sheet)]
    yield from sorted(found, key=lambda rule: len(re.findall(r"[.\[]", rule[0])))  # classes and attributes


def dictionary(declarations: str) -> dict[str, str]:
    """Return the declarations of a rule by property."""
    pairs = (part.split(":", 1) for part in declarations.split(";") if ":" in part)
    return {name.strip(): value.strip() for name, value in pairs}


def seen(element: Tag, above: dict[str, str], declared: dict[int, dict[str, str]]) -> Iterator[Paint]:
    """Yield what is seen of an element and of all within it."""
    if element.name in ("style", "script", "defs", "clippath", "head", "input"):
        return  # an input is drawn by the browser, in the colours of its theme
    attributes = {name: element[name] for name in INHERITED if name in element.attrs}
    own = declared.get(id(element), {}) | dictionary(element.get("style", ""))
    variables = {name: value for name, value in own.items() if name.startswith("--")}
    looks = above | variables
    for name in INHERITED:
        value = own.get(name, attributes.get(name))
        if value is not None and value not in ("inherit", "transparent"):
            looks[name] = "currentColor" if (name, value) == ("color", "currentColor") else value
            looks[name + " resolved"] = resolved(value, looks)
    yield from painted(element, looks)
    children = element.find_all(recursive=False)
    if element.name == "use":
        children = [element.find_parent("svg").find(id=element["xlink:href"][1:])]
    elif hatch := re.fullmatch(r"url\(#(.+)\)", own.get("fill", "")):
        children = element.find_parent("svg").find(id=hatch[1]).find_all(recursive=False)
    for child in children:
        yield from seen(child, looks, declared)


def painted(element: Tag, looks: dict[str, str]) -> Iterator[Paint]:
    """Yield the words, the lines and the area of one element itself."""
    texts = element.find_all(string=True, recursive=False)
    words = any(text.strip() for text in texts if not isinstance(text, Comment))
    in_svg = element.find_parent("svg") is not None
    if words:
        kinds = [("word", "fill" if in_svg else "color")]
    elif element.name in ("path", "circle", "rect"):
        kinds = [("area", "fill"), ("line", "stroke")]
    else:
        kinds = []
    paper = rgba(looks.get("background resolved", "white"))[:3]
    for kind, name in kinds:
        value = looks.get(name + " resolved", looks[name])
        if value == "none" or value.startswith("url("):
            continue  # what a hatch consists of is seen as its children
        *colour, alpha = rgba(value)
        alpha *= float(looks.get("opacity", 1)) * float(looks.get(name + "-opacity", 1))
        blend = tuple(alpha * c + (1 - alpha) * p for c, p in zip(colour, paper, strict=True))
        if alpha > 0:
            yield Paint(kind, looks[name], blend, paper, alpha)


def resolved(value: str, looks: dict[str, str]) -> str:
    """Return a value with its variables replaced, the innermost first."""
    while match := re.search(r"var\((--[\w-]+)(?:,\s*([^()]*|\w+\([^()]*\)))?\)", value):
        value = value.replace(match[0], looks.get(match[1], match[2] or ""))
    return looks.get("color resolved", looks["color"]) if value == "currentColor" else value


def rgba(value: str) -> tuple[float, float, float, float]:
    """Return red, green, blue and opacity, from 0 to 1, of a colour as CSS writes it."""
    value = {"white": "#ffffff", "black": "#000000"}.get(value, value)
    if match := re.fullmatch(r"rgba?\(([^)]*)\)", value):
        red, green, blue, *alpha = (float(part) for part in match[1].split(","))
        return red / 255, green / 255, blue / 255, alpha[0] if alpha else 1.0
    digits = value.removeprefix("#")
    digits = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
    if not re.fullmatch("[0-9a-fA-F]{6}", digits):
        raise ValueError(f"not a colour that this model of a page knows: {value!r}")
    return *(int(digits[k : k + 2], 16) / 255 for k in (0, 2, 4)), 1.0
