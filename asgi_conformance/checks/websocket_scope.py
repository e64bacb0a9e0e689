"""The scope of a WebSocket (www, WebSocket Connection Scope)."""

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.expectation import bare, either
from asgi_conformance.dialogue.server import Server
from asgi_conformance.spec import websocket
from asgi_conformance.spec.requirement import Level
from asgi_conformance.wire import request
from asgi_conformance.wire import websocket as ws

OFFERS: tuple[tuple[list[str], list[str]], ...] = (
    ([], []),
    (["chat"], ["chat"]),
    (["chat, echo,v1"], ["chat", "echo", "v1"]),
    (["chat", "echo, v1"], ["chat", "echo", "v1"]),
)
"""Lines of a handshake, and the subprotocols that are offered there."""


@check("websocket.scope.type.signified")
def a_request_and_a_handshake_come_under_different_types(
    client: Client, another_client: Client, app: App
) -> None:
    client.sends(request.get("/signified"))
    app.is_called(type="http")
    another_client.sends(ws.handshake("/signified"))
    app.is_called_again(type="websocket")


@check("websocket.scope.type")
def the_type_is_websocket(client: Client, app: App) -> None:
    client.sends(ws.handshake("/websocket-type"))
    app.is_called(type="websocket")


@check("websocket.scope.lifetime")
def one_call_lasts_as_long_as_the_socket(client: Client, app: App, server: Server) -> None:
    client.is_accepted_by(app, "/lifetime")
    for number in "123":
        client.sends(ws.text(number))
        app.receives(websocket.receive(text=number))
        server.serves("/meanwhile")
        app.sends(websocket.send(text=number, bytes=None))
        client.receives(text=number)
    server.has_not_called_again()


@check("websocket.scope.asgi.spec_version.type")
def the_announced_version_is_a_str(client: Client, app: App) -> None:
    client.sends(ws.handshake("/spec-version"))
    app.is_called()


@check("websocket.scope.http_version.1_1")
def the_http_version_is_that_of_the_handshake(client: Client, app: App) -> None:
    client.sends(ws.handshake("/http-version"))
    app.is_called(http_version="1.1")


@check("websocket.scope.scheme.ws")
def the_scheme_on_a_clear_socket_is_ws(client: Client, app: App) -> None:
    client.is_in_the_clear()
    client.sends(ws.handshake("/scheme-value"))
    app.is_called(scheme="ws")


# Ruling scope.scheme-websocket: what takes TLS for a clear socket is a fault, https an oddity.
@check("websocket.scope.scheme.wss", level=Level.MUST)
def the_scheme_over_tls_tells_of_tls(tls_client: Client, app: App, server: Server) -> None:
    tls_client.sends(ws.handshake("/scheme-over-tls"))
    app.is_called(scheme=either("wss", "https"))
    server.records(str(bare(app.scope["scheme"])))


@check("websocket.scope.path.excludes_query")
def the_path_ends_before_the_query(client: Client, app: App) -> None:
    client.sends(ws.handshake("/path-and?then=/query"))
    app.is_called(path="/path-and")


@check("websocket.scope.path.percent_decoded")
def the_path_is_percent_decoded_once(client: Client, app: App) -> None:
    client.sends(ws.handshake("/a%20b%2Fc%2525"))
    app.is_called(path="/a b/c%25")


@check("websocket.scope.path.utf8_decoded")
def the_decoded_path_is_read_as_utf8(client: Client, app: App) -> None:
    client.sends(ws.handshake("/caf%C3%A9/%F0%9F%98%80"))
    app.is_called(path="/café/😀")


@check("websocket.scope.path.same_as_http")
def a_target_gives_the_same_path_and_query_as_over_http(
    client: Client, another_client: Client, app: App
) -> None:
    client.sends(request.get("/same//%7Eplace/./a+b;c%2f?q=%26"))
    said = app.is_called().scope
    another_client.sends(ws.handshake("/same//%7Eplace/./a+b;c%2f?q=%26"))
    app.is_called_again(
        path=said["path"], raw_path=said.get("raw_path"), query_string=said.get("query_string", b"")
    )


@check("websocket.scope.raw_path.unmodified")
def the_raw_path_is_as_the_client_sent_it(client: Client, app: App) -> None:
    client.sends(ws.handshake("/raw%2Fb%7e%20;c"))
    app.is_called(raw_path=either(None, b"/raw%2Fb%7e%20;c"))


@check("websocket.scope.raw_path.excludes_query")
def the_raw_path_ends_before_the_query(client: Client, app: App) -> None:
    client.sends(ws.handshake("/raw-path-and?then=query"))
    app.is_called(raw_path=either(None, b"/raw-path-and"))


@check("websocket.scope.query_string.raw")
def the_query_string_is_what_follows_the_question_mark(client: Client, app: App) -> None:
    client.sends(ws.handshake("/query-raw?a=%20+b?c%C3%A9"))
    app.is_called(query_string=b"a=%20+b?c%C3%A9")


@check("websocket.scope.headers.order")
def headers_keep_the_order_of_the_handshake(client: Client, app: App) -> None:
    client.sends(
        ws.handshake("/headers-order", headers=[("X-B", "first"), ("X-A", "second"), ("X-B", "third")])
    )
    app.is_called()
    order = "[value for name, value in scope['headers'] if name.lower() in (b'x-a', b'x-b')]"
    app.finds(order, [b"first", b"second", b"third"])


@check("websocket.scope.headers.duplicates")
def repeated_headers_are_all_there(client: Client, app: App) -> None:
    repeated = [("X-Forwarded-By", "one"), ("X-Forwarded-By", "two"), ("X-Forwarded-By", "three")]
    client.sends(ws.handshake("/headers-repeated", headers=repeated))
    app.is_called(headers=repeated)


@check("websocket.scope.subprotocols.values")
def every_subprotocol_offered_is_an_item(client: Client, app: App, server: Server) -> None:
    for lines, offered in OFFERS:
        headers = [("Sec-WebSocket-Protocol", line) for line in lines]
        client.sends(ws.handshake("/subprotocols", headers=headers))
        app.is_called(subprotocols=offered)
        client, app = server.is_visited(), server.is_to_call()


@check("websocket.scope.state.copy")
def what_one_websocket_puts_into_the_state_no_other_one_finds(
    client: Client, another_client: Client, app: App
) -> None:
    client.sends(ws.handshake("/websocket-state"))
    app.is_called()
    app.does("scope.get('state', {})['left behind'] = True")
    another_client.sends(ws.handshake("/websocket-state"))
    app.is_called_again().finds("'left behind' in scope.get('state', {})", False)
