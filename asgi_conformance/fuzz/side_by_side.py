"""A difference for a terminal: what was said, and below each line what came from either server."""

import itertools
import textwrap
from collections.abc import Iterator

from asgi_conformance.fuzz.differential import Contrast, Difference, contrasts
from asgi_conformance.fuzz.observed import Key, Observation

NARROWEST = 40
MARK = "≠"


def side_by_side(difference: Difference, width: int = 100) -> str:
    """The dialogue in two columns; where the two differ there is a mark between them."""
    wide = max(width, NARROWEST)
    left, right = difference.labels
    lines = [*_row(left, right, wide), *_row("-" * len(left), "-" * len(right), wide)]
    differing = {(each.left, each.right) for each in contrasts(difference.script, difference.seen)}
    for number, line in enumerate(difference.script):
        lines += textwrap.wrap(str(line), wide, subsequent_indent="    ", max_lines=3, placeholder=" …")
        for one, other in _pairs(difference, number):
            is_different = (one, other) in differing
            if is_different or not (one or other).about.startswith("scope"):  # type: ignore[union-attr]
                mark = MARK if is_different else " "
                lines += _row(_shown(one), _shown(other), wide, mark)
    return "\n".join([*lines, *textwrap.wrap(f"{difference.judgement}.", wide)])


def _pairs(difference: Difference, line: int) -> Iterator[tuple[Observation | None, Observation | None]]:
    """What came in the course of a line from the first server, from the second, or from both."""
    one, other = difference.seen
    keys: dict[Key, None] = dict.fromkeys([*one, *other])
    for key in keys:
        pair = Contrast(difference.script, one.get(key), other.get(key))
        if pair.line == line:
            yield pair.left, pair.right


def _shown(observation: Observation | None) -> str:
    return "(nothing)" if observation is None else f"{observation.place} ← {observation}"


def _row(left: str, right: str, width: int, mark: str = " ") -> Iterator[str]:
    column = (width - 7) // 2
    halves = [textwrap.wrap(text, column, max_lines=4, placeholder=" …") for text in (left, right)]
    for one, other in itertools.zip_longest(*halves, fillvalue=""):
        yield f"    {one:<{column}} {mark} {other}".rstrip()
