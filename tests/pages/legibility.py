"""Whether words of a page are large and dark enough: measured in the browser, in one pass over all of them."""

from __future__ import annotations

from playwright.sync_api import Page

#: What axe asks of the contrast of small words.
LEAST_CONTRAST = 4.5

#: Parts of a page that hold tens of thousands of words without any overlap: each line of code and each formula
#: is made of them. axe takes minutes for their contrast, since it looks for what may lie over each word.
CODE_AND_MATHEMATICS = ":is(pre, .katex)"

#: Every word there against the paper that it stands on, with the tints between them.
FAINT_WORDS = r"""([places, least]) => {
    const channels = colour => {
        const [red, green, blue, opacity = 1] = colour.match(/[\d.]+/g).map(Number);
        return [red, green, blue, opacity];
    };
    const over = ([red, green, blue, opacity], below) =>
        [red, green, blue].map((value, k) => opacity * value + (1 - opacity) * below[k]);
    const papers = new Map([[null, [255, 255, 255]]]);
    const paper = element => {
        if (!papers.has(element)) {
            const colour = channels(getComputedStyle(element).backgroundColor);
            papers.set(element, over(colour, paper(element.parentElement)));
        }
        return papers.get(element);
    };
    const luminance = colour => {
        const [red, green, blue] = colour.map(value => value / 255)
            .map(value => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const written = element =>
        [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.textContent.trim());
    const faint = [];
    for (const element of document.querySelectorAll(`${places}, ${places} *`)) {
        if (!written(element)) continue;
        const below = paper(element);
        const [low, high] = [below, over(channels(getComputedStyle(element).color), below)]
            .map(luminance).sort((a, b) => a - b);
        const contrast = (high + 0.05) / (low + 0.05);
        if (contrast < least) faint.push(`${contrast.toFixed(2)}: ${element.outerHTML.slice(0, 120)}`);
    }
    return faint;
}"""

#: The size in which each text of each drawing is seen, of figures with sliders for every picture. A text of
#: several sizes has sub- or superscripts: its own size is the largest, theirs the smallest.
WORDS_OF_FIGURES = r"""async () => {
    const written = element =>
        [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.textContent.trim());
    const words = [];
    const measure = (figure, drawing) => {
        for (const text of drawing.querySelectorAll("text")) {
            const { a, b, c, d } = text.getScreenCTM();
            const scale = Math.sqrt(Math.abs(a * d - b * c));
            const sizes = [text, ...text.querySelectorAll("tspan")].filter(written)
                .map(part => scale * parseFloat(getComputedStyle(part).fontSize));
            if (!sizes.length) continue;
            words.push({ figure: figure.id, words: text.textContent.trim(),
                         size: Math.max(...sizes), script: Math.min(...sizes) });
        }
    };
    const pictures = data => data.dataset.file === undefined ? JSON.parse(data.textContent) : new Promise(done => {
        const file = document.head.appendChild(document.createElement("script"));
        file.onload = () => done(file.frames);
        file.src = data.dataset.file;
    });
    for (const figure of document.querySelectorAll("figure:is(.book-figure, .book-explore)")) {
        const [frame, data] = [".frame", "script[type='application/json']"].map(part => figure.querySelector(part));
        if (!data) {  // a still drawing, or one that its script computes
            for (const drawing of figure.querySelectorAll("svg")) measure(figure, drawing);
            continue;
        }
        const shown = frame.innerHTML;
        const { lines, frames } = await pictures(data);
        for (const picture of frames) {
            frame.innerHTML = picture.map(line => lines[line]).join("\n");
            measure(figure, frame);
        }
        frame.innerHTML = shown;
    }
    return words;
}"""


def faint_words(page: Page) -> list[str]:
    """Words of code and mathematics with too little contrast, each with what it has."""
    return page.evaluate(FAINT_WORDS, [CODE_AND_MATHEMATICS, LEAST_CONTRAST])


def small_words(page: Page, least: float) -> list[str]:
    """Texts of figures below a size in CSS pixels; sub- and superscripts may have 0.7 of it, as in the prose."""
    return sorted(
        {
            f"{word['figure']}: {word['words']!r} has {word['size']:.1f} px, its smallest part {word['script']:.1f}"
            for word in page.evaluate(WORDS_OF_FIGURES)
            if word["size"] < least or word["script"] < 0.7 * least
        }
    )
