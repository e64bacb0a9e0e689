"""Denial of a WebSocket with a response of the application's own (extensions, Websocket Denial Response)."""

from asgi_conformance.checks.declared_events import UNKNOWN, knocks, strangers
from asgi_conformance.checks.websocket_over_streams import another_is_asked
from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.server import Server
from asgi_conformance.spec import websocket
from asgi_conformance.spec.conversation import extend
from asgi_conformance.spec.kinds import BOOL, BYTES, HEADERS, INT
from asgi_conformance.spec.model import APPLICATION, Event, Field, last, more, when

NAME = "websocket.http.response"

start = Event(f"{NAME}.start", APPLICATION, status=Field(INT), headers=Field(HEADERS, []))
body = Event(f"{NAME}.body", APPLICATION, body=Field(BYTES, b""), more_body=Field(BOOL, False))

extend(
    "websocket",
    NAME,
    {
        APPLICATION: {
            "start": {when(start): "denying"},
            "denying": {more(body): "denying", last(body): "closed"},
        }
    },
)

START = start(status=401, headers=[])
BODY = body(body=b"no", more_body=False)


REFUSALS = (401, 404, 429, 302, 503)
STATUSES = {"http/1.1": (*REFUSALS, 200), "http/2": REFUSALS, "http/3": REFUSALS}
"""Where a handshake is a CONNECT, any 2xx accepts it (RFC 8441 §5, RFC 9220 §3)."""


# The response


@check("websocket.http.response.start.status")
def the_status_takes_the_place_of_403(client: Client, app: App, server: Server) -> None:
    for status in STATUSES[client.version]:
        knocks(client, app, "/denial/status")
        app.sends(start(status=status, headers=[]), BODY)
        client.receives(status=status)
        client, app = server.is_visited(), server.is_to_call()


@check("websocket.http.response.start.headers")
def headers_of_a_denial_reach_the_client(client: Client, app: App) -> None:
    headers = [
        (b"www-authenticate", b'Basic realm="chat"'),
        (b"set-cookie", b"b=1"),
        (b"content-type", b"text/plain"),
        (b"set-cookie", b"a=2"),
    ]
    knocks(client, app, "/denial/headers")
    app.sends(start(status=401, headers=headers), BODY)
    client.receives(headers=headers)


@check("websocket.http.response.start.headers.default")
def a_denial_needs_no_headers(client: Client, app: App) -> None:
    knocks(client, app, "/denial/no-headers")
    app.sends(start(status=401), BODY)
    client.receives(status=401)


@check("websocket.http.response.body.content")
def the_body_of_a_denial_reaches_the_client(client: Client, app: App, server: Server) -> None:
    for content in (b"no", b"", bytes(range(256)) * 4096):
        knocks(client, app, "/denial/body")
        app.sends(START)
        app.sends(body(body=content, more_body=False))
        client.receives(status=401, body=content)
        client, app = server.is_visited(), server.is_to_call()


@check("websocket.http.response.body.streamed")
def a_denial_may_come_in_parts(client: Client, app: App) -> None:
    knocks(client, app, "/denial/parts")
    app.sends(START)
    for part in (b"not ", b"", b"for "):
        app.sends(body(body=part, more_body=True))
    app.sends(body(body=b"you", more_body=False))
    client.receives(status=401, body=b"not for you")


@check("websocket.http.response.body.defaults")
def a_body_without_keys_is_empty_and_the_last(client: Client, app: App) -> None:
    knocks(client, app, "/denial/no-body")
    app.sends(START, body())
    client.receives(status=401, body=b"")


@check("websocket.http.response.no_handshake")
def a_denial_completes_no_handshake(client: Client, app: App) -> None:
    knocks(client, app, "/denial/no-handshake")
    app.sends(START, BODY)
    client.receives(status=401)
    client.hears_nothing_more()


