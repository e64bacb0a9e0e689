"""How a WebSocket is refused: by the application's word, or for want of it (www, Close)."""

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.spec import websocket
from asgi_conformance.spec.requirement import Level
from asgi_conformance.wire import websocket as ws


@check("websocket.connect.denied_403")
def a_denied_client_gets_403(client: Client, app: App) -> None:
    client.sends(ws.handshake("/denied"))
    app.receives(websocket.connect())
    app.sends(websocket.close(code=1000, reason=""))
    app.returns()
    client.receives(status=403)


# general.patience: a 403 that waits for the application to return is late, but right.
@check("websocket.close.before_accept.403", silence=Level.SHOULD)
def a_close_in_place_of_an_accept_is_a_403(client: Client, app: App) -> None:
    client.sends(ws.handshake("/refused"))
    app.receives(websocket.connect())
    app.sends(websocket.close(code=1000, reason=""))
    client.receives_head(status=403)


@check("websocket.close.before_accept.no_handshake")
def a_close_in_place_of_an_accept_completes_nothing(client: Client, app: App) -> None:
    client.sends(ws.handshake("/no-handshake"))
    app.receives(websocket.connect())
    app.sends(websocket.close(code=1000, reason=""))
    app.returns()
    client.receives_head()


@check("websocket.close.before_accept.code_ignored")
def the_code_of_a_refusal_changes_nothing(client: Client, app: App) -> None:
    client.sends(ws.handshake("/refused-with-code"))
    app.receives(websocket.connect())
    app.sends(websocket.close(code=4000, reason="members only"))
    app.returns()
    client.receives_head(status=403)


# general.contradictions: it can be read as an ordinary response too, after which a connection may go on.
@check("websocket.close.before_accept.connection_closed", level=Level.SHOULD)
def the_connection_ends_after_a_refusal(client: Client, app: App) -> None:
    client.sends(ws.handshake("/refused-and-closed"))
    app.receives(websocket.connect())
    app.sends(websocket.close(code=1000, reason=""))
    app.returns()
    client.receives_refusal()
    client.is_closed()


@check("websocket.close.before_accept.disconnect_event")
def a_refusal_ends_with_a_disconnect(client: Client, app: App) -> None:
    client.sends(ws.handshake("/refused-and-told"))
    app.receives(websocket.connect())
    app.sends(websocket.close(code=1000, reason=""))
    app.receives(websocket.disconnect())


@check("websocket.send.before_accept.raises")
def a_message_before_the_accept_is_refused(client: Client, app: App) -> None:
    client.sends(ws.handshake("/send-early"))
    app.receives(websocket.connect())
    app.cannot_send(websocket.send(text="too early"))


@check("websocket.scope.app_return_before_accept")
def an_application_that_returns_without_an_answer_refuses(client: Client, app: App) -> None:
    client.sends(ws.handshake("/returns-early"))
    app.receives(websocket.connect())
    app.returns()
    client.is_refused()


@check("asgi.app.exception.closes.websocket_before_accept")
def an_application_that_raises_before_the_accept_refuses(client: Client, app: App) -> None:
    client.sends(ws.handshake("/raises-early"))
    app.receives(websocket.connect())
    app.raises("boom")
    client.is_refused()
