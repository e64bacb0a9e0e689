"""What an application hears of the end of a WebSocket, and that it can say no more (www, Disconnect)."""

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.server import Server
from asgi_conformance.spec import websocket
from asgi_conformance.spec.kinds import Foreign
from asgi_conformance.wire import websocket as ws

LATE = websocket.send(text="too late", bytes=None)
LARGE = websocket.send(bytes=Foreign("bytes", 1 << 20), text=None)

# What is heard


@check("websocket.disconnect.type")
def the_end_is_told_by_a_disconnect(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/disconnect/type")
    app.listens()
    client.closes(1000)
    app.hears(websocket.disconnect())


@check("websocket.disconnect.client_close")
def the_code_of_the_client_is_reported(client: Client, app: App, server: Server) -> None:
    for code in (4009, 1000, 1001, 3000, 4999):
        client.is_accepted_by(app, "/disconnect/client-close")
        app.listens()
        client.closes(code)
        app.hears(websocket.disconnect(code=code))
        client, app = server.is_visited(), server.is_to_call()


@check("websocket.disconnect.socket_loss")
def the_loss_of_the_socket_is_reported(client: Client, app: App, server: Server) -> None:
    for loss in (Client.resets, Client.leaves, Client.finishes):
        client.is_accepted_by(app, "/disconnect/socket-loss")
        app.listens()
        loss(client)
        app.hears(websocket.disconnect())
        client, app = server.is_visited(), server.is_to_call()


@check("websocket.disconnect.server_close")
def a_close_by_the_application_is_reported_too(client: Client, app: App, server: Server) -> None:
    client.is_accepted_by(app, "/disconnect/server-close")
    app.sends(websocket.close(code=1000, reason=""))
    client.receives(code=1000)
    client.leaves()
    app.receives(websocket.disconnect())
    client, app = server.is_visited(), server.is_to_call()
    client.is_accepted_by(app, "/disconnect/both-close")
    client.sends(ws.close(1000))
    app.may_send(websocket.close(code=1000, reason=""))
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


@check("websocket.disconnect.reason.type")
def a_reason_is_a_str(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/disconnect/reason-type")
    app.listens()
    client.closes(1000, "enough")
    app.hears(websocket.disconnect())


@check("websocket.disconnect.reason.value")
def the_reason_of_the_client_is_reported(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/disconnect/reason")
    app.listens()
    client.closes(1000, "café 😀")
    app.hears(websocket.disconnect(reason="café 😀"))


@check("websocket.disconnect.pending_receive")
def a_receive_that_waits_hears_of_any_end(client: Client, app: App, server: Server) -> None:
    for ending in (Client.closes, Client.leaves, Client.resets):
        client.is_accepted_by(app, "/disconnect/pending")
        app.listens()
        ending(client)
        app.hears(websocket.disconnect())
        client, app = server.is_visited(), server.is_to_call()


@check("websocket.disconnect.during_send")
def an_application_that_is_busy_sending_hears_of_the_end(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/disconnect/during-send")
    app.listens()
    app.sends(*[LARGE] * 32)
    client.sends(ws.close(1000))
    client.leaves()
    app.hears(websocket.disconnect())
    app.is_released()


@check("websocket.scope.socket_close_ends_app")
def an_application_can_end_when_the_socket_is_gone(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/disconnect/ends")
    app.listens()
    client.leaves()
    app.hears(websocket.disconnect())
    app.returns()


@check("websocket.disconnect.once")
def a_disconnect_is_reported_again_to_who_asks_again(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/disconnect/again")
    app.listens()
    client.closes(1000)
    app.hears(websocket.disconnect())
    app.receives(websocket.disconnect())


@check("websocket.receive.none_after_disconnect")
def no_message_comes_after_the_disconnect(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/disconnect/no-message")
    client.sends(ws.text("in time"))
    app.receives(websocket.receive(text="in time"))
    client.sends(ws.together(ws.close(1000), ws.text("too late")))
    client.leaves()
    app.is_told_only(websocket.disconnect())


# What can be said no more


@check("websocket.send.after_disconnect.raises")
def a_message_to_a_client_that_left_raises(client: Client, app: App, server: Server) -> None:
    for ending in (Client.closes, Client.leaves, Client.resets):
        client.is_accepted_by(app, "/after-disconnect/raises")
        ending(client)
        server.serves()  # by now the server knows
        app.cannot_send(LATE, error="OSError")
        client, app = server.is_visited(), server.is_to_call()


@check("websocket.send.after_disconnect.expected_after_event")
def after_a_disconnect_a_message_is_refused_with_an_oserror(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/send/after-disconnect")
    app.listens()
    client.closes(1000)
    app.hears(websocket.disconnect())
    app.cannot_send(LATE, error="OSError")


@check("websocket.send.after_disconnect.own_subclass")
def the_error_of_a_message_to_nobody_is_of_a_class_below_oserror(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/after-disconnect/own-subclass")
    client.leaves()
    app.receives(websocket.disconnect())
    app.fails_to_send(LATE, below="OSError")


@check("websocket.send.after_disconnect.event_still_delivered")
def the_end_is_told_after_the_error_of_a_send_too(client: Client, app: App, server: Server) -> None:
    client.is_accepted_by(app, "/after-disconnect/still-told")
    client.resets()
    server.serves()  # by now the server knows
    app.fails_to_send(LATE)
    app.receives(websocket.disconnect())


@check("websocket.send.after_disconnect.reraised_caught")
def the_server_outlives_its_own_error(client: Client, app: App, server: Server) -> None:
    client.is_accepted_by(app, "/send/reraised")
    app.listens()
    client.closes(1000)
    app.hears(websocket.disconnect())
    app.may_send(LATE)
    app.ends()
    server.serves()


@check("websocket.send.after_disconnect.not_logged")
def an_error_of_send_that_nobody_catches_is_not_logged(client: Client, app: App, server: Server) -> None:
    client.is_accepted_by(app, "/after-disconnect/not-logged")
    client.leaves()
    app.receives(websocket.disconnect())
    error = app.fails_to_send(LATE)
    app.ends()
    server.has_not_logged(error)


@check("websocket.close.after_client_close")
def a_close_after_the_end_raises_an_oserror_or_nothing(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/after-disconnect/close")
    app.listens()
    client.closes(1000)
    app.hears(websocket.disconnect())
    app.may_fail_to_send(websocket.close(code=1000, reason=""), error="OSError")
