"""All that was said in one dialogue, in the order in which we heard it."""

from dataclasses import dataclass, field
from itertools import groupby

from asgi_conformance.spec.kinds import shortened

ALIKE = 3
"""So many lines that are the same are told one below the other."""
LONGEST = 400
"""Of more lines than this only the first and the last are told: of a flood nobody reads more."""
INDENT = " " * 13


@dataclass
class Transcript:
    """Lines of `actor → what it said` and `actor ← what it heard`."""

    lines: list[str] = field(default_factory=list)

    def says(self, actor: str, what: object) -> None:
        """The actor on our side said something to the server."""
        self.lines.append(f"{actor:>10} → {what}")

    def hears(self, actor: str, what: object) -> None:
        """The actor on our side heard something from the server."""
        self.lines.append(f"{actor:>10} ← {what}")

    def __str__(self) -> str:
        told: list[str] = []
        for line, same in groupby(self.lines):
            told += [line] * min(count := len([*same]), ALIKE)
            if count > ALIKE:
                told.append(f"{INDENT}and {count - ALIKE} times more")
        if len(told) > LONGEST:
            half = LONGEST // 2
            told[half:-half] = [f"{INDENT}({len(told) - LONGEST} lines more)"]
        return "\n".join(told)


def spelled(message: object) -> str:
    """An ASGI message as one line: its type and what else it holds."""
    if not isinstance(message, dict) or "type" not in message:
        return shortened(message)
    rest = ", ".join(f"{key}={shortened(value, 60)}" for key, value in message.items() if key != "type")
    return f"{message['type']} {rest}".rstrip()
