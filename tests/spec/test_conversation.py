"""The judge knows who may say what next, and under which requirement a wrong message falls."""

import pytest

from asgi_conformance.spec import conversation, core, http, lifespan, websocket
from asgi_conformance.spec.conversation import Conversation, describe
from asgi_conformance.spec.kinds import Foreign
from asgi_conformance.spec.model import APPLICATION, SERVER, Complaint, Message

HTTP: dict[str, object] = {
    "type": "http",
    "asgi": {"version": "3.0", "spec_version": "2.4"},
    "http_version": "1.1",
    "method": "GET",
    "path": "/",
    "query_string": b"",
    "headers": [(b"host", b"localhost")],
}
WEBSOCKET: dict[str, object] = {"type": "websocket", "asgi": {"version": "3.0"}, "path": "/", "headers": []}
LIFESPAN: dict[str, object] = {"type": "lifespan", "asgi": {"version": "3.0"}}


def heard(scope: dict[str, object], *messages: Message) -> list[str]:
    """The requirements broken by what the server said, the application's messages being said in between."""
    conversation = Conversation(scope)
    broken = [each.requirement for each in conversation.opening]
    for message in messages:
        ours = any(event.recognises(message) for event in conversation.chapter.events(APPLICATION))  # type: ignore[union-attr]
        party = APPLICATION if ours else SERVER
        broken += [each.requirement for each in conversation.says(party, message)]
    return broken


@pytest.mark.parametrize("scope", [HTTP, WEBSOCKET, LIFESPAN], ids=["http", "websocket", "lifespan"])
def test_a_scope_with_all_that_is_required_is_right(scope: dict[str, object]) -> None:
    assert heard(scope) == []


@pytest.mark.parametrize(
    ("change", "requirement"),
    [
        ({"method": b"GET"}, "http.scope.method.present"),
        ({"query_string": ""}, "http.scope.query_string.present"),
        ({"headers": [("host", b"localhost")]}, "http.scope.headers.name_bytes"),
        ({"headers": [(b"host", "localhost")]}, "http.scope.headers.value_bytes"),
        ({"client": ("127.0.0.1", "80")}, "http.scope.client.type"),
        ({"client": ("localhost", 80)}, "http.scope.client.is_address"),
        ({"scheme": ""}, "http.scope.scheme.type"),
        ({"asgi": {"version": "2.0"}}, "asgi.scope.asgi.version.value"),
        ({"asgi": {"version": 3.0}}, "asgi.scope.asgi.version.type"),
        ({"asgi": None}, "asgi.scope.asgi.present"),
        ({"asgi": {"version": "3.0", "spec_version": 2.4}}, "http.scope.asgi.spec_version.type"),
        ({"extensions": []}, "asgi.extensions.dict"),
        ({"extensions": {"http.response.pathsend": None}}, "asgi.extensions.values_dict"),
        ({"type": "ftp"}, "asgi.scope.type.defined_values"),
        ({1: 2}, "asgi.strings.dict_keys.server"),
    ],
)
def test_a_wrong_scope_breaks_one_requirement(change: dict[str, object], requirement: str) -> None:
    assert heard({**HTTP, **change}) == [requirement]


def test_a_scope_that_is_no_dict_is_told_as_such() -> None:
    assert [each.requirement for each in Conversation([]).opening] == ["asgi.scope.dict"]


def test_a_subclass_of_dict_is_a_scope() -> None:
    assert heard(Foreign("server.Scope", HTTP)) == []  # type: ignore[arg-type]


def test_an_ordinary_exchange_is_right() -> None:
    exchange = [
        http.request(body=b"a", more_body=True),
        http.request(body=b"b"),
        http.response_start(status=200),
        http.response_body(body=b"c", more_body=True),
        http.response_body(),
        http.disconnect(),
        http.disconnect(),
    ]
    assert heard(HTTP, *exchange) == []


def test_nothing_of_the_body_follows_its_end() -> None:
    assert heard(HTTP, http.request(), http.request()) == ["http.request.after_final"]


def test_a_message_of_another_chapter_is_a_stranger() -> None:
    assert heard(HTTP, websocket.connect()) == ["http.request.type"]


def test_a_stranger_in_the_place_of_the_end_is_a_wrong_end() -> None:
    assert heard(HTTP, http.request(), {"type": "http.disconnected"}) == ["http.disconnect.type"]


def test_no_data_comes_before_the_accept() -> None:
    early = [websocket.connect(), websocket.receive(text="x")]
    assert heard(WEBSOCKET, *early) == ["websocket.connect.no_data_before_answer"]


def test_data_may_come_after_the_accept_and_not_after_the_end() -> None:
    opening = [
        websocket.connect(),
        websocket.accept(),
        websocket.receive(text="x"),
        websocket.disconnect(code=1000),
    ]
    assert heard(WEBSOCKET, *opening) == []
    assert heard(WEBSOCKET, *opening, websocket.receive(text="y")) == [
        "websocket.receive.none_after_disconnect"
    ]


def test_the_end_of_a_request_is_no_end_of_a_websocket() -> None:
    said = [websocket.connect(), websocket.accept(), http.disconnect()]
    assert heard(WEBSOCKET, *said) == ["websocket.disconnect.type"]


def test_the_startup_comes_once_and_first() -> None:
    assert heard(LIFESPAN, lifespan.startup(), lifespan.startup()) == ["lifespan.startup.once"]
    assert heard(LIFESPAN, lifespan.shutdown()) == ["lifespan.startup.first"]


def test_nothing_comes_after_a_failed_startup() -> None:
    failed = [lifespan.startup(), lifespan.startup_failed()]
    assert heard(LIFESPAN, *failed, lifespan.shutdown()) == ["lifespan.startup.failed.no_shutdown_event"]


def test_an_event_is_a_dict_with_a_type() -> None:
    conversation = Conversation(HTTP)
    assert [each.requirement for each in conversation.says(SERVER, None)] == ["asgi.event.dict.server"]
    assert [each.requirement for each in conversation.says(SERVER, {})] == ["asgi.event.type_key.server"]


def test_an_unknown_key_may_hold_literals_only() -> None:
    said = http.request(extra=Foreign("builtins.bytearray", b""))
    assert heard(HTTP, said) == ["asgi.event.values.bytes.server"]


def test_the_application_may_say_what_the_table_tells() -> None:
    conversation = Conversation(HTTP)
    assert conversation.may_say(APPLICATION, http.response_start(status=200))
    assert not conversation.may_say(APPLICATION, http.response_body())


def test_an_application_that_promises_trailers_has_not_done_with_the_body() -> None:
    conversation = Conversation(HTTP)
    conversation.says(APPLICATION, http.response_start(status=200, trailers=True))
    conversation.says(APPLICATION, http.response_body())
    assert conversation.states[APPLICATION] == "concluding"
    assert not conversation.steps(APPLICATION)


def test_the_announced_version_is_known() -> None:
    assert Conversation(HTTP).spec_version == "2.4"
    assert Conversation(WEBSOCKET).spec_version is None


def test_an_extension_is_judged_by_its_own_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversation, "JUDGES", {})
    monkeypatch.setattr(core, "VALUES", {})
    describe("x", lambda *heard: [Complaint("x.rule", repr(heard))], value="x.dict")
    found = Conversation({**HTTP, "extensions": {"x": 5}}, is_encrypted=True).opening
    assert [(each.requirement, each.text) for each in found] == [
        ("x.dict", "extensions['x'] is 5, not dict"),
        ("x.rule", "('http', 5, True)"),
    ]
