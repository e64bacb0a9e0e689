"""What is kept of an exchange."""

import ast

import pytest

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.comparing import answers_to, beside, events_of
from asgi_conformance.dialogue.dialogue import Dialogue
from asgi_conformance.dialogue.expectation import Broken, Quiet
from asgi_conformance.dialogue.server import Server
from asgi_conformance.spec.model import Message
from asgi_conformance.wire import request
from asgi_conformance.wire.answer import Accepted, Close, Closed, Data, End, Head


def gets(client: Client, app: App, target: str) -> None:
    """An exchange that comes to its end."""
    client.sends(request.get(f"{target}?q=1", headers=[("x-own", "a b")]))
    app.answers(client)
    app.returns()


def gets_something_else(client: Client, app: App, target: str) -> None:
    """An exchange that does not."""
    client.sends(request.get(target))
    app.responds(404)
    client.receives(status=200)


def record(server: Server) -> dict[str, dict[str, object]]:
    """What was kept, by the name of the exchange."""
    lines = [line.partition(": ") for line in server.dialogue.recorded[0].splitlines()]
    return {name: ast.literal_eval(text) for name, _, text in lines}


def test_an_exchange_is_kept_with_its_scope_and_its_answer(server: Server, client: Client) -> None:
    server.records_each({"get": gets}, client)
    kept = record(server)["get"]
    assert (kept["path"], kept["query_string"]) == ("/parity/get", b"q=1")
    assert kept["client"] == ["127.0.0.1", "<port>"]
    assert kept["answer"] == ["response 200", "body b'ok'", "end of the response"]
    assert [b"x-own", b"a b"] in kept["headers"]  # type: ignore[operator]  # it is a list
    assert "x-dialogue" not in server.dialogue.recorded[0]


def test_of_a_later_exchange_only_what_is_new_is_kept(server: Server, client: Client) -> None:
    server.records_each({"get": gets, "again": gets}, client)
    assert record(server)["again"].keys() == {
        "path",
        "raw_path",
        "events",
        "answer",
        "answer.headers",
        "answer.added",
    }


def test_an_exchange_that_breaks_off_does_not_keep_others_from_being_held(
    server: Server, client: Client
) -> None:
    with pytest.raises(Broken, match="the response: status is 404"):
        server.records_each({"bad": gets_something_else, "good": gets}, client)
    assert record(server)["bad"]["broken off"]
    assert "broken off" not in record(server)["good"]


def test_who_was_silent_once_is_asked_no_more(dialogue: Dialogue) -> None:
    def waits(client: Client, app: App, target: str) -> None:
        gets(client, app, target)
        client.receives(status=200)

    server = Server(dialogue)
    with dialogue.stage.waiting(0.3), pytest.raises(Quiet):
        server.records_each({"silent": waits, "good": gets}, dialogue.client())
    assert record(server).keys() == {"silent"}


def test_a_body_is_one_in_however_many_events_it_came() -> None:
    parts: list[Message] = [
        {"type": "http.request", "body": b"one", "more_body": True},
        {"type": "http.request", "body": b" two"},
    ]
    assert events_of(parts) == events_of([{"type": "http.request", "body": b"one two", "more_body": False}])


def test_what_is_none_is_as_what_is_absent() -> None:
    told: Message = {"type": "websocket.receive", "text": "hello"}
    assert events_of([told | {"bytes": None}]) == events_of([told])


def test_an_answer_ends_with_the_response_or_a_close_frame() -> None:
    head = Head(200, ((b"x-own", b"1"), (b"date", b"today")))
    assert answers_to([head, Data(b"o"), Data(b"k"), End(), Closed()]) == {
        "answer": ["response 200", "body b'ok'", "end of the response"],
        "answer.headers": [[b"x-own", b"1"]],
        "answer.added": ["date"],
    }
    assert answers_to([Accepted(), Close(1000), Closed()])["answer"] == ["accepted", "close 1000"]
    assert answers_to([Closed()])["answer"] == ["closed"]


def test_what_a_later_scope_lacks_is_told() -> None:
    assert beside({"state": []}, {"path": "/"}) == {"path": "/", "state": "absent"}
