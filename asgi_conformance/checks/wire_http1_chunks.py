"""Chunks of a request below ASGI: their sizes, their extensions, who may not use them (RFC 9112 §6, §7)."""

from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.server import Server
from asgi_conformance.wire import request

CHUNKED = ("transfer-encoding", "chunked")
END = b"0\r\n\r\n"
IN_CHUNKS = (
    (b"1\r\nh\r\n" + END, b"h"),
    (b"f\r\nhello,\r\n0\r\n\r\nGE\r\n" + END, b"hello,\r\n0\r\n\r\nGE"),
    (b"F\r\nfifteen letters\r\n" + END, b"fifteen letters"),
    (b"000a\r\nten octets\r\n" + END, b"ten octets"),
    (b"10000\r\n" + b"x" * 65_536 + b"\r\n" + END, b"x" * 65_536),
)


@check("h1.chunked.decoded")
def chunks_are_decoded_however_they_are_spelled(client: Client, server: Server) -> None:
    for chunks, body in IN_CHUNKS:
        visitor = server.is_visited()
        visitor.sends(request.post("/chunks/decoded", body=chunks, headers=[CHUNKED]))
        server.may_serve(visitor, body)
    client.sends(request.post("/chunks/byte-by-byte", more=True))
    for byte in b"5\r\nhello\r\n" + END:
        client.sends(bytes([byte]), expecting=0)
        server.catches_up()
    server.may_serve(client, b"hello")


@check("h1.chunked.extensions")
def extensions_of_chunks_are_ignored(client: Client, another_client: Client, server: Server) -> None:
    some = b'5;a=b;c="d;e"\r\nhello\r\n0;f\r\n\r\n'
    client.sends(request.post("/chunks/extensions", body=some, headers=[CHUNKED]))
    server.may_serve(client, b"hello")
    server.goes_on_with(client)
    # RFC 9112 §7.1.1: a server ought to limit them, and it is open to how much. Nobody may have to read on
    # before all of them are sent: a Unix socket holds no more.
    many = b"5;" + b"x" * (1 << 17) + b"\r\nhello\r\n" + END
    another_client.sends(request.post("/chunks/many-extensions", body=many, headers=[CHUNKED]))
    server.may_give_up(another_client, b"hello")


@check("h1.te.http_1_0_request")
def chunks_in_http_1_0_are_refused_or_the_last_on_their_connection(client: Client, server: Server) -> None:
    client.sends(
        b"POST /chunks/http-1.0 HTTP/1.0\r\nHost: localhost\r\nConnection: keep-alive\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n" + END
    )
    server.may_serve(client)
    server.serves_no_more(client)
