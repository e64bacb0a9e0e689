"""What the tests of fuzzing share: servers that have been introduced, one for all tests of a module."""

from collections.abc import Iterator

import pytest
from drawn import Staged

from asgi_conformance.dialogue.introduction import introduce
from asgi_conformance.dialogue.stage import Stage
from asgi_conformance.servers import resolve
from asgi_conformance.wire.connection import Patience


@pytest.fixture(scope="module")
def staged() -> Iterator[Staged]:
    """The stage of a server, which is started when it is asked for first."""
    made: dict[str, Stage] = {}

    def make(server: str) -> Stage:
        if server not in made:
            made[server] = Stage(resolve(server), Patience())
            introduce(made[server])
        return made[server]

    yield make
    for stage in made.values():
        stage.close(1.0)
