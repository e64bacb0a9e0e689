"""What the tests of dialogues share: stages with real servers on them."""

from collections.abc import Callable, Iterator

import pytest
from running import faulty

from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.dialogue import Dialogue
from asgi_conformance.dialogue.introduction import introduce
from asgi_conformance.dialogue.server import Server
from asgi_conformance.dialogue.stage import Stage
from asgi_conformance.servers import bundled, resolve
from asgi_conformance.wire.connection import Patience

Stages = Callable[..., Stage]


@pytest.fixture
def stages() -> Iterator[Stages]:
    """Makes a stage for a server, or for one of the folder `faulty`; its server is not started."""
    made: list[Stage] = []

    def make(server: str, patience: Patience | None = None, place: str = "--fd {fd}") -> Stage:
        named = server if server.partition(":")[0] in bundled() else faulty(server, place)
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


@pytest.fixture
def dialogue(stages: Stages) -> Iterator[Dialogue]:
    """A dialogue on a server that is right about most, and logs every error of an application."""
    stage = stages("uvicorn:h11")
    introduce(stage)
    dialogue = Dialogue(stage, "http/1.1")
    yield dialogue
    dialogue.close()


@pytest.fixture
def server(dialogue: Dialogue) -> Server:
    """The server."""
    return Server(dialogue)


@pytest.fixture
def client(dialogue: Dialogue) -> Client:
    """Who asks."""
    return dialogue.client()
