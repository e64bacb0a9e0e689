"""HTTP/1.1 below ASGI: how a response is framed, where a body ends, how long connections last (RFC 9112)."""

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.server import Server
from asgi_conformance.spec import http
from asgi_conformance.wire import request

FIVE = (b"content-length", b"5")


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
    client.sends(request.get("/keepalive/second"))
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
def a_body_that_nobody_read_is_not_taken_for_the_next_request(client: Client, server: Server) -> None:
    client.sends(request.post("/unread-body", body=b"GET /hidden HTTP/1.1\r\nHost: localhost\r\n\r\n"))
    server.may_serve(client)
    server.goes_on_with(client)


@check("h1.pipelining.order")
def pipelined_requests_are_answered_in_their_order(client: Client, app: App) -> None:
    first, second = (b"GET /pipelined/%d HTTP/1.1\r\nHost: localhost\r\n\r\n" % number for number in (1, 2))
    client.sends(first + second, expecting=2)
    app.receives(http.request())
    app.responds(200, [FIVE], b"first")
    app.is_called_again(path="/pipelined/2").responds(200, [FIVE], b"after")
    client.receives(status=200, body=b"first")
    client.receives(status=200, body=b"after")


@check("h1.close.honoured")
def a_client_may_have_the_connection_closed(client: Client, app: App, server: Server) -> None:
    client.sends(request.get("/close/from-client", headers=[("connection", "close")]))
    app.receives(http.request())
    app.responds(200, [FIVE], b"hello")
    client.receives(status=200, body=b"hello")
    app.returns()
    server.serves_no_more(client)


@check("h1.close.from_application")
def an_application_may_have_the_connection_closed(client: Client, app: App, server: Server) -> None:
    client.sends(request.get("/close/from-application"))
    app.receives(http.request())
    app.responds(200, [FIVE, (b"connection", b"close")], b"hello")
    client.receives(status=200, headers=[("connection", "close")], body=b"hello")
    app.returns()
    server.serves_no_more(client)
