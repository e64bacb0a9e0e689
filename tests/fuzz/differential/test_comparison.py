"""Two servers are compared: what they do differently is found, and nothing else."""

from drawn import Always, Staged
from hypothesis import strategies as st
from running import faulty

from asgi_conformance.dialogue.stage import Stage
from asgi_conformance.fuzz import http as over_http
from asgi_conformance.fuzz.differential.comparison import Difference, compare
from asgi_conformance.fuzz.machine import Machine, machine
from asgi_conformance.fuzz.script import Actor, Script
from asgi_conformance.spec import http
from asgi_conformance.wire import request

client, app = Actor("client"), Actor("app")
TAKES_ANYTHING = faulty("minimal")
STRANGE = {"type": "http.nothing.like.this"}


def drawing(*scripts: Script) -> Machine:
    return machine("fuzz.http")(lambda _: st.sampled_from(scripts))


def differences(drawn: Machine, one: Stage, other: Stage, examples: int = 10) -> list[Difference]:
    return list(compare(drawn, (Always(one), Always(other)), "http/1.1", examples, "seed"))


def refusing(message: object) -> Script:
    lines = client.sends(request.get("/a")), app.is_called(path="/a"), app.cannot_send(message)
    return tuple(line.blames("asgi.send.unknown_type.raises.http") for line in lines)


def responding(method: str) -> Script:
    lines = (
        client.sends(request.request(method, "/a")),
        app.is_called(path="/a"),
        app.sends(http.response_start(status=200, headers=[]), http.response_body(body=b"")),
        client.receives_head(status=200),
    )
    return tuple(line.blames("http.response.start.status.written") for line in lines)


def test_a_server_does_not_differ_from_itself(staged: Staged) -> None:
    stage, drawn = staged("uvicorn:h11"), over_http.whatever_is_said_over_http_the_server_serves_on
    assert differences(drawn, stage, stage, 50) == []


def test_each_way_to_differ_is_told_once(staged: Staged) -> None:
    strict, lax = staged("uvicorn:h11"), staged(TAKES_ANYTHING)
    found = differences(drawing(refusing(STRANGE), refusing({"type": "http.other"})), strict, lax, 20)
    about = [each.either.about for one in found for each in one.contrasts if each.is_a_step]
    assert sorted(about) == ["send(http.nothing.like.this)", "send(http.other)"]
    *_, last = found
    assert last.broken[lax.choice.label].requirement == "asgi.send.unknown_type.raises.http"
    assert last.judgement.startswith(
        f"{lax.choice.label} breaks asgi.send.unknown_type.raises.http: send took"
    )


def test_nobody_is_blamed_for_what_has_nothing_to_do_with_a_difference(staged: Staged) -> None:
    strict, wrong = staged("uvicorn:h11"), staged(faulty("says_a_wrong_type"))
    of_scope, of_send = differences(drawing(refusing(STRANGE)), strict, wrong)
    assert "scope['client']" in [each.either.about for each in of_scope.contrasts]
    assert of_scope.broken[wrong.choice.label].requirement == "http.scope.client.type"
    assert of_send.broken[wrong.choice.label].requirement == "asgi.send.unknown_type.raises.http"


def test_what_both_may_do_is_told_as_such(staged: Staged) -> None:
    one, other = staged("uvicorn:h11"), staged("uvicorn:httptools")
    (found,) = differences(drawing(responding("GET"), responding("HEAD")), one, other)
    assert [each.kind for each in found.contrasts] == [("header transfer-encoding", "", "nothing")]
    assert found.judgement == "the specification allows both"
