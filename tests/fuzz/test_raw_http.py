"""Raw bytes: whatever is sensible is taken, and who invents a call, hangs or dies is convicted."""

from collections.abc import Iterator
from random import Random

import pytest
from drawn import FEW, Staged
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st
from lying import Lie
from running import faulty
from spoiled import through_a_proxy

from asgi_conformance.dialogue.introduction import introduce
from asgi_conformance.dialogue.stage import Stage
from asgi_conformance.fuzz.playing import Deviation, play
from asgi_conformance.fuzz.raw_faults import faulty as a_fault
from asgi_conformance.fuzz.raw_http import mutated
from asgi_conformance.fuzz.script import Actor, Script
from asgi_conformance.servers import resolve
from asgi_conformance.wire.connection import Patience

OWN = "fuzz.raw_http"
client = Actor("client")
GET = b"GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n"


class ChangesTheMethod(Lie):
    """Asks for another method than the client."""

    def to_server(self, data: bytes) -> bytes:
        """What the client said, with the change."""
        return data.replace(b"OPTIONS ", b"DELETE ")


@pytest.fixture(scope="module")
def spoiled() -> Iterator[Stage]:
    """A server that is not told what the client says."""
    stage = Stage(resolve("uvicorn:h11"), Patience(), through_a_proxy(ChangesTheMethod))
    introduce(stage)
    yield stage
    stage.close(1.0)


def said(*lines: bytes, ends: str = "finishes") -> Script:
    """This is said, and anything sensible may become of it."""
    script = (client.says(b"".join(lines)), getattr(client, ends)(), client.is_understood_or_refused())
    return tuple(line.blames(OWN) for line in script)


def played(script: Script, stage: Stage) -> Deviation | None:
    return play(script, stage, "http/1.1", survival=OWN)


@pytest.mark.parametrize(
    "script",
    [
        said(GET),
        said(GET, GET, GET),
        said(b"%hand" + GET),
        said(GET[:-2]),
        said(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhell"),
        said(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello", GET),
        said(
            b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
        ),
        said(b"GET / HTTP/1.1\r\n folded\r\nHost: localhost\r\n\r\n"),
        said(b"what is this?\r\n\r\n", GET),
        said(b"", ends="leaves"),
        said(GET, ends="leaves"),
    ],
)
@pytest.mark.parametrize("server", ["uvicorn:h11", "hypercorn"])
def test_what_is_sensible_is_taken(server: str, script: Script, staged: Staged) -> None:
    assert played(script, staged(server)) is None


def test_an_invented_call_is_blamed(spoiled: Stage) -> None:
    deviation = played(said(GET.replace(b"GET", b"OPTIONS")), spoiled)
    assert deviation is not None
    assert "the method 'DELETE'" in deviation.text


def test_who_is_not_answered_is_left_waiting(staged: Staged) -> None:
    deviation = played(said(GET.replace(b"/a", b"/?q")), staged(faulty("hangs_after_a_query")))
    assert deviation is not None
    assert deviation.is_silence


def test_the_end_of_the_server_is_a_crash(staged: Staged) -> None:
    deviation = played(said(GET.replace(b"/a", b"/?q")), staged(faulty("dies_of_a_query")))
    assert deviation is not None
    assert deviation.is_crash


@FEW
@given(script=st.composite(mutated)())
def test_a_good_server_is_not_blamed_for_whatever_is_drawn(script: Script, staged: Staged) -> None:
    assert played(script, staged("uvicorn:h11")) is None


@FEW
@given(script=st.composite(a_fault)())
def test_each_fault_has_its_requirement(script: Script, staged: Staged) -> None:
    deviation = played(script, staged("uvicorn:h11"))
    assert deviation is None or deviation.requirement in (script[0].blame, script[-1].blame)


def test_the_machine_convicts_who_invents_calls(spoiled: Stage) -> None:
    quick = settings(FEW, max_examples=200, phases=(Phase.generate, Phase.shrink))
    scripts = st.composite(mutated)()
    shortest = find(
        scripts, lambda script: played(script, spoiled) is not None, settings=quick, random=Random(0)
    )
    assert shortest[0].arguments == (b"OPTIONS / HTTP/1.1\r\nHost: localhost\r\n\r\n",)
