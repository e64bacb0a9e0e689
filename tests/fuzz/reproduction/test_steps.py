"""What was recorded becomes statements that need nothing of ours, each in its turn."""

import http
import math

import pytest

from asgi_conformance.fuzz.reproduction.recording import Act, Recording
from asgi_conformance.fuzz.reproduction.steps import CLIENTS, course, plain, steps
from asgi_conformance.fuzz.script import Actor
from asgi_conformance.probe.remote import Outcome
from asgi_conformance.spec.kinds import Foreign

SCRIPT = (Actor("client").sends(b"GET"), Actor("app").receives_body(b"ab"), Actor("app").raises("drawn"))
PART = {"type": "http.request", "body": b"a", "more_body": True}
REST = {"type": "http.request", "body": b"b"}
RECORDED = (
    Act("client", "writes", b"GET /\r\nx-dialogue: 7\r\n\r\n" + b"ab" * 100, 0),
    Act("app", "begins", {"type": "http"}, 1),
    Act("app", "orders", (1, "receive", None), 1),
    Act("app", "learns", (1, Outcome(PART)), 1),
    Act("app", "orders", (2, "receive", None), 1),
    Act("app", "learns", (2, Outcome(REST)), 1),
    Act("client", "reads", b"HTTP", 2),
    Act("client", "reads", b"/1.1", 2),
    Act("app", "orders", (3, "raise", ("RuntimeError", "drawn")), 2),
    Act("app", "ends", ("raised", "drawn"), 2),
)


def lines(name: str, *acts: Act) -> list[str]:
    recording = Recording(SCRIPT, list(acts))
    return list(course(steps(recording), name, "waits_for", SCRIPT))


def test_clients_say_what_they_said_and_wait_for_as_much_as_they_read() -> None:
    assert lines(CLIENTS, *RECORDED) == [
        '# client.sends(b"GET")',
        'client = Client("client")',
        "clients.append(client)",
        "client.sends(",
        '    b"GET /\\r\\n",',
        '    b"\\r\\n",',
        '    b"ab" * 100,',
        ")",
        "passed(1)",
        '# app.raises("drawn")',
        "waits_for(3)",
        "client.receives(8)",
        "passed(4)",
        "waits_for(5)",
    ]


def test_calls_receive_whole_bodies_and_pass_the_turn_before_they_end() -> None:
    assert lines("app", *RECORDED) == [
        '# app.receives_body(b"ab")',
        "waits_for(1)",
        "# The call comes.",
        "await call.receives_body()",
        "passed(3)",
        '# app.raises("drawn")',
        "waits_for(4)",
        "passed(5)",
        'raise RuntimeError("drawn")',
    ]


def test_what_is_not_waited_for_at_once_has_a_name() -> None:
    begun = Act("app", "begins", {"type": "http"}, 0)
    listens = Act("app", "orders", (1, "receive", None), 0)
    sends = Act("app", "orders", (2, "send", {"type": "x"}), 0)
    took = Act("app", "learns", (2, Outcome()), 0)
    heard = Act("app", "learns", (1, Outcome(REST)), 0)
    assert lines("app", begun, listens, sends, took, heard)[2:-1] == [
        "begun_1 = call.begins_to_receive()",
        'await call.sends({"type": "x"})',
        "await call.ends(begun_1)",
    ]


def test_what_is_done_with_the_scope_is_done_again() -> None:
    begun = Act("app", "begins", {"type": "http"}, 0)
    does = Act("app", "orders", (1, "execute", "scope['state']['a'] = 1"), 0)
    finds = Act("app", "orders", (2, "evaluate", "scope['state']"), 0)
    aside = Act("app", "orders", (3, "evaluate", "None"), 0)
    told = ["call.does(\"scope['state']['a'] = 1\")", "call.finds(\"scope['state']\")"]
    assert lines("app", begun, does, finds, aside)[2:-1] == told


def test_what_did_not_come_and_was_not_missed_is_not_waited_for() -> None:
    assert "client.receives_the_rest()" not in lines(CLIENTS, Act("client", "waits", None, 0))


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ({"type": "http.response.start", "headers": [(b"a", b"b")]}, None),
        ((1,), None),
        (Foreign("bytearray", b"x"), bytearray(b"x")),
        (Foreign("builtins.set", [1]), {1}),
        (Foreign("http.HTTPStatus", 404), http.HTTPStatus(404)),
        (Foreign("float", "inf"), math.inf),
    ],
)
def test_messages_are_spelled_without_names_of_ours(said: object, meant: object) -> None:
    assert eval(plain(said), {}) == (said if meant is None else meant)


def test_a_generator_is_spelled_as_one() -> None:
    assert list(eval(plain(Foreign("generator", [(b"a", b"b")])), {})) == [(b"a", b"b")]
