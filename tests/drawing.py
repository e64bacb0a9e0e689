"""What the tests of fuzzing share: how much they draw, and where their servers come from."""

from collections.abc import Callable

from hypothesis import HealthCheck, Phase, settings

from asgi_conformance.dialogue.stage import Stage

Staged = Callable[[str], Stage]
"""The stage of a server, by its name; see the fixture `staged`."""
FEW = settings(
    max_examples=25,
    database=None,
    derandomize=True,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.generate,),
)
"""Enough for a machine to say what it is about."""
MANY = settings(FEW, max_examples=3000)
"""Enough for it to say everything that it can."""
