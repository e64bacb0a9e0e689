"""Servers that were told to insist on a lifespan, or to do without: no verdict on them is wrong."""

from functools import cache

import pytest
from spoiled import CHECKS, Judgements, judgements

from asgi_conformance.dialogue.stage import Play
from asgi_conformance.dialogue.verdict import Verdict

OF_LIFESPANS = [each for each in CHECKS if each.requirement.chapter == "lifespan"]
WITHOUT = ("lifespan.exception.", "lifespan.return_", "lifespan.state.without_lifespan")
"""How the ids begin whose checks play an application that has no lifespan, or none to the end."""


@cache
def found(server: str) -> Judgements:
    """What is found about this server with an application that has no lifespan."""
    return judgements(
        server, Play(), [each for each in OF_LIFESPANS if each.requirement.id.startswith(WITHOUT)]
    )


@pytest.mark.parametrize("server", ["uvicorn:lifespan-on", "gunicorn:lifespan-on"])
def test_who_insists_on_a_lifespan_is_not_blamed_for_it(server: str) -> None:
    assert {each.verdict for each in found(server).values()} == {Verdict.PASS, Verdict.INFO}
    for identifier in ("lifespan.exception.on_call.continues", "lifespan.exception.on_startup.continues"):
        assert found(server)[identifier, identifier].note == "the server ended with exit status 3"


@pytest.mark.parametrize("server", ["uvicorn:lifespan-off", "gunicorn:lifespan-off", "granian:lifespan-off"])
def test_who_does_without_lifespans_is_not_judged_by_them(server: str) -> None:
    judged = judgements(server, Play(), OF_LIFESPANS)
    own = {check: each for (check, identifier), each in judged.items() if check == identifier}
    assert {each.verdict for each in own.values()} == {Verdict.UNSUPPORTED}
    # What is about a version of HTTP that they do not speak is not held.
    missing = {each.requirement.id for each in OF_LIFESPANS} - own.keys()
    assert missing <= {"lifespan.state.in_push"}
