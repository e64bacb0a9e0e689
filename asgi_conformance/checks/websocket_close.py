"""The end of a WebSocket that the application brings about, or a broken frame (www, Close; RFC 6455)."""

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.expectation import either
from asgi_conformance.dialogue.server import Server
from asgi_conformance.spec import websocket
from asgi_conformance.wire import websocket as ws


@check("websocket.close.after_accept.code")
def the_close_code_reaches_the_client(client: Client, app: App, server: Server) -> None:
    for code in (4001, 1000, 3000, 4999):
        client.is_accepted_by(app, "/close/code")
        app.sends(websocket.close(code=code, reason=""))
        client.receives(code=code)
        client.leaves()
        client, app = server.is_visited(), server.is_to_call()
    # Some keep this one to themselves: it says that who closes goes away.
    client.is_accepted_by(app, "/close/code")
    app.may_send(websocket.close(code=1001, reason=""))
    client.may_be_closed(code=1001)


@check("websocket.close.code.missing_is_1000")
def a_close_without_a_code_is_a_normal_one(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/close/no-code")
    app.sends(websocket.close(reason=""))
    client.receives(code=1000)
    client.leaves()


@check("websocket.close.code.none")
def a_code_that_is_none_is_refused_or_a_normal_one(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/close/code-none")
    app.may_send(websocket.close(code=None, reason=""))
    client.may_be_closed(code=1000)


@check("websocket.close.code.reserved")
def a_reserved_code_does_not_reach_the_wire(client: Client, app: App, server: Server) -> None:
    for code in (1005, 1006, 1015):
        client.is_accepted_by(app, "/close/reserved-code")
        app.may_send(websocket.close(code=code, reason=""))
        client.may_be_closed()
        client, app = server.is_visited(), server.is_to_call()


@check("websocket.close.reason.written")
def the_reason_reaches_the_client(client: Client, app: App, server: Server) -> None:
    for reason in ("café 😀", "é" * 61 + "x"):  # the second one is as long as can be
        client.is_accepted_by(app, "/close/reason")
        app.sends(websocket.close(code=1000, reason=reason))
        client.receives(reason=reason)
        client.leaves()
        client, app = server.is_visited(), server.is_to_call()


@check("websocket.close.reason.missing_is_empty")
def a_close_without_a_reason_has_none(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/close/no-reason")
    app.sends(websocket.close(code=1000))
    client.receives(reason="")
    client.leaves()


@check("websocket.close.reason.too_long")
def a_reason_too_long_for_a_frame_does_not_break_the_close(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/close/long-reason")
    app.may_send(websocket.close(code=1000, reason="é" * 62))
    client.may_be_closed()


@check("websocket.close.twice")
def a_second_close_leaves_no_trace(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/close/twice")
    app.sends(websocket.close(code=1000, reason=""))
    app.may_send(websocket.close(code=4001, reason=""))
    client.receives(code=1000)
    client.hears_nothing_more()
    client.leaves()


@check("websocket.send.after_close")
def after_a_close_no_message_is_sent(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/send/after-close")
    app.sends(websocket.close(code=1000, reason=""))
    app.may_send(websocket.send(text="too late", bytes=None))
    client.receives(code=1000)
    client.hears_nothing_more()
    client.leaves()


@check("websocket.close.pending_messages")
def messages_before_a_close_arrive_before_it(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/close/pending")
    app.sends(
        websocket.send(text="first", bytes=None),
        websocket.send(text="last", bytes=None),
        websocket.close(code=1000, reason=""),
    )
    client.receives(text="first")
    client.receives(text="last")
    client.receives(code=1000)
    client.leaves()


@check("websocket.close.waits_not_forever")
def a_close_ends_although_the_client_never_answers(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/close/unanswered")
    app.sends(websocket.close(code=1000, reason=""))
    app.returns()


@check("websocket.scope.app_return_closes")
def the_socket_is_closed_when_the_application_returns(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/return")
    app.returns()
    client.is_closed()


@check("asgi.app.exception.closes.websocket_after_accept")
def the_socket_is_closed_when_the_application_raises(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/raise")
    app.raises("the application fails")
    client.is_closed()


@check("ws.close.echo")
def a_close_frame_is_answered_by_one(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/echo")
    client.sends(ws.close(1000))
    client.is_ended_with(app, code=either(1000, None))
