"""A measure of what one actor is told in a dialogue: of who says more than that, nobody waits for the end."""

from collections.abc import Iterable

from asgi_conformance.dialogue.expectation import Broken

MOST = 1 << 28
"""So many bytes; the largest that a check asks for is a small part of it."""
LEAST = 1 << 14
"""What a message counts that holds less: 16,384 of them are as much."""


class Gauge:
    """How much `who` was told."""

    def __init__(self, who: str) -> None:
        self.who = who
        self._taken = 0

    def takes(self, said: Iterable[object]) -> None:
        """Count a message that says this; bytes and texts have a size. Raises Broken at the last straw."""
        self._taken += max(sum(len(each) for each in said if isinstance(each, bytes | str)), LEAST)
        if self._taken > MOST:
            most = f"{MOST // LEAST} messages or {MOST >> 20} MiB"
            raise Broken(f"{self.who} was told more than {most}, with no end in sight")
