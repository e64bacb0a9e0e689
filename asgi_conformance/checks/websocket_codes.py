"""The codes and reasons of close frames, in both directions (RFC 6455 §5.5.1, §7)."""

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.expectation import either
from asgi_conformance.dialogue.server import Server
from asgi_conformance.spec import websocket
from asgi_conformance.wire import websocket as ws

DEFINED = (1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999)
"""Those of RFC 6455 §7.4, and both ends of what is free."""
NEVER_SENT = (1005, 1006, 1015)
REASONS = ("", "x" * 123, "é" * 61)
"""None, and as much as fits."""


@check("ws.close.code_reported")
def every_code_is_reported_as_it_was_and_the_first_one_counts(
    client: Client, app: App, server: Server
) -> None:
    client.is_accepted_by(app, "/codes/first")
    app.listens()
    client.sends(ws.together(ws.frame(1, b"half a message", fin=False), ws.close(4001), ws.close(4002)))
    client.may_be_closed()
    app.hears(websocket.disconnect(code=4001))
    for code in DEFINED:
        visitor, next_app = server.is_visited(), server.is_to_call()
        visitor.is_accepted_by(next_app, "/codes/reported")
        next_app.listens()
        visitor.closes(code)
        next_app.hears(websocket.disconnect(code=code))


@check("ws.close.reason_reported")
def a_reason_that_is_reported_is_that_of_the_client(client: Client, app: App, server: Server) -> None:
    client.is_accepted_by(app, "/codes/first-reason")
    app.listens()
    client.sends(ws.together(ws.close(1000, "first"), ws.close(1000, "second")))
    client.may_be_closed()
    app.hears(websocket.disconnect(reason=either("first", None)))
    for reason in REASONS:
        visitor, next_app = server.is_visited(), server.is_to_call()
        visitor.is_accepted_by(next_app, "/codes/reason")
        next_app.listens()
        visitor.closes(1000, reason)
        next_app.hears(websocket.disconnect(reason=either(reason, None)))


@check("ws.close.reserved_not_sent")
def no_reserved_code_is_sent(client: Client, app: App, server: Server) -> None:
    client.is_accepted_by(app, "/codes/reserved")
    app.may_send(websocket.close(code=1006, reason=""))
    client.may_be_closed()
    for code in NEVER_SENT:
        visitor, next_app = server.is_visited(), server.is_to_call()
        visitor.is_accepted_by(next_app, "/codes/reserved")
        next_app.may_send(websocket.close(code=code, reason=""))
        visitor.may_be_closed()


@check("ws.close.no_data_after")
def after_a_close_frame_there_is_nothing(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/codes/nothing-after")
    app.sends(websocket.send(text="in time", bytes=None), websocket.close(code=4001, reason=""))
    app.may_send(websocket.send(text="too late", bytes=None))
    app.may_send(websocket.send(bytes=b"x" * 70000, text=None))
    client.receives(text="in time")
    client.receives(code=4001)
    client.hears_nothing_more()
    client.leaves()
