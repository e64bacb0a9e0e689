"""A plot: what is said in one dialogue, drawn move by move, each line with the requirement it is about."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from functools import cache, partial
from typing import TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from asgi_conformance.fuzz.script import Line

Move = Callable[[], None]
Choice = TypeVar("Choice")
up_to = cache(partial(st.integers, 0))
"""A number from 0 to this one."""
any_bytes = cache(st.binary)
"""Any bytes, so many as `min_size` and `max_size` tell."""


def one_of(draw: DrawFn, choices: Sequence[Choice]) -> Choice:
    """One of these; it is shrunk to the first one."""
    return choices[draw(up_to(len(choices) - 1))] if len(choices) > 1 else choices[0]


class Plot(ABC):
    """One dialogue: what may be said next, by whom, and who is to blame when it fails."""

    free = 12
    """So many free moves there are; then it goes to its end."""
    may_be_followed = True
    """May another plot come behind this one, where it has ended?"""

    def __init__(self, draw: DrawFn) -> None:
        self.draw = draw
        self.said: list[Line] = []
        self.is_over = False

    @abstractmethod
    def begins(self) -> None:
        """What comes before the first move."""

    @abstractmethod
    def moves(self) -> list[Move]:
        """What may be done next; the first leads to the end."""

    def lines(self) -> list[Line]:
        """All lines, from the beginning to the end."""
        self.begins()
        while not self.is_over:
            self.free -= 1
            moves = self.moves()
            self.one_of(moves if self.free > 0 else moves[:1])()
        return self.said

    def one_of(self, choices: Sequence[Choice]) -> Choice:
        """One of these; it is shrunk to the first one."""
        return one_of(self.draw, choices)

    def say(self, blame: str, *lines: Line) -> None:
        """Add lines that are about this requirement."""
        self.said += [line.blames(blame) for line in lines]


def in_a_row(draw: DrawFn, plots: Iterable[Plot]) -> list[Line]:
    """The lines of the first of these plots, and of those that are drawn to come behind it."""
    lines: list[Line] = []
    for plot in plots:
        if lines and not draw(st.booleans()):
            break
        lines += plot.lines()
        if not plot.may_be_followed:
            break
    return lines
