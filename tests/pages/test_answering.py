"""Questions answered in a browser: by keyboard, on a phone, without script, on paper."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from extensions.outputs import PageOutputs
from helpers.pages.questions import choice, number

ASSETS = (Path(__file__).parents[2] / "assets").as_uri()

CHOICE = choice(
    "What happens to $y = w x$ if $w$ doubles?",
    right="It doubles.",
    wrong={"It stays.": "You held $y$.", "It grows by $x$.": "That is the slope."},
    because="$2 w x$ is twice $w x$.",
)
YEN = number(
    "What does the second apple add to the bill?",
    answer=110,
    tolerance=0.5,
    wrong={220: "You counted both apples.", 100: "Add the tax: $100 \\cdot 1.1$."},
    because="It is $100 \\cdot 1.1$.",
    unit="yen",
)
THIRD = number("What is one third?", answer=1 / 3, wrong={-1 / 3: "Mind the sign.", 0.001: "Small."}, because="So.")


@pytest.fixture
def open_questions(open_alone: Callable[..., Page]) -> Callable[..., Page]:
    """Open a small page with the three questions, made as the build makes it."""
    outputs = PageOutputs("1")
    shown = "".join(outputs.as_page(question._repr_html_()) for question in (CHOICE, YEN, THIRD))
    head = f"""<title>Questions</title>
    <link rel="stylesheet" href="{ASSETS}/vendor/katex/katex.min.css"><link rel="stylesheet" href="{ASSETS}/book.css">
    <script defer src="{ASSETS}/mathematics.js"></script>
    <style>body {{ background: var(--pst-color-background); color: var(--pst-color-text-base) }}</style>"""
    return partial(open_alone, head, f"<main><h1>Questions</h1>{shown}</main>")


def test_a_choice_is_answered_by_keyboard(open_questions: Callable[..., Page]) -> None:
    page = open_questions()
    group = page.locator("fieldset").nth(0)
    verdict = group.get_by_role("status")
    page.keyboard.press("Tab")  # to the options, of which none is chosen yet
    page.keyboard.press("Enter")
    expect(verdict).to_have_text("Choose an answer first.")
    expect(page.locator(":focus")).to_have_attribute("data-lm-suppress-shortcuts", "true")  # JupyterLab's own mark
    page.keyboard.press("Space")
    seen = []
    for _ in range(3):
        expect(verdict).to_be_empty()  # what was said of the option before is gone
        page.keyboard.press("Enter")
        seen.append((words(group.locator("label:has(:checked)")), words(verdict)))
        page.keyboard.press("ArrowDown")
    assert sorted(seen) == [
        ("It doubles.", "Right. 2wx is twice wx."),
        ("It grows by x.", "Not yet. That is the slope."),
        ("It stays.", "Not yet. You held y."),
    ]
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Check"
    page.keyboard.press("Enter")
    expect(verdict).not_to_be_empty()
    expect(page.get_by_role("status").nth(1)).to_be_empty()  # the other questions are not concerned


#: What a reader may write, and how the reply begins.
TO_YEN = {
    "110": "Right.",
    " 110 yen": "Right.",
    "110YEN": "Right.",
    "１１０": "Right.",
    "1.1e2": "Right.",
    "220/2": "Right.",
    "110,4": "Right.",
    "110.6": "Not yet. Try again, or open the answer.",
    "220": "Not yet. You counted both apples.",
    "-110": "Not yet. Try again, or open the answer.",
    "1,100": "A comma is read as a decimal mark here.",
    "many": "This cannot be read as a number. Write it like 0.5, 1/3 or 1e-3, with yen or without.",
    "1 1 0": "This cannot be read as a number.",
    "110 / 0": "This cannot be read as a number.",
    "1/2/3": "This cannot be read as a number.",
    "": "Write a number first.",
    "  ": "Write a number first.",
}
TO_THIRD = {
    "1/3": "Right.",
    "1 / 3": "Right.",
    "⅓": "Right.",
    ".3333333334": "Right.",
    "0,3333333333": "Right.",
    "0.333": "Not yet. Try again",
    "\u22121/3": "Not yet. Mind the sign.",
    "- 1/3": "Not yet. Mind the sign.",
    "1e-3": "Not yet. Small.",
    "1E\u22123": "Not yet. Small.",
    "1/3 yen": "This cannot be read as a number. Write it like 0.5, 1/3 or 1e-3.",
    "NaN": "This cannot be read as a number.",
    "Infinity": "This cannot be read as a number.",
    "0x10": "This cannot be read as a number.",
}


@pytest.mark.parametrize(("place", "replies"), [(1, TO_YEN), (2, TO_THIRD)], ids=["with a unit", "without a unit"])
def test_a_number_is_read_however_it_is_written(
    open_questions: Callable[..., Page], place: int, replies: dict[str, str]
) -> None:
    page = open_questions()
    given = {typed: said(page, place, typed) for typed in replies}
    assert not {typed: words for typed, words in given.items() if not words.startswith(replies[typed])}


def said(page: Page, place: int, typed: str) -> str:
    """What a question says to a number, with one space between words."""
    group = page.locator("fieldset").nth(place)
    group.get_by_role("textbox").fill(typed)
    group.get_by_role("textbox").press("Enter")
    return words(group.get_by_role("status"))


def words(element: Locator) -> str:
    """What is read in an element, its mathematics as letters."""
    text = element.evaluate("""element => {
        const copy = element.cloneNode(true);
        copy.querySelectorAll(".katex-mathml").forEach(hidden => hidden.remove());
        return copy.textContent;
    }""")
    return " ".join(text.split())


def test_mathematics_is_set_in_questions_and_in_what_they_say(open_questions: Callable[..., Page]) -> None:
    page = open_questions()
    said(page, 1, "100")
    expect(page.locator("legend .katex")).to_have_count(2)
    expect(page.locator(".verdict .katex")).to_have_count(1)
    assert "$" not in page.locator("main").inner_text()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_and_nothing_is_too_wide(open_questions: Callable[..., Page], theme: str, width: int) -> None:
    page = open_questions(theme, width)
    page.get_by_role("radio").first.check()
    for button in page.get_by_role("button", name="Check").all():
        button.click()
    said(page, 1, "110")
    page.locator("details").evaluate_all("all => all.forEach(fold => { fold.open = true; })")
    violations = Axe().run(page).response["violations"]
    assert not violations, [(one["id"], one["nodes"][0]["html"]) for one in violations]
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_every_part_says_its_name(open_questions: Callable[..., Page]) -> None:
    page = open_questions()
    expect(page.get_by_role("radio", name="It doubles.")).to_have_count(1)
    expect(page.get_by_role("group", name=YEN.question).get_by_role("textbox", name="Your answer yen")).to_be_visible()


def test_it_asks_for_nothing_and_says_nothing_to_the_console(open_questions: Callable[..., Page]) -> None:
    page = open_questions()
    asked: list[str] = []
    console: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda line: console.append(line.text))
    page.on("pageerror", lambda error: console.append(str(error)))
    page.reload()
    page.locator("body").click()
    said(page, 1, "110")
    assert all(address.startswith(("file:", "data:")) for address in asked) and not console, (asked, console)


def test_the_page_carries_the_script_and_the_style_once(open_questions: Callable[..., Page]) -> None:
    page = open_questions()
    expect(page.locator("main script")).to_have_count(1)
    expect(page.locator("main style")).to_have_count(1)


def test_without_script_the_answer_opens_and_no_dead_control_is_seen(open_questions: Callable[..., Page]) -> None:
    page = open_questions(java_script_enabled=False)
    expect(page.get_by_text("It doubles.").first).to_be_visible()
    for dead in page.locator("button, input[type=text]").all():
        expect(dead).to_be_hidden()
    page.locator("summary").nth(1).click()
    expect(page.locator("details").nth(1)).to_contain_text("110 yen")


def test_paper_shows_the_question_and_nothing_of_the_answer(open_questions: Callable[..., Page]) -> None:
    page = open_questions()
    said(page, 1, "110")
    page.locator("summary").first.click()
    page.emulate_media(media="print")
    shown = page.locator("main").inner_text()
    assert YEN.question in shown and "It stays." in shown
    assert not any(words in shown for words in ("Right", "Answer", "Check", "It is", "twice"))
