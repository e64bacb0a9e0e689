"""What every search needs: where servers come from, where a script is played, how examples are drawn."""

import contextlib
from collections.abc import Iterator
from typing import Protocol

from hypothesis import HealthCheck, Phase, settings
from hypothesis.database import ExampleDatabase

from asgi_conformance.dialogue.stage import Stage
from asgi_conformance.fuzz.machine import Machine

HASTE = 5
"""While it is searched, one waits so many times shorter; what is found has all the patience there is."""

AHEAD = 2
"""So many servers are started while a script is played on one of its own: most of its time is the start."""


class Stages(Protocol):
    """Where servers come from. Both raise NeverServed."""

    def ready(self) -> Stage:
        """The stage whose server serves."""

    def renewed(self) -> Stage:
        """The same with a server of its own that nobody has spoken to."""


class Shown(Exception):
    """A script has shown what is searched for."""


def searching(examples: int, database: ExampleDatabase | None = None, *, several: bool = True) -> settings:
    """So many examples are drawn, after those that are kept, and shrunk, however long each of them takes.

    With `several`, each class of exceptions is shrunk by itself.
    """
    return settings(
        max_examples=examples,
        database=database,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.reuse, Phase.generate, Phase.shrink),
        report_multiple_bugs=several,
        print_blob=False,
    )


@contextlib.contextmanager
def place(machine: Machine, stage: Stage) -> Iterator[Stage]:
    """Where a script is played: on the server of all, or on one of its own if it is about its life."""
    if not machine.needs_a_new_server:
        yield stage
        return
    spare = stage.spare()
    stage.prepares_spares(AHEAD)
    try:
        yield spare
    finally:
        stage.lets_go(spare)
