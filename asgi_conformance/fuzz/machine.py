"""A machine: what Hypothesis draws of one kind of dialogue, judged as a check is."""

from collections.abc import Callable
from dataclasses import dataclass

from hypothesis.strategies import SearchStrategy

from asgi_conformance.dialogue.check import Check
from asgi_conformance.dialogue.facts import Facts
from asgi_conformance.fuzz.script import Script
from asgi_conformance.spec.requirement import requirement


@dataclass(frozen=True)
class Ground:
    """What a server offers over one version of HTTP: of this only, a script makes use.

    `extensions` are those that are announced, by the type of the scope.
    """

    version: str
    websocket: bool
    extensions: dict[str, tuple[str, ...]]

    @classmethod
    def of(cls, facts: Facts, version: str) -> "Ground":
        """What the server has told of itself."""
        announced = {kind: names for (kind, over), names in facts.extensions.items() if over == version}
        return cls(version, facts.websocket.get(version, False), announced)


Strategy = Callable[[Ground], SearchStrategy[Script]]


@dataclass(frozen=True)
class Machine(Check):
    """A check that is not written but drawn: `strategy` draws the scripts for a ground.

    `needs_websocket` tells that there is nothing to draw where the server does not serve WebSocket.
    With a "new_server" in the `cast` each script has a server of its own;
    `most` is how many are worth their time then.
    """

    strategy: Strategy
    needs_websocket: bool = False
    cast: tuple[str, ...] = ("client", "app")
    most: int | None = None

    @property
    def actors(self) -> tuple[str, ...]:
        """Who takes part in every script."""
        return self.cast


def machine(
    identifier: str,
    *,
    needs_websocket: bool = False,
    cast: tuple[str, ...] = ("client", "app"),
    most: int | None = None,
) -> Callable[[Strategy], Machine]:
    """Make a function that returns a strategy the machine of a requirement. Raises UnknownRequirement."""
    on_trial = requirement(identifier)

    def make(strategy: Strategy) -> Machine:
        named: Callable[..., None] = strategy  # type: ignore[assignment]  # for its name and place alone
        return Machine(on_trial, named, on_trial.level, on_trial.level, strategy, needs_websocket, cast, most)

    return make
