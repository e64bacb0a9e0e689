"""HTTP/1.1 below ASGI: how a response is framed, where a body ends, how long connections last (RFC 9112)."""

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.server import Server
from asgi_conformance.spec import http
from asgi_conformance.wire import request

FIVE = (b"content-length", b"5")
HIDDEN = b"GET /hidden HTTP/1.1\r\nHost: localhost\r\n\r\n"
ONE = b"POST /pipelined/1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\none"
TWO = (
    b"POST /pipelined/2 HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"3\r\ntwo\r\n0\r\n\r\n"
)
THREE = b"GET /pipelined/3 HTTP/1.1\r\nHost: localhost\r\n\r\n"
# A list in any case, on any number of lines (RFC 9110 §7.6.1).
CLOSING = (["close"], ["Close"], ["x-a, close"], ["close, x-a"], ["keep-alive, close"], ["x-a", "close"])


@check("h1.te.response_single")
def a_response_is_framed_in_one_way(client: Client, app: App) -> None:
    client.sends(request.get("/framed-once"))
    app.receives(http.request())
    app.may_respond(200, [FIVE, (b"transfer-encoding", b"chunked")], b"hello")
    client.receives(status=200, body=b"hello")


@check("h1.te.response_http_1_0")
def http_1_0_is_answered_without_chunks(client: Client, app: App) -> None:
    client.sends(b"GET /http-1.0/no-chunks HTTP/1.0\r\nHost: localhost\r\n\r\n")
    app.receives(http.request())
    app.responds(200, [], b"hello")
    app.returns()
    client.receives(status=200, headers=[("transfer-encoding", None)], body=b"hello")


@check("h1.chunked.trailers")
def trailers_are_not_taken_for_the_next_request(client: Client, server: Server) -> None:
    client.sends(request.post("/trailers/consumed", chunks=[b"hello"], more=True))
    client.sends(request.part(last=True, trailers=[("x-late", "1")]))
    server.may_serve(client, b"hello")
    server.goes_on_with(client)


@check("h1.body.absent")
def without_content_length_and_chunks_there_is_no_body(client: Client, app: App) -> None:
    client.sends(request.post("/body/absent"), request.get("/body/behind"))
    app.receives(http.request(body=b"", more_body=False))
    app.responds(200, [FIVE], b"hello")
    client.receives(status=200, body=b"hello")
    app.is_called_again(path="/body/behind")


@check("h1.body.incomplete")
def a_body_without_its_last_chunk_is_not_shown_as_whole(client: Client, app: App, server: Server) -> None:
    client.sends(request.post("/body/incomplete", chunks=[b"hello"], more=True))
    server.calls_before_the_body_ends(app)
    app.receives(http.request(body=b"hello", more_body=True))
    client.finishes()
    app.receives_no_whole_body()


@check("h1.keepalive.default")
def a_connection_serves_several_requests(client: Client, app: App) -> None:
    client.sends(request.get("/keepalive/first"))
    app.receives(http.request())
    app.responds(200, [FIVE], b"hello")
    client.receives(status=200, body=b"hello")
    client.sends(request.get("/keepalive/second", headers=[("connection", "keep-alive")]))
    second = app.is_called_again(path="/keepalive/second")
    second.receives(http.request())
    second.responds(200, [], b"in chunks")
    client.receives(status=200, body=b"in chunks")
    client.sends(request.get("/keepalive/third"))
    app.is_called_again(path="/keepalive/third")


@check("h1.keepalive.http_1_0")
def http_1_0_closes_after_the_response(client: Client, app: App, server: Server) -> None:
    client.sends(b"GET /http-1.0/closes HTTP/1.0\r\nHost: localhost\r\n\r\n")
    app.receives(http.request())
    app.responds(200, [FIVE], b"hello")
    client.receives(status=200, body=b"hello")
    app.returns()
    server.serves_no_more(client)


@check("h1.keepalive.unread_body")
def a_body_that_nobody_read_is_not_taken_for_the_next_request(
    client: Client, another_client: Client, server: Server
) -> None:
    client.sends(request.post("/unread-body", body=HIDDEN))
    server.may_serve(client)
    server.goes_on_with(client)
    another_client.sends(request.post("/unread-body/in-chunks", chunks=[HIDDEN]))
    server.may_serve(another_client)
    server.goes_on_with(another_client)


@check("h1.pipelining.order")
def pipelined_requests_are_answered_in_their_order(client: Client, app: App) -> None:
    client.sends(ONE + TWO + THREE, expecting=3)
    app.receives_body(b"one")
    app.responds(200, [FIVE], b"first")
    second = app.is_called_again(path="/pipelined/2")
    second.receives_body(b"two")
    second.responds(200, [FIVE], b"again")
    app.is_called_again(path="/pipelined/3").responds(200, [FIVE], b"third")
    client.receives(status=200, body=b"first")
    client.receives(status=200, body=b"again")
    client.receives(status=200, body=b"third")


@check("h1.close.honoured")
def a_client_may_have_the_connection_closed(client: Client, server: Server) -> None:
    for options in CLOSING:
        visitor = server.is_visited()
        visitor.sends(request.get("/close/from-client", headers=[("connection", each) for each in options]))
        server.may_serve(visitor)
        server.serves_no_more(visitor)
    client.sends(b"GET /close/at-once HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n" + HIDDEN)
    server.takes_for_one_request(client)


@check("h1.close.from_application")
def an_application_may_have_the_connection_closed(client: Client, app: App, server: Server) -> None:
    client.sends(request.get("/close/from-application"))
    app.receives(http.request())
    app.responds(200, [FIVE, (b"connection", b"close")], b"hello")
    client.receives(status=200, headers=[("connection", "close")], body=b"hello")
    app.returns()
    server.serves_no_more(client)
