"""Finding the way by hand and by keyboard: search, previews, ticks, focus, paper, narrow screens, no script."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

CHAPTER = "book/04-error-diffusion.html"
Open = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, site: str) -> Iterator[Open]:
    """Open a page of the book in a fresh profile; each request and each word of the console is kept."""
    contexts = []

    def open_one(name: str, width: int = 1280, theme: str = "light", **more: object) -> Page:
        contexts.append(browser.new_context(viewport={"width": width, "height": 844}, **more))
        contexts[-1].add_init_script(
            f"localStorage.setItem('mode', '{theme}'); localStorage.setItem('theme', '{theme}')"
        )
        page = contexts[-1].new_page()
        page.set_default_timeout(20_000)
        page.set_default_navigation_timeout(60_000)  # a machine with other work may need long
        page.goto(name if ":" in name else f"{site}/{name}")
        return page

    yield open_one
    for context in contexts:
        context.close()


def hits(page: Page) -> list[str]:
    """The titles of what the search has found."""
    page.locator("#search-results [role=status]").wait_for()
    return page.locator("#search-results li > a").all_inner_texts()


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("equation+4.3", "Equation 4.3"),
        ("eq+1.12", "Equation 1.12"),
        ("figure+2.1", "Figure 2.1"),
        ("theorem+4.1", "Theorem 4.1"),
        ("chain+rule", "Theorem 1.1 (The chain rule)"),
        ("kernels", "kernel"),
    ],
)
def test_the_best_hit_is_the_thing_itself(open_page: Open, query: str, title: str) -> None:
    assert hits(open_page(f"search.html?q={query}"))[0].startswith(title)


def test_a_hit_leads_to_its_section_and_its_excerpt_has_words(open_page: Open) -> None:
    page = open_page("search.html?q=sign+constraint")
    assert hits(page)
    excerpts = " ".join(page.locator("#search-results li p").all_inner_texts())
    assert "constraint" in excerpts and not [mark for mark in ("\\", "$", "import ", "def ") if mark in excerpts]
    section = page.locator("#search-results li > a[href*='04-error-diffusion.html#']").first
    place = (section.get_attribute("href") or "").partition("#")[2]
    section.click()
    page.wait_for_url(f"**/{CHAPTER}#{place}")
    expect(page.locator(f"[id='{place}']")).to_be_in_viewport()


def test_nothing_found_is_said(open_page: Open) -> None:
    page = open_page("search.html?q=xylophone")
    assert hits(page) == []
    expect(page.locator("#search-results")).to_contain_text("Nothing holds all of “xylophone”")


def test_the_search_works_in_a_folder(open_page: Open, html_folder: Path) -> None:
    assert hits(open_page(f"{(html_folder / 'search.html').as_uri()}?q=equation+4.3"))[0] == "Equation 4.3"


def first_link(page: Page, href: str) -> str:
    """A selector for the first link of the text to an address that begins so."""
    return f".bd-article a[href^='{href}']:not(.headerlink) >> nth=0"


@pytest.mark.parametrize(
    ("href", "words"), [("#equation-", "(4."), ("glossary.html#term-", "Chapter"), ("bibliography.html#", "19")]
)
def test_a_preview_opens_under_the_mouse_and_escape_closes_it(open_page: Open, href: str, words: str) -> None:
    page = open_page(CHAPTER)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    link = page.locator(first_link(page, href))
    for _ in range(6):  # a busy machine may still lay out, and the link moves from under the pointer
        page.mouse.move(1, 1)
        link.hover()
        page.wait_for_timeout(700)
        if page.locator(".book-preview").count():
            break
    preview = page.get_by_role("tooltip").and_(page.locator(".book-preview"))
    expect(preview).to_be_visible()
    expect(preview).to_contain_text(words)
    expect(link).to_have_attribute("aria-describedby", "book-preview")
    box = preview.bounding_box()
    assert box and box["x"] >= 0 and box["x"] + box["width"] <= 1280
    preview.hover()  # it stays while the pointer is on it
    page.wait_for_timeout(400)
    expect(preview).to_be_visible()
    page.keyboard.press("Escape")
    expect(preview).to_have_count(0)
    assert all(url.startswith(page.url.split("/book/")[0]) for url in asked)


def test_a_preview_opens_on_the_keyboards_focus_and_goes_with_it(open_page: Open) -> None:
    page = open_page(CHAPTER)
    link = page.locator(first_link(page, "#equation-"))
    page.keyboard.press("Tab")  # the keyboard is in use
    link.focus()
    expect(page.locator(".book-preview .katex").first).to_be_visible()
    violations = Axe().run(page, {"include": [[".book-preview"]]}).response["violations"]
    assert not [one["id"] for one in violations if one["impact"] in ("serious", "critical")]
    page.keyboard.press("Tab")
    expect(page.locator(".book-preview:has(.eqno)")).to_have_count(0)


def test_a_chapter_read_to_its_end_is_ticked_until_the_ticks_are_cleared(open_page: Open) -> None:
    page = open_page(CHAPTER)
    ticks = page.locator(".bd-docs-nav .book-read")
    expect(ticks).to_have_count(0)
    page.locator(".prev-next-footer").scroll_into_view_if_needed()
    expect(ticks).to_have_count(1)
    expect(page.locator(".bd-docs-nav a:has(.book-read)")).to_contain_text("error diffusion ✓")
    page.reload()
    expect(ticks).to_have_count(1)
    page.evaluate("scrollTo(0, 0)")
    page.get_by_role("button", name="Clear the ticks").press("Enter")
    expect(ticks).to_have_count(0)


def test_no_storage_does_no_harm(open_page: Open) -> None:
    page = open_page("book/index.html")
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.add_init_script("Storage.prototype.getItem = Storage.prototype.setItem = () => { throw new Error('off'); }")
    page.goto(page.url.replace("index", "04-error-diffusion"))
    page.locator(".prev-next-footer").scroll_into_view_if_needed()
    page.wait_for_timeout(300)
    assert not [words for words in said if "reading.js" in words]


def test_the_theme_switch_keeps_the_focus(open_page: Open) -> None:
    page = open_page("book/glossary.html")
    switch = page.locator(".theme-switch-button").first
    switch.focus()
    themes = []
    for _ in range(3):
        page.keyboard.press("Enter")
        expect(switch).to_be_focused()
        themes.append(page.evaluate("document.documentElement.dataset.mode"))
    assert len(set(themes)) == 3


@pytest.mark.parametrize("part", [".primary-toggle", ".dropdown-download-buttons > button", ".theme-switch-button"])
def test_what_the_keyboard_reaches_is_seen(open_page: Open, part: str) -> None:
    page = open_page("book/glossary.html")
    page.keyboard.press("Tab")
    page.locator(part).first.focus()
    outline = page.evaluate(
        "(({ outlineStyle, outlineWidth }) => [outlineStyle, parseFloat(outlineWidth)])"
        "(getComputedStyle(document.activeElement))"
    )
    assert outline[0] != "none" and outline[1] >= 2


def test_the_search_field_shows_its_focus(open_page: Open) -> None:
    page = open_page("search.html")
    page.locator(".bd-search-container .bd-search input").focus()
    outline = page.locator(".bd-search-container .bd-search").evaluate("form => getComputedStyle(form).outlineStyle")
    assert outline != "none"


def test_hits_do_not_scroll_sideways_at_320_pixels(open_page: Open) -> None:
    page = open_page("search.html?q=rule", width=320)
    assert hits(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_serious_in_the_hits(open_page: Open, theme: str, width: int) -> None:
    page = open_page("search.html?q=rule", width=width, theme=theme)
    assert hits(page)
    violations = Axe().run(page).response["violations"]
    assert not [(v["id"], v["nodes"][0]["html"]) for v in violations if v["impact"] in ("serious", "critical")]


def test_without_a_script_solutions_open_and_chapters_are_reached(open_page: Open) -> None:
    page = open_page(CHAPTER, java_script_enabled=False)
    solution = page.locator("details.folded.solution").first
    solution.locator("summary").first.click()
    expect(solution.locator("p").last).to_be_visible()
    expect(page.locator(".book-foot summary")).to_have_text("Cite this chapter")
    page.locator(".bd-docs-nav a", has_text="3. Gain fields").click()
    page.wait_for_url("**/03-zipser-andersen.html")


def test_paper_has_the_chapters_number_its_figures_and_its_answers_and_no_interface(open_page: Open) -> None:
    page = open_page(CHAPTER, theme="dark")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate("document.documentElement.dataset.theme") == "light"
    expect(page.locator("article h1")).to_contain_text("4. Credit without a way back")
    expect(page.locator("article h1")).to_be_visible()
    for caption in page.locator("figure > figcaption").all():
        expect(caption).to_be_visible()
    assert page.locator("details.folded.solution p").last.is_visible()
    hidden = (
        ".bd-sidebar-primary, .bd-header-article, .prev-next-footer, .book-foot, details.hide, .copybtn, .headerlink"
    )
    assert not [part for part in page.locator(hidden).all() if part.is_visible()]
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


#: Keeps each theme that a page has had.
WATCH_THEMES = """window.themes = [];
new MutationObserver(() => themes.push(document.documentElement.dataset.theme))
    .observe(document, { attributeFilter: ["data-theme"], subtree: true });"""


@pytest.mark.parametrize("screen", ["light", "dark"])
@pytest.mark.parametrize(
    "kept", ["", "mode=auto", "mode=light", "mode=dark", "mode=auto theme=light", "mode=auto theme=dark"]
)
def test_a_page_has_its_theme_from_the_start(browser: Browser, site: str, screen: str, kept: str) -> None:
    context = browser.new_context(color_scheme=screen)
    choice = dict(part.split("=") for part in kept.split())
    for name, value in choice.items():
        context.add_init_script(f"localStorage.setItem('{name}', '{value}')")
    context.add_init_script(WATCH_THEMES)
    page = context.new_page()
    page.goto(f"{site}/{CHAPTER}")
    mode = choice.get("mode", "auto")
    assert set(page.evaluate("themes")) == {screen if mode == "auto" else mode}
    context.close()


def test_what_scrolls_sideways_is_reached_by_the_keyboard_when_it_is_near(open_page: Open) -> None:
    page = open_page(CHAPTER, width=390)
    wide = page.locator("pre").evaluate_all(
        "all => all.map(one => one.checkVisibility() ? one.scrollWidth > one.clientWidth : null)"
    )
    for scrolls, index in ((True, "0"), (False, "-1")):  # before one is near, the keyboard reaches it in any case
        block = page.locator("pre").nth(len(wide) - 1 - wide[::-1].index(scrolls))
        block.scroll_into_view_if_needed()
        expect(block).to_have_attribute("tabindex", index)


def test_folded_code_is_reached_by_the_keyboard_when_it_is_unfolded(open_page: Open) -> None:
    page = open_page(CHAPTER, width=390)
    for fold in page.locator("details:has(pre)").all():
        fold.evaluate("fold => { fold.open = true; }")
        if fold.locator("pre").first.evaluate("one => one.scrollWidth > one.clientWidth"):
            fold.locator("pre").first.scroll_into_view_if_needed()
            expect(fold.locator("pre").first).to_have_attribute("tabindex", "0")
            return
    pytest.fail("no folded code is wider than a phone")
