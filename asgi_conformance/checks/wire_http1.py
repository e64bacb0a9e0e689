"""HTTP/1.1 below ASGI: framing, what must be refused, how long a connection lasts (RFC 9112)."""

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.expectation import like
from asgi_conformance.dialogue.server import Server
from asgi_conformance.spec import http
from asgi_conformance.wire import request

FIVE = (b"content-length", b"5")
CHUNKED = ("transfer-encoding", "chunked")
HELLO_IN_A_CHUNK = b"5\r\nhello\r\n0\r\n\r\n"
HIDDEN = b"GET /hidden HTTP/1.1\r\nHost: localhost\r\n\r\n"
BEHIND_THE_LAST_CHUNK = b"0\r\n\r\n" + HIDDEN
ALL_OF_IT = ("content-length", str(len(BEHIND_THE_LAST_CHUNK)))
# Plain chunks beside a length are a matter of h1.te.and_content_length.
HIDING_PLACES = (
    (BEHIND_THE_LAST_CHUNK, [("transfer-encoding ", "chunked"), ALL_OF_IT]),
    (BEHIND_THE_LAST_CHUNK, [("transfer-encoding", "xchunked"), ALL_OF_IT]),
    (BEHIND_THE_LAST_CHUNK, [("transfer-encoding", "\x0bchunked"), ALL_OF_IT]),
    (BEHIND_THE_LAST_CHUNK, [("transfer-encoding", "identity"), CHUNKED, ALL_OF_IT]),
    (HIDDEN, [("content-length", "0"), ("content-length", str(len(HIDDEN)))]),
    (HIDDEN, [("content-length", f"0, {len(HIDDEN)}")]),
    (HIDDEN, [("content-length", f"+{len(HIDDEN)}")]),
)


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


@check("h1.field.obs_fold")
def a_folded_header_is_refused_or_unfolded(client: Client, app: App) -> None:
    client.sends(request.get("/folded", headers=[("x-a", b"1\r\n 2")]))
    app.may_be_called(headers=[("x-a", like(rb"1 +2"))])


@check("h1.chunked.trailers")
def trailers_are_not_taken_for_the_next_request(client: Client, server: Server) -> None:
    client.sends(request.post("/trailers/consumed", chunks=[b"hello"], more=True))
    client.sends(request.part(last=True, trailers=[("x-late", "1")]))
    server.may_serve(client, b"hello")
    server.goes_on_with(client)


@check("h1.chunked.malformed")
def a_malformed_chunk_is_an_error(
    client: Client, another_client: Client, third_client: Client, server: Server
) -> None:
    clients = (client, another_client, third_client)
    for each, size in zip(clients, (b"0x5", b"+5", b"5_0"), strict=True):
        chunks = size + b"\r\nhello\r\n0\r\n\r\n"
        each.sends(request.post("/chunked/malformed", body=chunks, headers=[CHUNKED]))
        server.may_break_off(each)


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


@check("h1.host.missing")
def a_request_without_host_is_refused(client: Client) -> None:
    client.sends(b"GET /host/missing HTTP/1.1\r\n\r\n")
    client.is_refused()


@check("h1.host.multiple_or_invalid")
def a_request_with_two_hosts_or_a_broken_one_is_refused(client: Client, another_client: Client) -> None:
    client.sends(request.get("/host/multiple", headers=[("host", "a.example"), ("host", "b.example")]))
    client.is_refused()
    another_client.sends(request.get("/host/invalid", headers=[("host", "a b/c")]))
    another_client.is_refused()


@check("h1.field.space_before_colon")
def a_space_before_the_colon_is_refused(client: Client) -> None:
    client.sends(request.get("/space-before-colon", headers=[("x-a ", "1")]))
    client.is_refused()


@check("h1.te.and_content_length")
def chunks_with_a_content_length_are_refused_or_the_last_on_their_connection(
    client: Client, server: Server
) -> None:
    client.sends(request.post("/te-and-cl", body=HELLO_IN_A_CHUNK, headers=[CHUNKED, FIVE]))
    server.may_serve(client, b"hello")
    server.serves_no_more(client)


@check("h1.te.not_final_chunked")
def a_transfer_coding_that_does_not_end_in_chunked_is_refused(client: Client, server: Server) -> None:
    codings = ("transfer-encoding", "chunked, gzip")
    client.sends(request.post("/te/not-final", body=HELLO_IN_A_CHUNK, headers=[codings]))
    client.is_refused()
    server.serves_no_more(client)


@check("h1.te.unknown_or_obfuscated")
def an_unknown_transfer_coding_is_refused(client: Client) -> None:
    codings = ("transfer-encoding", "xchunked, chunked")
    client.sends(request.post("/te/unknown", body=HELLO_IN_A_CHUNK, headers=[codings]))
    client.is_refused()


@check("h1.cl.invalid")
def a_content_length_that_is_no_number_is_refused(
    client: Client, another_client: Client, third_client: Client, server: Server
) -> None:
    clients = (client, another_client, third_client)
    for each, length in zip(clients, ("+5", "-5", "0x5"), strict=True):
        each.sends(
            request.post("/content-length/no-number", body=b"hello", headers=[("content-length", length)])
        )
        each.is_refused()
        server.serves_no_more(each)


@check("h1.cl.duplicate_differing")
def two_content_lengths_that_differ_are_refused(client: Client, server: Server) -> None:
    lengths = [("content-length", "5"), ("content-length", "6")]
    client.sends(request.post("/content-length/differing", body=b"hello!", headers=lengths))
    client.is_refused()
    server.serves_no_more(client)


@check("h1.parse.garbage")
def what_is_not_http_is_refused(client: Client, another_client: Client, server: Server) -> None:
    client.sends(b"\x16\x03\x01\x00\xc8\x01\x00\x00\xc4\x03\x03" + bytes(189) + b"\r\n\r\n")
    client.is_refused()
    server.serves_no_more(client)
    another_client.sends(b"what is not HTTP\r\n\r\n")
    another_client.is_refused()
    server.serves_no_more(another_client)


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


@check("h1.smuggling.no_second_request")
def a_request_hidden_in_a_body_is_never_served(client: Client, server: Server) -> None:
    for body, headers in HIDING_PLACES:
        visitor = server.is_visited()
        visitor.sends(request.post("/smuggling", body=body, headers=headers))
        server.may_serve(visitor)
    server.goes_on_with(client)
