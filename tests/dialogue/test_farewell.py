"""What a client finds at the end of a server, in a few words."""

import pytest

from asgi_conformance.dialogue.dialogue import Dialogue
from asgi_conformance.dialogue.expectation import Broken
from asgi_conformance.dialogue.farewell import Farewell
from asgi_conformance.dialogue.stage import Stage
from asgi_conformance.wire.answer import Answer, Close, Closed, Data, End, Garbage, Head


@pytest.fixture
def farewell(minimal: Stage) -> Farewell:
    """Of a client without a call."""
    dialogue = Dialogue(minimal, "server")
    return Farewell(dialogue, dialogue.client(), None, None)


def test_what_a_client_finds_is_told_in_a_few_words(farewell: Farewell) -> None:
    half: list[Answer] = [Head(200), Data(b"half")]
    found: dict[str, list[Answer]] = {
        "closed": [Closed()],
        "reset": [Closed(reset=True)],
        "left open": [],
        "whole response": [*half, End(), Closed()],
        "response 503": [Head(503), End()],
        "response cut off": [*half, Closed(complete=False)],
        "close frame 1012": [Close(1012), Closed(reset=True)],
        "close frame without a code": [Close(), Closed()],
        "garbage": [Garbage("no response begins like this"), Closed(complete=False)],
    }
    for words, answers in found.items():
        farewell.found = answers
        assert farewell.seen == words


def test_a_shutdown_that_was_not_announced_is_missed(farewell: Farewell) -> None:
    farewell.process.returncode = 0
    farewell.told = ["no lifespan.shutdown"]
    farewell.shows(client="left open")
    with pytest.raises(Broken, match="the shutdown was not announced"):
        farewell.shows(announced=True)
