"""What the tests of dialogues share: stages with real servers on them."""

from collections.abc import Callable, Iterator

import pytest
from running import faulty

from asgi_conformance.dialogue.introduction import introduce
from asgi_conformance.dialogue.stage import Stage
from asgi_conformance.servers import resolve
from asgi_conformance.wire.connection import Patience

Stages = Callable[..., Stage]


@pytest.fixture
def stages() -> Iterator[Stages]:
    """Makes a stage for a server, or for one of the folder `faulty`; its server is not started."""
    made: list[Stage] = []

    def make(server: str, patience: Patience | None = None, place: str = "--fd {fd}") -> Stage:
        named = server if server.startswith("uvicorn") else faulty(server, place)
        made.append(Stage(resolve(named), patience or Patience()))
        return made[-1]

    yield make
    for stage in made:
        stage.close(1.0)


@pytest.fixture
def minimal(stages: Stages) -> Stage:
    """The smallest server, introduced."""
    stage = stages("minimal")
    introduce(stage)
    return stage
