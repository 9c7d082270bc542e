"""What every page of the built book promises its readers, seen with a browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
THEMES = ("light", "dark")

# Findings in what Sphinx and its theme write, which a chapter cannot mend; each with the element it is limited to.
UPSTREAM_FINDINGS = {
    # docutils marks the bibliography as a list, and its entries as entries of a bibliography, not of a list
    "aria-required-children": 'class="citation-list"',
}

RAW_TEX = r"""() => {
    const text = document.querySelector("article")?.cloneNode(true);
    text?.querySelectorAll("pre, code, .katex, script, style, svg").forEach(element => element.remove());
    return (text?.textContent.match(/\$[^$\n]{1,60}\$|\\\(|\\\[|\\begin\{/g) ?? []);
}"""

DUPLICATE_IDS = """() => {
    const ids = [...document.querySelectorAll("[id]")].map(element => element.id);
    return [...new Set(ids.filter((id, place) => ids.indexOf(id) !== place))];
}"""

TOO_WIDE = """() => [...document.querySelectorAll("body *")]
    .filter(element => element.getBoundingClientRect().right > innerWidth + 1)
    .map(element => element.outerHTML.slice(0, 120)).slice(0, 8)"""


def open_page(browser: Browser, address: str, theme: str = "light", **context: object) -> Page:
    """Open a page in a fresh profile with a theme chosen, as a reader chooses it."""
    profile = browser.new_context(**{"viewport": DESKTOP, **context})
    profile.add_init_script(f"localStorage.setItem('mode', '{theme}'); localStorage.setItem('theme', '{theme}')")
    page = profile.new_page()
    page.set_default_timeout(10_000)  # milliseconds; a fault should be seen soon
    page.set_default_navigation_timeout(60_000)  # a machine with other work may need long to lay a page out
    page.goto(address)
    page.evaluate("document.fonts.ready")
    return page


@pytest.fixture
def page(browser: Browser, site: str, page_name: str) -> Iterator[Page]:
    page = open_page(browser, f"{site}/{page_name}")
    yield page
    page.context.close()


def test_asks_no_other_host_and_reports_no_error(browser: Browser, site: str, page_name: str) -> None:
    profile = browser.new_context(viewport=DESKTOP)
    page = profile.new_page()
    asked: list[str] = []
    failed: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("requestfailed", lambda request: failed.append(request.url))
    page.on("response", lambda answer: answer.status >= 400 and failed.append(f"{answer.status} {answer.url}"))
    page.on("pageerror", lambda error: said.append(f"error: {error}"))
    page.on("console", lambda line: line.type in ("error", "warning") and said.append(f"{line.type}: {line.text}"))
    page.goto(f"{site}/{page_name}", wait_until="networkidle")
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    page.wait_for_load_state("networkidle")
    profile.close()

    foreign = [url for url in asked if not url.startswith((f"{site}/", "data:"))]
    assert not foreign, f"the page asks other hosts: {foreign}"
    assert not failed, f"requests fail: {failed}"
    assert not said, f"the console says: {said}"


def test_says_what_it_is(page: Page) -> None:
    assert page.title()
    assert page.locator("html").get_attribute("lang") == "en"
    for selector in ('meta[name="description"]', 'meta[property="og:title"]', 'meta[property="og:description"]'):
        assert page.locator(selector).count() == 1, f"the page has no single {selector}"
        assert page.locator(selector).get_attribute("content"), f"{selector} is empty"


def test_ids_are_unique(page: Page) -> None:
    assert page.evaluate(DUPLICATE_IDS) == []


def test_mathematics_is_typeset(page: Page) -> None:
    untypeset = page.locator(".tex:not(:has(.katex))")
    assert untypeset.count() == 0, f"not typeset: {untypeset.all_text_contents()}"
    assert page.locator(".katex-error").all_text_contents() == []
    assert page.evaluate(RAW_TEX) == [], "TeX stands in the text as it was typed"


def test_images_and_drawings_say_what_they_show(page: Page) -> None:
    unnamed = "img:not([alt]), svg[role=img]:not([aria-label]), svg[role=img][aria-label='']"
    assert page.locator(unnamed).evaluate_all("all => all.map(one => one.outerHTML.slice(0, 200))") == []
    assert page.locator(".cell_output img[alt='']").count() == 0, "a figure has an empty alt text"


def test_fits_a_phone(browser: Browser, site: str, page_name: str) -> None:
    page = open_page(browser, f"{site}/{page_name}", viewport=PHONE)
    width = page.evaluate("document.documentElement.scrollWidth")
    culprits = page.evaluate(TOO_WIDE) if width > PHONE["width"] else []
    page.context.close()
    assert width <= PHONE["width"], f"{width} px wide on a phone of {PHONE['width']}; among these: {culprits}"


@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing_serious(browser: Browser, site: str, page_name: str, theme: str) -> None:
    page = open_page(browser, f"{site}/{page_name}", theme)
    assert page.evaluate("document.documentElement.dataset.theme") == theme
    page.locator("details").evaluate_all("all => all.forEach(folded => { folded.open = true; })")
    violations = Axe().run(page).response["violations"]
    page.context.close()

    findings = [
        f"{violation['id']}: {node['html'][:200]} -- {node['failureSummary']}"
        for violation in violations
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
        if UPSTREAM_FINDINGS.get(violation["id"], "no such element") not in node["html"]
    ]
    assert not findings, "\n\n".join(findings)


def test_sliders_move_their_figures(page: Page) -> None:
    for number, figure in enumerate(page.locator(".book-explore").all()):
        slider = figure.locator("input[type=range]").first
        before = figure.locator(".frame").inner_html(), figure.locator("output").first.inner_text()
        at_end = slider.evaluate("slider => slider.value === slider.max")
        slider.press("ArrowLeft" if at_end else "ArrowRight")
        after = figure.locator(".frame").inner_html(), figure.locator("output").first.inner_text()
        assert before[0] != after[0], f"figure {number}: the drawing did not change with its slider"
        assert before[1] != after[1], f"figure {number}: the shown value stayed {before[1]!r}"


def test_figures_are_captioned_and_numbered_in_order(page: Page) -> None:
    page.locator("details").evaluate_all("all => all.forEach(folded => { folded.open = true; })")
    figures = page.locator("figure:is(.book-figure, .book-explore)").all()
    if not figures:
        return
    sections = page.locator("h1 .section-number")
    chapter = sections.inner_text().strip() if sections.count() else ""
    for place, figure in enumerate(figures, start=1):
        caption = figure.locator("> figcaption")
        assert caption.is_visible()
        assert caption.inner_text().startswith(f"Figure {chapter}{place}. "), caption.inner_text()
        assert len(caption.inner_text()) > len(f"Figure {chapter}{place}. ")
        assert figure.get_attribute("id") == f"figure-{chapter}{place}".replace(".", "-")


def test_a_caption_stays_when_its_figure_moves(page: Page) -> None:
    for figure in page.locator(".book-explore").all():
        before = figure.locator("figcaption").inner_text()
        figure.locator("input[type=range]").first.press("Home")
        assert figure.locator("figcaption").inner_text() == before
        hidden = figure.locator("figcaption [aria-hidden]")  # hidden from a screen reader: it must be in the alt text
        for words in hidden.all_inner_texts():
            assert words in (figure.locator(".frame > svg").get_attribute("aria-label") or "")


def test_figures_stand_without_scripts(browser: Browser, site: str, page_name: str) -> None:
    page = open_page(browser, f"{site}/{page_name}", java_script_enabled=False)
    for number, figure in enumerate(page.locator(".book-explore").all()):
        assert figure.locator("svg").first.is_visible(), f"figure {number} shows nothing without scripts"
    page.context.close()


def test_offline_copy_works(browser: Browser, html_folder: Path, page_name: str) -> None:
    page = open_page(browser, (html_folder / page_name).as_uri())
    untypeset = page.locator(".tex:not(:has(.katex))").count()
    fonts = page.evaluate("[...document.fonts].filter(font => font.status === 'error').map(font => font.family)")
    test_sliders_move_their_figures(page)
    page.context.close()
    assert untypeset == 0, f"{untypeset} formulas are not typeset in an offline copy"
    assert fonts == [], "fonts of the offline copy do not load"


def test_front_door_leads_to_the_book(browser: Browser, site: str) -> None:
    page = browser.new_page()
    page.goto(site)
    page.wait_for_url(f"{site}/book/index.html")
    page.close()
