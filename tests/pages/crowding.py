"""Whether words of figures lie over one another or leave their drawing: measured in the browser."""

from __future__ import annotations

from playwright.sync_api import Page

#: Pairs of texts of one drawing whose boxes lie in one another, and texts beyond the edge; of figures with sliders for
#: the first, the middle and the last picture and the one that is shown; where a script computes them, with all sliders
#: there. A box is as high as its font, with room for
#: accents and descenders, so its outer fifths count as empty; at an edge only its middle counts, where all ink is.
#: Widths depend on the fonts of a machine: three pixels are no fault.
CROWDED_WORDS = r"""async () => {
    const [EMPTY, MIDDLE, SLACK] = [0.2, 0.35, 3];
    const found = new Set();
    const corners = (text, empty) => {
        const { x, y, width, height } = text.getBBox(), place = text.getScreenCTM();
        const [left, right, top, bottom] = [x, x + width, y + empty * height, y + (1 - empty) * height];
        return [[left, top], [right, top], [right, bottom], [left, bottom]]
            .map(([across, down]) => new DOMPoint(across, down).matrixTransform(place));
    };
    const sides = (box) => [[box[0], box[1]], [box[1], box[2]]].map(([from, to]) => {
        const [x, y] = [to.x - from.x, to.y - from.y], length = Math.hypot(x, y);
        return [x / length, y / length];
    });
    // How far two boxes, which may be turned, lie in one another: the least over the directions of their sides.
    const shared = (one, other) => Math.min(...[...sides(one), ...sides(other)].map(([x, y]) => {
        const [[a, b], [c, d]] = [one, other].map((box) => box.map((corner) => x * corner.x + y * corner.y))
            .map((along) => [Math.min(...along), Math.max(...along)]);
        return Math.min(b, d) - Math.max(a, c);
    }));
    const look = (figure, drawing, picture) => {
        const edge = drawing.getBoundingClientRect(), where = `${figure.id || figure.className}, ${picture}`;
        const texts = [...drawing.querySelectorAll("text")].filter((text) => text.textContent.trim())
            .map((text) => ({ words: text.textContent.trim().replaceAll(/\s+/g, " "),
                              box: corners(text, EMPTY), middle: corners(text, MIDDLE) }));
        texts.forEach(({ words, box, middle }, k) => {
            const [xs, ys] = [middle.map(({ x }) => x), middle.map(({ y }) => y)];
            const out = Math.max(edge.left - Math.min(...xs), Math.max(...xs) - edge.right,
                                 edge.top - Math.min(...ys), Math.max(...ys) - edge.bottom);
            if (out > SLACK) found.add(`${where}: ${words} is ${out.toFixed(1)} px outside`);
            for (const other of texts.slice(k + 1)) {
                const depth = shared(box, other.box);
                if (depth > SLACK) found.add(`${where}: ${words} and ${other.words} share ${depth.toFixed(1)} px`);
            }
        });
    };
    const pictures = (data) => data.dataset.file === undefined ? JSON.parse(data.textContent) : new Promise((done) => {
        const file = document.head.appendChild(document.createElement("script"));
        file.onload = () => done(file.frames);
        file.src = data.dataset.file;
    });
    for (const figure of document.querySelectorAll("figure:is(.book-figure, .book-explore)")) {
        for (const drawing of figure.querySelectorAll("svg[role=img]")) look(figure, drawing, "as shown");
        const frame = figure.querySelector(".frame");
        const data = figure.querySelector(":scope > script[type='application/json']");
        if (!data) {  // a still drawing, or one that its script computes
            const sliders = [...figure.querySelectorAll("input[type=range]")];
            const places = sliders.map(({ value }) => value);
            const move = async (values) => {
                sliders.forEach((slider, k) => {
                    slider.value = values[k];
                    slider.dispatchEvent(new Event("input", { bubbles: true }));
                });
                for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
            };
            for (const [name, part] of sliders.length ? [["first", 0], ["middle", 0.5], ["last", 1]] : []) {
                await move(sliders.map(({ min, max }) => Number(min) + part * (max - min)));
                for (const one of figure.querySelectorAll("svg[role=img]")) look(figure, one, `${name} picture`);
            }
            await move(places);
            continue;
        }
        const shown = frame.innerHTML;
        const { lines, frames } = await pictures(data);
        frames.forEach((picture, k) => {
            frame.innerHTML = picture.map((line) => lines[line]).join("\n");
            look(figure, frame.firstElementChild, `picture ${k + 1}`);
        });
        frame.innerHTML = shown;
    }
    return [...found];
}"""


def crowded_words(page: Page) -> list[str]:
    """Words of figures that lie over others, or that leave their drawing, each with the figure and the picture."""
    return page.evaluate(CROWDED_WORDS)