@check("websocket.http.response.closes")
def the_connection_ends_after_a_denial(client: Client, app: App, server: Server) -> None:
    knocks(client, app, "/denial/closes")
    app.sends(START, BODY)
    app.returns()
    client.receives(status=401)
    server.serves_no_more(client)


@check("websocket.http.response.h2")
def a_denial_is_an_ordinary_response_on_its_stream(client: Client, app: App, server: Server) -> None:
    other, waiting = another_is_asked(client, server, "/denial/meanwhile")
    stream = client.on_stream()
    knocks(stream, app, "/denial/stream")
    app.sends(start(status=401, headers=[(b"x-reason", b"unknown")]), BODY)
    stream.receives(status=401, headers=[("x-reason", "unknown")], body=b"no")
    waiting.answers(other)


@check("websocket.http.response.disconnect_event")
def a_denial_ends_with_a_disconnect(client: Client, app: App) -> None:
    knocks(client, app, "/denial/told")
    app.sends(START, BODY)
    client.receives(status=401)
    app.receives(websocket.disconnect())


# What does not belong there


@check("websocket.http.response.accept_after")
def an_accept_after_the_start_of_a_denial_completes_nothing(client: Client, app: App) -> None:
    knocks(client, app, "/denial/accept-after")
    app.sends(START)
    app.may_send(websocket.accept(subprotocol=None, headers=[]))
    app.may_send(BODY)
    app.ends()
    client.receives_refusal()


@check("websocket.http.response.close_after")
def a_close_after_a_denial_leaves_no_trace(client: Client, app: App) -> None:
    knocks(client, app, "/denial/close-after")
    app.sends(START, BODY)
    app.may_send(websocket.close(code=1000, reason=""))
    client.receives(status=401)
    client.hears_nothing_more()


@check("websocket.http.response.after_accept")
def a_denial_after_the_accept_is_refused(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/denial/after-accept")
    app.cannot_send(START)


@check("websocket.http.response.body_first")
def a_body_before_the_start_is_refused(client: Client, app: App) -> None:
    knocks(client, app, "/denial/body-first")
    app.cannot_send(BODY)


@check("websocket.http.response.start_only")
def a_client_is_not_left_waiting_for_a_body_that_never_comes(client: Client, app: App) -> None:
    knocks(client, app, "/denial/start-only")
    app.sends(START)
    app.returns()
    client.receives_refusal()


@check("websocket.http.response.unannounced")
def a_denial_that_was_not_offered_is_refused(client: Client, app: App) -> None:
    knocks(client, app, "/denial/unannounced")
    app.is_not_offered(NAME)
    app.cannot_send(START)


# What is said wrongly


@check("websocket.http.response.start.status.missing.raises")
def a_denial_without_a_status_is_refused(client: Client, app: App) -> None:
    knocks(client, app, "/denial/no-status")
    app.cannot_send(start(headers=[]))


@check("websocket.http.response.start.wrong_types.raises")
def a_start_with_a_value_of_another_type_is_refused(client: Client, app: App, server: Server) -> None:
    for wrong in strangers(start, {"status": 401, "headers": []}):
        knocks(client, app, "/denial/start-of-wrong-types")
        app.cannot_send(wrong)
        client, app = server.is_visited(), server.is_to_call()


@check("websocket.http.response.body.wrong_types.raises")
def a_body_with_a_value_of_another_type_is_refused(client: Client, app: App, server: Server) -> None:
    for wrong in strangers(body, {"body": b"no", "more_body": False}):
        knocks(client, app, "/denial/body-of-wrong-types")
        app.sends(START)
        app.cannot_send(wrong)
        client, app = server.is_visited(), server.is_to_call()


@check("websocket.http.response.extra_keys.tolerated")
def keys_that_are_unknown_are_ignored(client: Client, app: App) -> None:
    knocks(client, app, "/denial/extra-keys")
    app.sends(start(status=401, headers=[], **UNKNOWN), body(body=b"no", more_body=False, **UNKNOWN))
    client.receives(status=401)
