"""Messages that are right and seldom: each is about a requirement, and not two come together."""

from collections.abc import Iterator

import pytest
from drawn import FEW, MANY
from hypothesis import find, given

from asgi_conformance.fuzz import unusual
from asgi_conformance.fuzz.http import scripts
from asgi_conformance.fuzz.machine import Ground
from asgi_conformance.fuzz.script import Script
from asgi_conformance.spec import http
from asgi_conformance.spec.requirement import requirements

GROUND = Ground("http/1.1", websocket=False, extensions={})
START = http.response_start(status=200, headers=[])
PART = http.response_body(body=b"", more_body=False)


def ways() -> Iterator[unusual.Unusual]:
    """All of them."""
    return iter([*unusual.starts(START), *unusual.parts(PART)])


def test_each_is_about_a_requirement() -> None:
    assert {about for about, _ in ways()} <= requirements().keys()


@pytest.mark.parametrize("about", sorted({about for about, _ in ways()}))
def test_there_is_a_script_in_which_it_is_said(about: str) -> None:
    def is_about(script: Script) -> bool:
        return about in {line.blame for line in script}

    assert find(scripts(GROUND), is_about, settings=MANY)


@FEW
@given(scripts(GROUND))
def test_of_what_is_unusual_there_is_one_thing_in_a_response(script: Script) -> None:
    abouts = {about for about, _ in ways()}
    unusual = {(line.actor, line.blame) for line in script if line.verb == "sends" and line.blame in abouts}
    assert len({actor for actor, _ in unusual}) == len(unusual)


def test_what_is_left_out_says_the_same() -> None:
    left_out = [message for about, message in ways() if "missing" in about]
    assert [START | PART | message == START | PART | {"type": message["type"]} for message in left_out] == [
        True
    ] * 3
