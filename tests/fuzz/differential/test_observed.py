"""Of what a server has shown, what cannot count is left out."""

import pytest

from asgi_conformance.fuzz.differential.observed import observations
from asgi_conformance.fuzz.reproduction.recording import Act, Recording
from asgi_conformance.fuzz.script import Actor
from asgi_conformance.probe.remote import Outcome, RemoteError
from asgi_conformance.wire.answer import Answer, Close, Closed, Data, End, Garbage, Head

SCRIPT = (Actor("client").sends(b"GET"), Actor("app").returns())
SCOPE = {
    "type": "http",
    "asgi": {"version": "3.0"},
    "path": "/",
    "client": ("127.0.0.1", 1234),
    "headers": [(b"x-dialogue", b"7"), (b"a", b"b")],
}
START = Act("app", "orders", (1, "send", {"type": "http.response.start", "status": 200}), 0)


def told(*acts: Act) -> list[str]:
    return [str(each) for each in observations(Recording(SCRIPT, list(acts))).values()]


def heard(*answers: Answer) -> list[str]:
    """What counts of the answers to an application that has sent the status 200."""
    begun = Act("app", "begins", {"type": "nothing"}, 0)
    found = told(begun, START, *(Act("client", "hears", each, 1) for each in answers))
    return [each for each in found if not each.startswith("scope")]


def received(*messages: object) -> list[str]:
    acts = [Act("app", "begins", {"type": "nothing"}, 0)]
    for number, message in enumerate(messages):
        acts.append(Act("app", "orders", (number, "receive", None), 0))
        acts.append(Act("app", "learns", (number, Outcome(message)), 0))
    return [each for each in told(*acts) if not each.startswith("scope")]


def test_ports_and_marks_and_what_is_told_as_a_default_do_not_count() -> None:
    begins = Act("app", "begins", SCOPE, 0)
    other = Act("app", "begins", {**SCOPE, "client": ["127.0.0.1", 1], "extensions": {}, "root_path": ""}, 0)
    assert told(begins) == told(other)
    assert "scope['client'] is ['127.0.0.1', 'int']" in told(begins)
    assert "scope['headers'] is [[b'a', b'b']]" in told(begins)


def test_a_body_is_one_event_however_it_is_cut() -> None:
    part, rest = {"type": "http.request", "body": b"a", "more_body": True}, {"type": "http.request"}
    assert received(part, rest) == received({"type": "http.request", "body": b"a", "more_body": False})
    assert received(part, {"type": "http.disconnect"}) == ["receive gave http.disconnect"]


def test_a_response_is_its_status_and_headers_and_all_of_its_body() -> None:
    head = Head(200, ((b"date", b"today"), (b"server", b"s"), (b"a", b"b")))
    whole = ["status 200", "header a [b'b']", "body b'xy'", "End"]
    assert heard(head, Data(b"x"), Data(b"y"), End()) == whole
    assert heard(head, Data(b"xy"), Closed(complete=False)) == [*whole[:2], "the connection ended"]


def test_of_an_answer_of_its_own_the_status_alone_counts() -> None:
    assert heard(Head(500, ((b"a", b"b"),)), Data(b"oops"), End()) == ["status 500", "End"]


@pytest.mark.parametrize(
    ("answer", "meant"),
    [
        (Closed(reset=True), "the connection ended"),
        (Garbage("no status", b"x"), "the connection garbage came"),
        (Close(1000), "Close close 1000"),
    ],
)
def test_ends_are_told(answer: Answer, meant: str) -> None:
    assert heard(answer) == [meant]


def test_of_an_error_it_counts_that_there_is_one() -> None:
    error = RemoteError("builtins.ValueError", (), "whatever")
    begun = Act("app", "begins", {"type": "nothing"}, 0)
    raised = Act("app", "learns", (1, Outcome(error=error)), 0)
    ended = Act("app", "ends", ("raised", "whatever"), 1)
    assert told(begun, START, raised, ended)[-2:] == ["send(http.response.start) raised", "the call raised"]
