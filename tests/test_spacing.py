"""Where no line of a page ends."""

from __future__ import annotations

import pytest
from docutils import nodes
from docutils.utils import new_document

from extensions.spacing import Spacing, joined

pytestmark = pytest.mark.same_everywhere


@pytest.mark.parametrize(
    ("words", "together"),
    [
        ("at 10 % of", "at 10~% of"),
        ("in 5 min, or", "in 5~min, or"),
        ("takes 2 s.", "takes 2~s."),
        ("98.2 ± 0.1", "98.2~±~0.1"),
        ("3 samples and 4 minutes", "3 samples and 4 minutes"),
        ("10 s’ worth", "10 s’ worth"),
        (" % of all", " % of all"),
    ],
)
def test_a_number_and_its_unit_stand_together(words: str, together: str) -> None:
    assert joined(words, None) == together.replace("~", "\u00a0")


def test_a_number_that_was_filled_in_has_its_unit_beside_it() -> None:
    assert joined(" % of all", nodes.inline()) == "\u00a0% of all"
    assert joined(" ± 0.1", nodes.inline()) == "\u00a0±\u00a00.1"
    assert joined(" percent", nodes.inline()) == " percent"


def test_a_column_of_a_table_may_be_narrow() -> None:
    assert joined("98 % ± 1", None, in_table=True) == "98\u00a0% ± 1"


@pytest.mark.parametrize("sign", [",", ".", ";", ":", ")", "?"])
def test_no_line_begins_with_the_sign_after_a_formula(sign: str) -> None:
    assert joined(f"{sign} then", nodes.math()) == f"\u2060{sign} then"
    assert joined(f"{sign} then", nodes.emphasis()) == f"{sign} then"
    assert joined(" then", nodes.math()) == " then"


def test_words_change_and_what_is_typed_stays() -> None:
    document = new_document("page")
    typed = nodes.literal("", "x 10 %")
    paragraph = nodes.paragraph("", "", nodes.Text("The "), nodes.math("", "h"), nodes.Text(", by 10 % "), typed)
    document += paragraph
    Spacing(document).run()
    assert paragraph.astext() == "The h\u2060, by 10\u00a0% x 10 %"
