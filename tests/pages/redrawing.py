"""How long a figure that computes takes to redraw itself."""

from __future__ import annotations

import numpy as np
from playwright.sync_api import Page

#: Makes forty moves of a slider, each to another value, and returns the milliseconds that each took, layout included.
TIMES = """([figure]) => {
    const slider = document.querySelector(`${figure} input[type=range]`);
    const [low, high] = [Number(slider.min), Number(slider.max)];
    return Array.from({ length: 40 }, (_, k) => {
        const begin = performance.now();
        slider.value = low + ((high - low) * ((17 * k) % 40)) / 39;  // neighbours are far apart
        slider.dispatchEvent(new Event("input"));
        document.body.getBoundingClientRect();  // lays out
        return performance.now() - begin;
    });
}"""


def redraw_milliseconds(page: Page, figure: str) -> float:
    """Return how long a move of a figure's first slider takes; moves that a busy machine interrupts do not count."""
    return float(np.quantile(page.evaluate(TIMES, [figure]), 0.25))
