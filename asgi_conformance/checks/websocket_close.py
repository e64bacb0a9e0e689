"""The end of a WebSocket, whoever brings it about (www, WebSocket: Disconnect, Close; RFC 6455)."""

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.expectation import either
from asgi_conformance.dialogue.server import Server
from asgi_conformance.spec import websocket
from asgi_conformance.wire import websocket as ws


@check("websocket.disconnect.client_close")
def the_code_of_the_client_is_reported(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/disconnect/client-close")
    app.listens()
    client.closes(4009)
    app.hears(websocket.disconnect(code=4009))


@check("websocket.disconnect.socket_loss")
def the_loss_of_the_socket_is_reported(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/disconnect/socket-loss")
    app.listens()
    client.resets()
    app.hears(websocket.disconnect())


@check("websocket.disconnect.server_close")
def a_close_by_the_application_is_reported_too(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/disconnect/server-close")
    app.sends(websocket.close(code=1000, reason=""))
    client.receives(code=1000)
    client.leaves()
    app.receives(websocket.disconnect())


@check("websocket.disconnect.code.present")
def a_disconnect_has_a_code_even_if_the_client_gave_none(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/disconnect/code")
    app.listens()
    client.closes()
    app.hears(websocket.disconnect())


@check("websocket.disconnect.code.1005")
def a_close_without_a_code_is_reported_as_1005(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/disconnect/1005")
    app.listens()
    client.closes()
    app.hears(websocket.disconnect(code=1005))


@check("websocket.disconnect.reason.value")
def the_reason_of_the_client_is_reported(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/disconnect/reason")
    app.listens()
    client.closes(1000, "café 😀")
    app.hears(websocket.disconnect(reason="café 😀"))


@check("websocket.disconnect.once")
def a_disconnect_is_reported_again_to_who_asks_again(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/disconnect/again")
    app.listens()
    client.closes(1000)
    app.hears(websocket.disconnect())
    app.receives(websocket.disconnect())


@check("websocket.send.after_disconnect.expected_after_event")
def after_a_disconnect_a_message_is_refused_with_an_oserror(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/send/after-disconnect")
    app.listens()
    client.closes(1000)
    app.hears(websocket.disconnect())
    app.cannot_send(websocket.send(text="too late", bytes=None), error="OSError")


@check("websocket.send.after_disconnect.reraised_caught")
def the_server_outlives_its_own_error(client: Client, app: App, server: Server) -> None:
    client.is_accepted_by(app, "/send/reraised")
    app.listens()
    client.closes(1000)
    app.hears(websocket.disconnect())
    app.may_send(websocket.send(text="too late", bytes=None))
    app.ends()
    server.serves()


@check("websocket.close.after_accept.code")
def the_close_code_reaches_the_client(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/close/code")
    app.sends(websocket.close(code=4001, reason=""))
    client.receives(code=4001)
    client.leaves()


@check("websocket.close.code.missing_is_1000")
def a_close_without_a_code_is_a_normal_one(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/close/no-code")
    app.sends(websocket.close(reason=""))
    client.receives(code=1000)
    client.leaves()


@check("websocket.close.code.reserved")
def a_reserved_code_does_not_reach_the_wire(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/close/reserved-code")
    app.may_send(websocket.close(code=1005, reason=""))
    client.may_be_closed()


@check("websocket.close.reason.written")
def the_reason_reaches_the_client(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/close/reason")
    app.sends(websocket.close(code=1000, reason="café 😀"))
    client.receives(reason="café 😀")
    client.leaves()


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


@check("ws.close.payload_invalid")
def half_a_close_code_fails_the_connection(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/half-a-code")
    client.sends(ws.frame(8, b"\x03"))
    client.is_ended_with(app)


@check("ws.frame.unmasked")
def a_frame_without_a_mask_fails_the_connection(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/unmasked")
    client.sends(ws.frame(1, b"text", masked=False))
    client.is_ended_with(app)


@check("ws.frame.reserved_bits")
def a_reserved_bit_fails_the_connection(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/reserved-bit")
    client.sends(ws.frame(1, b"text", rsv3=True))
    client.is_ended_with(app)


@check("ws.frame.reserved_opcode")
def a_reserved_opcode_fails_the_connection(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/reserved-opcode")
    client.sends(ws.frame(3, b"what"))
    client.is_ended_with(app)


@check("ws.control.limits")
def a_ping_of_126_bytes_fails_the_connection(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/long-ping")
    client.sends(ws.ping(b"x" * 126))
    client.is_ended_with(app)


@check("ws.fragments.sequence_errors")
def a_continuation_of_nothing_fails_the_connection(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/continuation")
    client.sends(ws.frame(0, b"text"))
    client.is_ended_with(app)


@check("ws.text.utf8")
def a_text_that_is_not_utf_8_fails_the_connection(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/not-utf-8")
    client.sends(ws.frame(1, b"\xff"))
    client.is_ended_with(app)
