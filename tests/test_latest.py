"""A slider in Jupyter: the picture comes at once, the old one stands until then, and a fast drag does not queue."""

import asyncio

import pytest

from helpers.pages.explore import Slider, sliders
from helpers.pages.figures import subplots
from helpers.pages.latest import BUSY, PAUSE, Latest

pytestmark = pytest.mark.same_everywhere


def test_a_change_is_answered_at_once_and_those_that_wait_in_line_together():
    calls = []

    async def answered(count):
        for _ in range(200):
            if len(calls) < count:
                await asyncio.sleep(0.05)
        assert len(calls) == count

    async def kernel():
        answer = Latest(lambda: calls.append("drawn"))
        for _ in range(5):
            answer({"new": 1})
            assert calls == ["drawn"]
        await answered(2)
        await asyncio.sleep(2 * BUSY)
        answer({"new": 2})
        assert calls == ["drawn"] * 3
        await asyncio.sleep(2 * BUSY)
        assert calls == ["drawn"] * 3

    asyncio.run(kernel())


def test_outside_a_kernel_a_change_is_answered_at_once():
    calls = []
    Latest(lambda: calls.append("now"))()
    assert calls == ["now"]


def test_a_figure_passes_over_the_values_of_a_fast_drag():
    drawn = []

    def draw(slope):
        drawn.append(slope)
        figure, axes = subplots(200, 120)
        axes.plot([0, 1], [0, slope])
        return figure

    async def drag():
        box = sliders(draw, alt=lambda slope: f"A line of slope {slope}.", slope=Slider("slope", range(41))).to_widget()
        slope, _, picture, _ = box.children
        drawn.clear()
        before = picture.value
        for value in range(21, 41):  # messages that wait in line: nothing else is done between two of them
            slope.value = value
            assert picture.value == before or drawn, "the old picture stands until there is a new one"
            await asyncio.sleep(0)
        for _ in range(200):
            if "slope 40" not in picture.value:
                await asyncio.sleep(0.05)
        return picture.value

    shown = asyncio.run(drag())
    assert "slope 40" in shown and drawn[-1] == 40
    assert len(drawn) <= 5, f"{len(drawn)} pictures for 20 values"


def test_a_reader_does_not_notice_the_pause():
    assert 0 < PAUSE <= 0.05 < BUSY <= 0.2


def test_the_first_change_is_answered_at_once_even_where_the_clock_has_just_begun(monkeypatch):
    acted = []

    async def change() -> None:
        monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: 0.0)
        Latest(lambda: acted.append("drawn"))()
        assert acted == ["drawn"]
        monkeypatch.undo()

    asyncio.run(change())
