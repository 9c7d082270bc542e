"""Find the comparative sentences of the chapters: each needs a mark that leads to its evidence.

``python -m tools.comparatives`` lists those that have none and do not stand in ``tests/unmarked_claims.toml``, which
says why they need none. A sentence counts if it compares (better, ahead, falls from), measures (a number, or one that
is pasted) and speaks of what the book puts side by side (a rule, a network, a setting); or if it gives numbers of two
rules. Theorems, exercises and what other authors found are left out.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

TOP = Path(__file__).parents[1]
FILE = TOP / "tests" / "unmarked_claims.toml"

COMPARES = re.compile(
    r"\b(beats?|outperforms?|ahead of|comes? (out )?behind|ahead|behind|better|worse|fewer|quicker|faster|slower"
    r"|(more|less|as) often|less well|as (well|good|few|many|fast|long) as|times as \w+|no (better|worse|more|fewer)"
    r"|(nearest|best) of|clearly|cannot be told (apart|from)|tell(s|ing)? (them |the two )?apart"
    r"|(falls?|fell|rises?|rose|drops?|dropped|grows?|grown|grew|shrinks?|shrank|gains?|gained) (from|by)\b"
    r"|(instead of|against|where the control makes|rather than) \{glue)",
    re.IGNORECASE,
)
MEASURES = re.compile(r"\{glue|\d|\b(two|three|four|five|six|seven|ten|hundred|thousand|half|twice)\b")
SIDES = re.compile(
    r"\b(backpropagation|error diffusion|ED|DTP|TP|FA|DFA|SGD|Adam|PyTorch|JAX|rules?|networks?|controls?|regression"
    r"|options?|(un)?trained|random|frozen|inverses?|decoders?|noise|eye inputs|hidden (cells|layers|units)|layers"
    r"|weights|codes?|bumps|lines|rates?|steps|seeds|recipe|runs?|walks?|draws?|plain port|copied)\b"
)
RIVALS = re.compile(
    r"\b(backpropagation|error diffusion|ED|DTP|TP|FA|DFA|SGD|Adam|PyTorch|control|default|decrement)\b"
)
MARK = re.compile(r"\{claim\}`([^`]+)`")
# No sentences of the book's own: displayed formulas, and directives with a proof, a task or a solution.
APART = (
    r"\$\$.*?\$\$(?: \([\w-]+\))?",
    r"```\{prf:.*?\n```",
    r"```\{(?:exercise|solution)-start\}.*?```\{(?:exercise|solution)-end\}\n```",
)
BLOCK = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*] |\d+\. |#+ |\||```|:::))")
END = re.compile(r"(?<=[.!?])[*)\"”]*((?:\{claim\}`[^`]+`)*)\s+(?=[A-Z*({`$\"“])")


def sentences(markdown: str) -> Iterator[str]:
    """Yield the sentences of Markdown prose, each with the marks that follow its full stop."""
    for block in BLOCK.split(markdown):
        line = " ".join(block.split())
        start = 0
        for end in END.finditer(line):
            yield line[start : end.end()].strip()
            start = end.end()
        if line[start:]:
            yield line[start:]


def prose(notebook: Path) -> str:
    """Return the Markdown of a notebook without its theorems, exercises and solutions."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    text = "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    for pattern in APART:
        text = re.sub(pattern, " ", text, flags=re.DOTALL)
    return text


def compares(sentence: str) -> bool:
    """Whether a sentence compares two things of the book, with a number."""
    quotes = "{cite:t}" in sentence  # it says what others found
    words = re.sub(r"\{(?!glue)[\w:]+\}`[^`]*`|\$[^$]*\$", "", sentence)
    side_by_side = len(set(RIVALS.findall(words))) > 1 and words.count("{glue") > 1
    return not quotes and (side_by_side or all(one.search(words) for one in (COMPARES, MEASURES, SIDES)))


def unmarked(notebook: Path) -> list[str]:
    """Return the comparative sentences of a notebook that no mark follows."""
    return [one for one in sentences(prose(notebook)) if compares(one) and not MARK.search(one)]


def exceptions() -> dict[str, dict[str, str]]:
    """Return the sentences that need no mark, with the reason, by chapter."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def main() -> int:
    """Print what is not in the list and what is in it without need; 1 if there is any."""
    wrong = 0
    for notebook in sorted((TOP / "book").glob("*.ipynb")):
        found = unmarked(notebook)
        listed = exceptions().get(notebook.stem, {})
        for title, lines in (
            (f"{notebook.name}: mark these with {{claim}}`key`, or soften them", [s for s in found if s not in listed]),
            (f"{notebook.name}: no longer there, take them off the list", [s for s in listed if s not in found]),
        ):
            if lines:
                print(title, *(f"    {json.dumps(line, ensure_ascii=False)}," for line in lines), sep="\n")
                wrong = 1
    return wrong


if __name__ == "__main__":
    sys.exit(main())
