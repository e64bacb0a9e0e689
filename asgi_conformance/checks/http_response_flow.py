"""How a response flows: when `send` ends, when it waits, and what comes too late (main and www, HTTP)."""

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.expectation import either
from asgi_conformance.dialogue.server import Server
from asgi_conformance.spec import http
from asgi_conformance.spec.kinds import Foreign
from asgi_conformance.wire import request

START = http.response_start(status=200, headers=[])
LAST = http.response_body(body=b"", more_body=False)
MEBIBYTE = 1 << 20
LARGE = bytes(8 * MEBIBYTE)
A, B = b"a" * 300_000, b"b" * 300_000

SEND_LATE = """
for message in (
    {"type": "http.response.start", "status": 500, "headers": []},
    {"type": "http.response.body", "body": b"too late", "more_body": False},
):
    try:
        await memory["the send of a call that returned"](message)
    except Exception:
        pass
"""


@check("asgi.send.completes")
def a_send_ends_when_the_client_has_taken_everything(client: Client, app: App) -> None:
    client.sends(request.get("/send/completes"))
    app.receives(http.request())
    app.sends(START, http.response_body(body=Foreign("bytes", len(LARGE)), more_body=True))
    client.receives_head(status=200)
    client.receives_part(LARGE)
    app.settles()
    app.sends(LAST)
    client.receives_end()
    app.settles()


# How much a server may keep for a client that does not read is nowhere said. So much none should.
@check("asgi.send.backpressure")
def a_client_that_does_not_read_holds_the_application_up(client: Client, app: App) -> None:
    client.sends(request.get("/send/backpressure"))
    app.receives(http.request())
    app.sends(START)
    app.is_held_up(http.response_body(body=Foreign("bytes", MEBIBYTE), more_body=True), times=256)


@check("asgi.send.concurrent_calls")
def parts_that_are_sent_at_once_stay_whole(client: Client, app: App) -> None:
    client.sends(request.get("/send/at-once"))
    app.receives(http.request())
    app.sends(http.response_start(status=200, headers=[(b"content-length", b"%d" % len(A + B))]))
    app.sends_at_once(*(http.response_body(body=part, more_body=True) for part in (A, B)))
    app.sends(LAST)
    client.receives(status=200, body=either(A + B, B + A))


@check("http.response.start.buffered")
def a_start_is_held_back_until_there_is_a_body(client: Client, app: App) -> None:
    client.sends(request.get("/start/held-back"))
    app.receives(http.request())
    app.sends(START)
    client.hears_nothing()
    app.sends(LAST)
    client.receives(status=200, body=b"")


@check("http.response.body.body.bytes_like")
def a_body_that_is_like_bytes_is_refused_or_sent(
    server: Server, client: Client, another_client: Client
) -> None:
    for each, kind in ((client, "bytearray"), (another_client, "memoryview")):
        each.sends(request.get(f"/body/{kind}"))
        app = server.is_to_call()
        app.receives(http.request())
        app.may_send(START)
        app.may_send(http.response_body(body=Foreign(kind, b"ok"), more_body=False))
        app.ends()
        each.may_receive(status=200, body=b"ok")


@check("http.response.body.after_return")
def a_send_after_the_call_has_returned_is_of_no_effect(
    client: Client, another_client: Client, app: App, server: Server
) -> None:
    client.sends(request.get("/send/after-return"))
    app.receives(http.request())
    app.does("memory['the send of a call that returned'] = send")
    app.answers(client)
    app.returns()
    another_client.sends(request.get("/send/after-return/later"))
    app.is_called_again(path="/send/after-return/later").does(SEND_LATE)
    server.goes_on_with(client)
