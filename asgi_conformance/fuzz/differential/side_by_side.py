"""A difference for a terminal: what was said, and below each line what came from either server."""

import itertools
import textwrap
from collections.abc import Iterator

from asgi_conformance.fuzz.differential.comparison import Contrast, Difference
from asgi_conformance.fuzz.differential.observed import Observation

NARROWEST = 40
MARK = "≠"


def side_by_side(difference: Difference, width: int = 100) -> str:
    """The dialogue in two columns; where the two differ there is a mark between them.

    Of scopes, headers and bodies only that is shown in which they differ as they have not differed before.
    """
    wide = max(width, NARROWEST)
    left, right = difference.labels
    lines = [*_row(left, right, wide), *_row("-" * len(left), "-" * len(right), wide)]
    new = {(each.left, each.right) for each in difference.contrasts}
    for number, line in enumerate(difference.script):
        lines += textwrap.wrap(str(line), wide, subsequent_indent="    ", max_lines=3, placeholder=" …")
        for each in _pairs(difference, number):
            if each.is_a_step or (each.left, each.right) in new:
                mark = MARK if each.differs else " "
                lines += _row(_shown(each.left), _shown(each.right), wide, mark)
    return "\n".join([*lines, *textwrap.wrap(f"{difference.judgement}.", wide)])


def _pairs(difference: Difference, line: int) -> Iterator[Contrast]:
    """What came in the course of a line from the first server, from the second, or from both."""
    one, other = difference.seen
    for key in dict.fromkeys([*one, *other]):
        pair = Contrast(difference.script, one.get(key), other.get(key))
        if pair.line == line:
            yield pair


def _shown(observation: Observation | None) -> str:
    return "(nothing)" if observation is None else f"{observation.place} ← {observation}"


def _row(left: str, right: str, width: int, mark: str = " ") -> Iterator[str]:
    column = (width - 7) // 2
    halves = [textwrap.wrap(text, column, max_lines=4, placeholder=" …") for text in (left, right)]
    marks = itertools.chain(mark, itertools.repeat(" "))
    for one, other in itertools.zip_longest(*halves, fillvalue=""):
        yield f"    {one:<{column}} {next(marks)} {other}".rstrip()
