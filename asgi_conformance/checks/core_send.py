"""What no protocol knows and `send` must refuse (main, Error Handling)."""

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.spec import http, websocket
from asgi_conformance.wire import request


@check("asgi.send.unknown_type.raises.http")
def an_event_of_unknown_type_is_refused(client: Client, app: App) -> None:
    client.sends(request.get("/send/unknown-http-type"))
    app.receives(http.request())
    app.cannot_send({"type": "http.nonsense"})


@check("asgi.send.foreign_protocol.raises")
def an_event_of_another_protocol_is_refused(client: Client, app: App) -> None:
    client.sends(request.get("/send/foreign-protocol"))
    app.receives(http.request())
    app.cannot_send(websocket.accept(subprotocol=None, headers=[]))


@check("asgi.send.receive_type.raises")
def an_event_that_only_the_server_says_is_refused(client: Client, app: App) -> None:
    client.sends(request.get("/send/receive-type"))
    app.receives(http.request())
    app.cannot_send(http.request(body=b"", more_body=False))


@check("asgi.send.missing_type.raises")
def an_event_without_a_type_is_refused(client: Client, app: App) -> None:
    client.sends(request.get("/send/missing-type"))
    app.receives(http.request())
    app.cannot_send({"status": 200, "headers": []})


@check("asgi.send.type_not_str.raises")
def a_type_that_is_not_a_str_is_refused(client: Client, app: App) -> None:
    client.sends(request.get("/send/type-not-str"))
    app.receives(http.request())
    app.cannot_send({"type": b"http.response.start", "status": 200, "headers": []})


@check("asgi.send.not_a_dict.raises")
def what_is_not_a_dict_is_refused(client: Client, app: App) -> None:
    client.sends(request.get("/send/not-a-dict"))
    app.receives(http.request())
    app.cannot_send("http.response.start")
