"""Each comparative sentence of the chapters leads to its evidence, or has a reason why it needs none."""

import json
from pathlib import Path

import pytest

from tools.comparatives import FILE, compares, exceptions, sentences, unmarked

#: No rounding can touch what is tested here.
pytestmark = pytest.mark.same_everywhere

CHAPTERS = sorted((FILE.parents[1] / "book").glob("*.ipynb"))


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_comparative_sentences_are_marked_or_listed(chapter):
    listed = exceptions().get(chapter.stem, {})
    found = unmarked(chapter)
    new, gone = [one for one in found if one not in listed], [one for one in listed if one not in found]
    assert not new, f"mark these with {{claim}}`key` and add the key to book/claims.toml, or soften them: {new}"
    assert not gone, f"these are marked, or no longer there: take them off {FILE.name}: {gone}"


def test_every_exception_has_a_reason_and_a_chapter():
    assert exceptions().keys() <= {chapter.stem for chapter in CHAPTERS}
    assert all(reason for chapter in exceptions().values() for reason in chapter.values())


@pytest.mark.parametrize(
    "sentence",
    [
        "DTP beats feedback alignment by 1.3 points.",
        "With 32 eye inputs SGD does better than with 2.",
        "At full length the error of DTP falls from {glue:text}`high` to {glue:text}`low`.",
        "The default rule is ahead of backpropagation in nine of ten runs.",
        "A step in PyTorch took {glue:text}`ratio` times as long.",
        "DTP makes {glue:text}`a` errors and the control {glue:text}`b`.",
        "Trained networks pass more often than untrained ones: 80 % against 13 %.",
    ],
)
def test_comparisons_are_seen(sentence):
    assert compares(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Every rule trains with Adam on batches of 100.",  # compares nothing
        "It is better to count two apples first.",  # nothing that the book puts side by side
        "The better rule wins in the end.",  # no number
        "{cite:t}`lee2015difference` report that DTP does better than backpropagation by 0.2 %.",  # quoted
        "The bill rises by 2.2 yen for each yen of the price.",  # arithmetic
    ],
)
def test_other_sentences_are_left_alone(sentence):
    assert not compares(sentence)


def test_a_mark_belongs_to_the_sentence_before_it():
    text = "One. DTP beats FA by 2 points.{claim}`5-x`{claim}`5-y` Then (with 3 seeds) more. **The end.** Last"
    assert list(sentences(text)) == [
        "One.",
        "DTP beats FA by 2 points.{claim}`5-x`{claim}`5-y`",
        "Then (with 3 seeds) more.",
        "**The end.**",
        "Last",
    ]


def test_marks_theorems_and_exercises_of_a_notebook(tmp_path: Path):
    cells = [
        "DTP beats FA by 2 points. DTP beats BP by 3 points.{claim}`5-x`",
        "```{prf:theorem} Rules\nDTP beats TP by 4 points.\n```",
        "```{exercise-start} Try\n:label: e\n```\nTP beats FA by 5 points?",
        "```{exercise-end}\n```\n\nFA beats the control by 6 points.\n\n- ED beats BP by\n  7 points.",
    ]
    notebook = tmp_path / "09-x.ipynb"
    notebook.write_text(json.dumps({"cells": [{"cell_type": "markdown", "source": [cell]} for cell in cells]}))
    assert unmarked(notebook) == [
        "DTP beats FA by 2 points.",
        "FA beats the control by 6 points.",
        "- ED beats BP by 7 points.",
    ]
