"""Redrawing that keeps up with a hand: of changes that wait in line, only the last is drawn."""

import asyncio
import math
from collections.abc import Callable

#: Seconds in which the changes that wait in line are read; a reader does not notice them.
PAUSE = 0.01

#: Seconds after an answer in which a change may be one that waited in line.
BUSY = 0.1


class Latest:
    """Calls a function at a change, and once more, soon, for all changes that arrived while it was at work.

    A kernel reads one message after the other. If every message of a slider were drawn, a fast drag would fill a queue,
    and the picture would follow the hand for seconds after it stopped. What is called reads the slider itself, so it
    sees the last value. Where nothing can wait in line, outside a kernel or after a rest, it is called at once.

    Parameters
    ----------
    act : callable
        Takes nothing.
    """

    def __init__(self, act: Callable[[], None]):
        self.act, self.waits, self.acted = act, False, -math.inf

    def __call__(self, change: object = None) -> None:
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # no messages are read here
            self.act()
            return
        if self.waits:
            return
        if loop.time() - self.acted > BUSY:
            self._act_now(loop)
        else:
            self.waits = True
            loop.call_later(PAUSE, self._act_now, loop)

    def _act_now(self, loop: asyncio.AbstractEventLoop) -> None:
        self.waits = False
        try:
            self.act()
        finally:
            self.acted = loop.time()
