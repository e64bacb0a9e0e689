"""WebSockets on streams of HTTP/2 and HTTP/3: the extended CONNECT, frames, and ends (www; RFC 8441)."""

from collections.abc import Callable

from asgi_conformance.checks.http_over_streams import asked
from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.server import Server
from asgi_conformance.spec import websocket
from asgi_conformance.wire import websocket as ws
from asgi_conformance.wire.answer import Close, Closed
from asgi_conformance.wire.stream_spelling import data, heading

OF_HTTP1 = ("sec-websocket-accept", "sec-websocket-key", "upgrade", "connection")


def another_is_asked(client: Client, server: Server, path: str) -> tuple[Client, App]:
    """A request on a stream of its own waits for its response; what goes on meanwhile is not to touch it."""
    stream = client.on_stream()
    return stream, asked(stream, server, path)


def opened(client: Client, server: Server, path: str) -> tuple[Client, App]:
    """A WebSocket on one more stream."""
    stream, app = client.on_stream(), server.is_to_call()
    stream.is_accepted_by(app, path)
    return stream, app


def asking_for(client: Client, protocol: bytes, path: str) -> tuple[tuple[bytes, bytes], ...]:
    """The fields of a handshake for this protocol."""
    fields = client.fields_of(ws.handshake(path))
    return tuple((name, protocol if name == b":protocol" else value) for name, value in fields)


def unspoken(server: Server) -> tuple[bytes, ...]:
    """What a server cannot be asked for."""
    return (b"foo",) if server.dialogue.serves_websocket else (b"foo", b"websocket")


# The scope


@check("websocket.scope.http_version.2")
def the_version_of_http_2_is_2(client: Client, app: App) -> None:
    client.sends(ws.handshake("/over-http-2"))
    app.is_called(type="websocket", http_version="2")


@check("websocket.scope.headers.no_pseudo")
def pseudo_headers_are_no_headers(client: Client, app: App) -> None:
    client.sends(ws.handshake("/pseudo-headers"))
    app.finds("[name for name, value in scope['headers'] if name.startswith(b':')]", [])


@check("websocket.scope.headers.authority_as_host")
def the_authority_is_the_host(client: Client, another_client: Client, app: App, server: Server) -> None:
    fields = client.fields_of(ws.handshake("/authority", headers=[("host", "shop.test:8443")]))
    client.sends(heading([*fields, ("host", "another.test")], end=False))
    # To refuse it is right, too (RFC 9113 §8.3.1).
    app.may_be_called(headers=[("host", "shop.test:8443")])
    client.leaves()
    another_client.sends(heading(fields, end=False))
    server.is_to_call().is_called(headers=[("host", "shop.test:8443")])


@check("websocket.scope.headers.authority_first")
def the_host_comes_first(client: Client, app: App) -> None:
    client.sends(ws.handshake("/authority/first", headers=[("host", "first.test")]))
    app.finds("scope['headers'][0][0]", b"host")


# The handshake


@check("h2ws.request")
def an_extended_connect_opens_a_websocket(client: Client, app: App) -> None:
    client.sends(ws.handshake("/extended%20connect?a=%20b", headers=[("host", "elsewhere.test")]))
    app.is_called(type="websocket", path="/extended connect", query_string=b"a=%20b")
    app.receives(websocket.connect())


@check("h2ws.unsupported")
def an_extended_connect_for_what_is_not_spoken_is_refused(client: Client, server: Server) -> None:
    for protocol in unspoken(server):
        client.sends(heading(asking_for(client, protocol, "/unspoken"), end=False))
        client.is_refused()
        client = server.is_visited()


@check("h2ws.accept")
def the_answer_has_nothing_of_an_upgrade(client: Client, app: App) -> None:
    client.sends(ws.handshake("/accepted-on-stream", subprotocols=["chat", "echo"]))
    app.receives(websocket.connect())
    app.sends(websocket.accept(subprotocol="echo", headers=[(b"x-session", b"1")]))
    client.receives(subprotocol="echo", headers=[("x-session", "1"), *((name, None) for name in OF_HTTP1)])


@check("h2ws.deny")
def a_refusal_is_an_ordinary_response(client: Client, app: App, server: Server) -> None:
    other, waiting = another_is_asked(client, server, "/refused/meanwhile")
    stream = client.on_stream()
    stream.sends(ws.handshake("/refused-on-stream"))
    app.receives(websocket.connect())
    app.sends(websocket.close(code=1000, reason=""))
    app.returns()
    stream.receives()
    waiting.answers(other)


# Frames


@check("h2ws.frames")
def the_borders_of_data_mean_nothing(client: Client, app: App) -> None:
    first, last = ws.text("one by one").spelled(), ws.text("cut").spelled()
    client.is_accepted_by(app, "/borders")
    app.listens()
    client.sends(*(data(bytes([byte])) for byte in first))
    app.hears(websocket.receive(text="one by one"))
    client.sends(data(ws.text("whole").spelled() + ws.data(b"and").spelled() + last[:3], padding=5))
    app.receives(websocket.receive(text="whole"))
    app.receives(websocket.receive(bytes=b"and"))
    client.sends(data(), data(last[3:]))
    app.receives(websocket.receive(text="cut"))
    app.sends(websocket.send(bytes=b"x" * 100_000, text=None), websocket.send(text="small", bytes=None))
    client.receives(data=b"x" * 100_000)
    client.receives(text="small")


# Ends


def closed_by_client(stream: Client, app: App) -> None:
    """The client begins the closing handshake."""
    app.listens()
    stream.sends(ws.close(1000))
    app.hears(websocket.disconnect())
    app.returns()
    stream.receives(Close())


def closed_by_application(stream: Client, app: App) -> None:
    """The application does."""
    app.sends(websocket.close(code=1000, reason=""))
    app.returns()
    stream.receives(code=1000)


ENDINGS: tuple[Callable[[Client, App], None], ...] = (closed_by_application, closed_by_client)


@check("h2ws.end_stream")
def a_stream_ends_where_a_connection_would(client: Client, server: Server) -> None:
    for ending in ENDINGS:
        other, waiting = another_is_asked(client, server, "/end-stream/meanwhile")
        stream, app = opened(client, server, "/end-stream/closed")
        ending(stream, app)
        stream.receives(Closed())
        waiting.answers(other)
    stream, app = opened(client, server, "/end-stream/closed")
    app.listens()
    stream.finishes()
    app.hears(websocket.disconnect())


@check("h2ws.reset")
def a_reset_of_the_stream_is_its_end(client: Client, server: Server) -> None:
    other, waiting = another_is_asked(client, server, "/reset/meanwhile")
    stream, app = opened(client, server, "/reset")
    app.listens()
    stream.resets()
    app.hears(websocket.disconnect())
    waiting.answers(other)
