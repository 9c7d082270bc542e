"""Redrawing that keeps up with a hand: of changes that arrive together, only the last is drawn."""

import asyncio
from collections.abc import Callable

#: Seconds in which the changes that wait in line are read; a reader does not notice them.
PAUSE = 0.01


class Latest:
    """Calls a function soon after a change, once for all changes that arrived until then.

    A kernel reads one message after the other. If every message of a slider were drawn, a fast drag would fill a queue,
    and the picture would follow the hand for seconds after it stopped. What is called reads the slider itself, so it
    sees the last value. Where nothing waits in line, outside a kernel, it is called at once.

    Parameters
    ----------
    act : callable
        Takes nothing.
    """

    def __init__(self, act: Callable[[], None]):
        self.act, self.waits = act, False

    def __call__(self, change: object = None) -> None:
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # no messages are read here
            self.act()
            return
        if not self.waits:
            self.waits = True
            loop.call_later(PAUSE, self._act_now)

    def _act_now(self) -> None:
        self.waits = False
        self.act()
