"""What every page of the built book promises its readers, seen with a browser.

A page is opened once for the tests that read it or move its sliders, none of which minds where these stand. What
is another page to a reader is opened for itself: in the dark, on a phone, without scripts, from a folder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from legibility import CODE_AND_MATHEMATICS, faint_words, small_words
from playwright.sync_api import Browser, Locator, Page, expect

from tools.browser import LAY_OUT

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}

#: The width of the reflow test of WCAG: a screen of 1280 pixels, enlarged four times.
NARROW = 320

#: The least size of words in figures on a phone, in CSS pixels.
LEAST_SIZE = 11

#: axe, with the contrast inside code and mathematics left to `faint_words`.
NOT_THERE = f"*:not({CODE_AND_MATHEMATICS}, {CODE_AND_MATHEMATICS} *)"
AXE = Axe(f"{Axe().axe_script}; axe.configure({{rules: [{{id: 'color-contrast', selector: '{NOT_THERE}'}}]}})")

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

CUT_FIGURES = """() => [...document.querySelectorAll("figure:is(.book-figure, .book-explore), .book-explore .frame")]
    .filter(element => element.scrollWidth > element.clientWidth)
    .map(element => element.closest("figure").id)"""


@dataclass
class Heard:
    """What a page asks for and says, from its first request on."""

    asked: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def listen(self, page: Page) -> None:
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("requestfailed", lambda request: self.failed.append(request.url))
        page.on("response", lambda answer: answer.status >= 400 and self.failed.append(f"{answer.status} {answer.url}"))
        page.on("pageerror", lambda error: self.said.append(f"error: {error}"))
        page.on("console", lambda line: line.type in ("error", "warning") and self.said.append(line.text))


def open_page(
    browser: Browser,
    address: str,
    theme: str = "light",
    listen: Callable[[Page], None] = lambda page: None,
    **context: object,
) -> Page:
    """Open a page in a fresh profile with a theme chosen, as a reader chooses it, with all its parts before the reader.

    All that is folded is unfolded, and what is far is laid out.
    """
    profile = browser.new_context(**{"viewport": DESKTOP, **context})
    profile.add_init_script(f"localStorage.setItem('mode', '{theme}'); localStorage.setItem('theme', '{theme}')")
    page = profile.new_page()
    page.set_default_timeout(10_000)  # milliseconds; a fault should be seen soon
    page.set_default_navigation_timeout(60_000)  # a machine with other work may need long to lay a page out
    listen(page)
    page.goto(address)
    page.add_style_tag(content=LAY_OUT)
    page.evaluate("document.fonts.ready")
    page.locator("details").evaluate_all("all => all.forEach(folded => { folded.open = true; })")
    return page


@pytest.fixture(scope="module")
def heard(page_name: str) -> Heard:
    return Heard()


@pytest.fixture(scope="module")
def page(browser: Browser, site: str, page_name: str, heard: Heard) -> Iterator[Page]:
    page = open_page(browser, f"{site}/{page_name}", listen=heard.listen)
    yield page
    page.context.close()


@pytest.fixture(scope="module")
def phone(browser: Browser, site: str, page_name: str) -> Iterator[Page]:
    page = open_page(browser, f"{site}/{page_name}", viewport=PHONE)
    yield page
    page.context.close()


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


def test_what_is_folded_is_called_by_its_words(page: Page) -> None:
    assert page.locator("summary[aria-label]").count() == 0
    lines = page.locator("article summary")
    assert all(words.strip() for words in lines.all_inner_texts())


def test_images_and_drawings_say_what_they_show(page: Page) -> None:
    unnamed = "img:not([alt]), svg[role=img]:not([aria-label]), svg[role=img][aria-label='']"
    assert page.locator(unnamed).evaluate_all("all => all.map(one => one.outerHTML.slice(0, 200))") == []
    assert page.locator(".cell_output img[alt='']").count() == 0, "a figure has an empty alt text"


def test_sliders_move_their_figures(page: Page) -> None:
    for number, figure in enumerate(page.locator(".book-explore").all()):
        slider = figure.locator("input[type=range]").first
        await_pictures(figure)
        before = figure.locator(".frame").inner_html(), figure.locator("output").first.inner_text()
        at_end = slider.evaluate("slider => slider.value === slider.max")
        slider.press("ArrowLeft" if at_end else "ArrowRight")
        after = figure.locator(".frame").inner_html(), figure.locator("output").first.inner_text()
        assert before[0] != after[0], f"figure {number}: the drawing did not change with its slider"
        assert before[1] != after[1], f"figure {number}: the shown value stayed {before[1]!r}"


def await_pictures(figure: Locator) -> None:
    """Come near a figure, and wait until it has its pictures; one that computes them needs none."""
    figure.scroll_into_view_if_needed()
    if figure.locator("> script[type='application/json']").count():
        expect(figure).to_have_attribute("data-pictures", "here")


def test_figures_are_captioned_and_numbered_in_order(page: Page) -> None:
    figures = page.locator("figure:is(.book-figure, .book-explore)").all()
    if not figures:
        return
    sections = page.locator("h1 .section-number")
    chapter = sections.inner_text().strip() if sections.count() else ""
    for place, figure in enumerate(figures, start=1):
        caption = figure.locator("> figcaption")
        assert caption.is_visible()
        words = caption.inner_text()
        assert words.startswith(f"Figure {chapter}{place}. "), words
        assert len(words) > len(f"Figure {chapter}{place}. ")
        assert figure.get_attribute("id") == f"figure-{chapter}{place}".replace(".", "-")


def test_a_caption_stays_when_its_figure_moves(page: Page) -> None:
    for figure in page.locator(".book-explore").all():
        before = figure.locator("figcaption").inner_text()
        slider = figure.locator("input[type=range]").first
        slider.press("End")
        slider.press("Home")
        assert figure.locator("figcaption").inner_text() == before
        hidden = figure.locator("figcaption [aria-hidden]")  # hidden from a screen reader: it must be in the alt text
        for words in hidden.all_inner_texts():
            assert words in (figure.locator(".frame > svg").get_attribute("aria-label") or "")


def test_asks_no_other_host_and_reports_no_error(page: Page, heard: Heard, site: str) -> None:
    # after the tests above, which have moved every slider, and before axe, which fetches style sheets itself
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    page.wait_for_load_state("networkidle")
    foreign = [url for url in heard.asked if not url.startswith((f"{site}/", "data:"))]
    assert heard.asked and not foreign, f"the page asks other hosts: {foreign}"
    assert not heard.failed, f"requests fail: {heard.failed}"
    assert not heard.said, f"the console says: {heard.said}"


def test_axe_finds_nothing_serious_in_light(page: Page) -> None:
    assert not serious_findings(page, "light")


def test_axe_finds_nothing_serious_in_the_dark(browser: Browser, site: str, page_name: str) -> None:
    page = open_page(browser, f"{site}/{page_name}", "dark")
    findings = serious_findings(page, "dark")
    page.context.close()
    assert not findings


def serious_findings(page: Page, theme: str) -> list[str]:
    """What axe finds, and the words in code and mathematics that are too faint."""
    assert page.evaluate("document.documentElement.dataset.theme") == theme
    violations = AXE.run(page).response["violations"]
    return faint_words(page) + [
        f"{violation['id']}: {node['html'][:200]} -- {node['failureSummary']}"
        for violation in violations
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]


def test_fits_a_phone(phone: Page) -> None:
    width = phone.evaluate("document.documentElement.scrollWidth")
    culprits = phone.evaluate(TOO_WIDE) if width > PHONE["width"] else []
    assert width <= PHONE["width"], f"{width} px wide on a phone of {PHONE['width']}; among these: {culprits}"


def test_text_does_not_scroll_sideways_at_320_pixels(phone: Page) -> None:
    phone.set_viewport_size({"width": NARROW, "height": PHONE["height"]})
    width = phone.evaluate("document.documentElement.scrollWidth")
    culprits = phone.evaluate(TOO_WIDE) if width > NARROW else []
    phone.set_viewport_size(PHONE)
    assert width <= NARROW, f"{width} px wide; among these: {culprits}"


def test_figures_are_seen_in_full_on_a_phone(phone: Page) -> None:
    assert phone.evaluate(CUT_FIGURES) == [], "these scroll sideways"


def test_words_of_figures_are_legible_on_a_phone(phone: Page) -> None:
    assert not small_words(phone, LEAST_SIZE)


def test_figures_stand_without_scripts(browser: Browser, site: str, page_name: str, html_folder: Path) -> None:
    if "book-explore" not in (html_folder / page_name).read_text(encoding="utf-8"):
        return  # nothing that moves
    page = browser.new_page(java_script_enabled=False)
    page.goto(f"{site}/{page_name}")
    shown = [figure.locator("svg").first.is_visible() for figure in page.locator(".book-explore").all()]
    page.close()
    assert shown and all(shown), f"shown without scripts, figure by figure: {shown}"


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


def test_the_measures_see_what_is_faint_or_small(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content("""
        <pre style="background: #eee">dark <span style="color: #888">faint</span></pre>
        <p style="background: #222"><span class="katex">x<i style="color: #fff">y</i></span></p>
        <figure class="book-figure" id="static"><svg width="100" viewBox="0 0 200 100">
            <text style="font-size: 30px">large</text><text style="font-size: 20px">small</text>
            <text><tspan style="font-size: 24px">w</tspan><tspan style="font-size: 14px">h</tspan></text></svg></figure>
        <figure class="book-explore" id="moving"><div class="frame"></div><script type="application/json">
            {"lines": ["<svg width='100' viewBox='0 0 100 50'>", "<text style='font-size: 12px'>first</text></svg>",
             "<text style='font-size: 9px'>second</text></svg>"], "frames": [[0, 1], [0, 2]]}</script></figure>""")
    faint, small = faint_words(page), small_words(page, LEAST_SIZE)
    page.close()
    assert [word[word.index("<") :][:6] for word in faint] == ["<span ", "<span "]
    assert [word.split(" has")[0] for word in small] == ["moving: 'second'", "static: 'small'", "static: 'wh'"]
