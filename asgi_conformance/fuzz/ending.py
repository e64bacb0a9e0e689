"""What a server has ended of: of all that was said to it, that after which a fresh one ends as well."""

from bisect import bisect_left
from collections.abc import Callable, Sequence

from asgi_conformance.fuzz.script import Script

RECENT = 100
"""So many scripts are remembered: some servers end a while after what they end of."""


def culprit(said: Sequence[Script], ends: Callable[[Sequence[Script]], bool]) -> Script | None:
    """The latest script that a server ends of, up to the line of which it does; None where there is none.

    `ends` tells whether a fresh server ends when all of these scripts are said to it, or a while after.
    """
    back = 1 + bisect_left(range(1, len(said) + 1), True, key=lambda number: ends(said[-number:]))
    if back > len(said):
        return None
    script = said[-back]
    lines = 1 + bisect_left(range(1, len(script)), True, key=lambda number: ends([script[:number]]))
    return script[:lines]
