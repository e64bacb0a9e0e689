"""A script: the lines of dialogues as data, to be drawn, played, shrunk, compared and printed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from zlib import crc32

from asgi_conformance.fuzz.code import call, code


@dataclass(frozen=True, repr=False)
class Line:
    """One line: an actor, a verb of the grammar of checks, and what it is given.

    `blame` is the id of the requirement that is broken when the line fails. `dialogue` tells apart the
    dialogues of a script, which share nothing but their server. `actor` is "client", "app", or one of these
    with a number behind it: another connection, another call.
    """

    actor: str
    verb: str
    arguments: tuple[object, ...] = ()
    said: tuple[tuple[str, object], ...] = ()
    blame: str = ""
    dialogue: int = 0

    def blames(self, identifier: str) -> "Line":
        """The same line, with the requirement that it is about."""
        return Line(self.actor, self.verb, self.arguments, self.said, identifier, self.dialogue)

    @property
    def name(self) -> str:
        """The actor, with a name of his own among those of other dialogues."""
        return self.actor if self.dialogue == 0 else f"{'abcdefgh'[self.dialogue]}_{self.actor}"

    @property
    def needs_a_file(self) -> bool:
        """Is a file sent?"""
        messages = [each for each in self.arguments if isinstance(each, dict)]
        return any(isinstance(held, File) for message in messages for held in message.values())

    def __repr__(self) -> str:
        return call(f"{self.name}.{self.verb}", *self.arguments, **dict(self.said))

    def _repr_pretty_(self, printer: Any, _: bool) -> None:
        # Hypothesis would print every field instead.
        printer.text(repr(self))


Script = tuple[Line, ...]


@dataclass(frozen=True)
class File:
    """What stands in a message for a file with this content: its path, or what `actor` has opened."""

    actor: str
    content: bytes
    is_open: bool = False

    @property
    def name(self) -> str:
        """One for each content: a server may still read what was sent before."""
        return f"{crc32(self.content):08x}.bin"


@code.register
def _(value: File) -> str:
    path = call(f"{value.actor}.has_a_file", value.name, value.content)
    return f"{value.actor}.opens({path})" if value.is_open else path


class Actor:
    """Says lines for a script as an actor of a check does: `app.sends(…)` is the line that says so.

    In the first dialogue of a script he may also be what a line is about: `server.may_serve(client)`.
    """

    dialogue = 0

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name

    def __getattr__(self, verb: str) -> Callable[..., Line]:
        if verb.startswith("__"):
            raise AttributeError(verb)

        def line(*arguments: object, **said: object) -> Line:
            return Line(self.name, verb, arguments, tuple(said.items()))

        return line
