"""The comparative claims: how evidence is read, what the book's own entries say, and what the build warns of."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import nbformat
import pytest
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

from extensions import evidence
from extensions.evidence import ClaimError, make_claim, per_seed, weigh

BOOK = Path(__file__).parents[1] / "book"
CLAIMS = evidence.read_claims(BOOK / "claims.toml")

WORDS = {"claim": "A makes fewer errors than B.", "compared": "One task.", "chosen": "Alike.", "seeds": "0 to 3."}
ENTRY = {**WORDS, "first": ["05-x", "A"], "second": ["05-x", "B"], "shows": "less"}
RESULTS = {
    "seeds": [0, 1, 2, 3],
    "A": {"per_seed": [1.0, 1.1, 0.9, 1.2]},
    "B": {"per_seed": [2.0, 2.2, 1.9, 2.1]},
    "C": {"seeds": [3, 2, 1, 9], "per_seed": [1.2, 0.9, 1.1, 50.0]},
    "none": {"mean": 3.0},
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "05-x.json").write_text(json.dumps(RESULTS))
    return tmp_path


def claim(**changes: Any) -> evidence.Claim:
    return make_claim("5-x", {**ENTRY, **changes})


class TestEvidence:
    def test_the_difference_of_both_sides(self, folder):
        found = weigh(claim(), folder)
        assert (found.first, found.second) == pytest.approx((1.05, 2.05))
        assert found.difference.mean == pytest.approx(-1.0)
        assert found.difference.count == 4

    def test_sides_are_paired_by_their_seeds_whatever_their_order(self, folder):
        found = weigh(claim(second=["05-x", "C"], shows="alike", margin=0.1), folder)
        assert found.difference.count == 3
        assert (found.difference.low, found.difference.high) == (0, 0)

    def test_a_scale_turns_shares_into_per_cent(self, folder):
        assert weigh(claim(scale=100), folder).difference.mean == pytest.approx(-100)

    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            ({"shows": "more"}, "does not show 'more'"),
            ({"second": ["05-x", "A"]}, "interval from 0 to 0 does not show 'less'"),
            ({"shows": "alike", "margin": 0.5}, "does not show 'alike'"),
            ({"first": ["06-x", "A"]}, "there is no 06-x.json"),
            ({"first": ["05-x", "D"]}, "has no 'D' in D: there are seeds, A, B"),
            ({"first": ["05-x", "none"]}, "one value for each seed"),
            ({"first": ["05-x", "seeds"]}, "one value for each seed"),
        ],
    )
    def test_what_results_do_not_bear_out_is_refused(self, folder, changes, message):
        with pytest.raises(ClaimError, match=f"^5-x: .*{message}"):
            weigh(claim(**changes), folder)

    def test_values_go_by_the_innermost_seeds(self, folder):
        assert per_seed(("05-x", "C"), folder)[9] == 50

    @pytest.mark.parametrize(
        ("key", "entry", "message"),
        [
            ("5-x", {**ENTRY, "seeds": ""}, "says nothing of seeds"),
            ("5-x", {**WORDS, "first": ["05-x"]}, "lacks second, shows"),
            ("5-x", {**WORDS, "cell": "c1"}, "lacks glue"),
            ("5-x", {**ENTRY, "cell": "c1", "glue": "n"}, "nothing is called first, second, shows"),
            ("5-x", {**ENTRY, "sure": True}, "nothing is called sure"),
            ("5-x", {**ENTRY, "shows": "better"}, "less, more, alike, got 'better'"),
            ("5-x", {**ENTRY, "shows": "alike"}, "needs one"),
            ("5-x", {**ENTRY, "margin": 1.0}, "needs one"),
            ("depth", ENTRY, "such as 5-depth"),
        ],
    )
    def test_an_entry_that_is_not_whole_is_refused(self, key, entry, message):
        with pytest.raises(ClaimError, match=message):
            make_claim(key, entry)


class TestTheBook:
    def test_there_are_claims(self):
        assert len(CLAIMS) >= 8

    @pytest.mark.parametrize("one", [c for c in CLAIMS.values() if c.first], ids=lambda c: c.key)
    def test_results_bear_each_claim_out(self, one):
        weigh(one, BOOK / "results")

    @pytest.mark.parametrize("key", CLAIMS)
    def test_each_cell_asserts_and_its_number_is_glued(self, key):
        one = CLAIMS[key]
        notebook = next(BOOK.glob(f"{one.chapter:02}-*.ipynb"))  # so there is such a chapter
        if one.cell:
            cells = {cell.id: cell.source for cell in nbformat.read(notebook, as_version=4).cells}
            assert "assert" in cells[one.cell], f"cell {one.cell} of {notebook.name} asserts nothing"
            assert any(f'"{one.glue}"' in source and "glue" in source for source in cells.values())


CHAPTER = "# Five\n\nA beats B.{claim}`5-x` Again.{claim}`5-x` Then more.\n"


def build(top: Path, claims: str, chapter: str) -> tuple[str, str, str]:
    """Build a book of one chapter; return its page, the page of claims and the warnings."""
    (top / "book" / "results").mkdir(parents=True)
    (top / "book" / "results" / "05-x.json").write_text(json.dumps(RESULTS))
    (top / "book" / "claims.toml").write_text(claims)
    (top / "book" / "claims.md").write_text("# Claims\n\n```{claims}\n```\n")
    (top / "book" / "05-five.md").write_text(chapter)
    (top / "index.md").write_text("# Top\n\n```{toctree}\nbook/05-five\nbook/claims\n```\n")
    settings = {"extensions": ["myst_parser", "extensions.claims"], "html_theme": "basic"}
    warnings = io.StringIO()
    folders = (str(top), None, str(top / "out"), str(top / "doctrees"))
    with docutils_namespace():
        Sphinx(*folders, "html", settings, status=None, warning=warnings).build()
    pages = [(top / "out" / "book" / f"{name}.html").read_text() for name in ("05-five", "claims")]
    return *pages, warnings.getvalue()


def as_toml(entry: dict[str, Any], key: str = "5-x") -> str:
    return f'["{key}"]\n' + "\n".join(f"{name} = {json.dumps(value)}" for name, value in entry.items()) + "\n"


class TestPages:
    def test_a_mark_and_its_row_lead_to_each_other(self, tmp_path):
        chapter, claims, warnings = build(tmp_path, as_toml(ENTRY), CHAPTER)
        assert not warnings
        assert chapter.count('href="claims.html#claim-5-x"') == 2
        assert chapter.count('id="evidence-of-5-x"') == 1
        assert 'id="claim-5-x"' in claims and 'href="05-five.html#evidence-of-5-x"' in claims
        assert "−1.00" in claims and "1.05 against 2.05" in claims

    @pytest.mark.parametrize(
        ("entry", "chapter", "warning"),
        [
            (ENTRY, "# Five\n\nA beats C.{claim}`5-y`{claim}`5-x`\n", "no claim is called 5-y"),
            (ENTRY, "# Five\n", "5-x: is marked on no page"),
            ({**ENTRY, "shows": "more"}, CHAPTER, "does not show 'more'"),
            ({**ENTRY, "first": ["05-x", "D"]}, CHAPTER, "has no 'D'"),
        ],
    )
    def test_what_does_not_fit_is_a_warning(self, tmp_path, entry, chapter, warning):
        assert warning in build(tmp_path, as_toml(entry), chapter)[2]
