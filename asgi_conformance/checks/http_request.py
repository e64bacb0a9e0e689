"""The body of a request, as `receive` gives it (www, Request - receive event)."""

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.server import Server
from asgi_conformance.spec import http
from asgi_conformance.spec.requirement import Level
from asgi_conformance.wire import request

LARGE = b"0123456789abcdef" * 8_192
"""More than a server reads at once, and less than a Unix socket holds."""
SLOWLY = (
    *(b"P", b"OST /request/slow HTT", b"P/1.1\r", b"\nHo", b"st: a\r\nContent-Length: 5\r\n", b"\r", b"\n"),
    *(b"h", b"e", b"l", b"l", b"o"),
)
"""Few enough pieces for servers that give up a request whose head takes them some seconds."""


@check("http.request.type")
def the_body_comes_in_events_of_type_http_request(client: Client, app: App) -> None:
    client.sends(request.post("/request/type", body=b"hello"))
    app.receives(http.request())


@check("http.request.first")
def the_first_event_is_http_request_even_without_a_body(client: Client, app: App) -> None:
    client.sends(request.get("/first"))
    app.receives(http.request())


@check("http.request.no_body")
def no_body_is_told_as_an_empty_one(
    client: Client, another_client: Client, third_client: Client, app: App
) -> None:
    client.sends(request.get("/no-body"))
    app.receives_body(b"")
    another_client.sends(request.post("/no-body", body=b""))
    app.is_called_again(path="/no-body").receives_body(b"")
    third_client.sends(request.post("/no-body", chunks=[]))
    app.is_called_again(path="/no-body").receives_body(b"")


@check("http.request.body.type")
def the_body_is_bytes(client: Client, app: App) -> None:
    client.sends(request.post("/body/type", body=b"hello"))
    app.receives_body(b"hello")


@check("http.request.body.concatenated")
def the_parts_of_a_body_add_up(
    http1_client: Client, another_client: Client, app: App, server: Server
) -> None:
    http1_client.sends(request.post("/request/concatenated", body=LARGE))
    app.receives_body(LARGE)
    for piece in SLOWLY:
        another_client.sends(piece, expecting=0)
        server.catches_up()
    app.is_called_again(path="/request/slow").receives_body(b"hello")


@check("http.request.body.binary_safe")
def any_bytes_may_be_in_a_body(client: Client, app: App) -> None:
    anything = bytes(range(256)) + b"\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n"
    client.sends(request.post("/body/binary-safe", body=anything))
    app.receives_body(anything)


@check("http.request.more_body.type")
def more_body_is_a_bool(client: Client, app: App) -> None:
    client.sends(request.post("/more-body/type", chunks=[b"hello, ", b"world"]))
    app.receives_body(b"hello, world")


@check("http.request.more_body.final_false")
def the_last_part_says_that_it_is_the_last(client: Client, app: App) -> None:
    client.sends(request.post("/more-body/final", chunks=[b"hello, ", b"world"]))
    app.receives_body(b"hello, world")


@check("http.request.after_final")
def nothing_comes_after_the_last_part_while_the_client_waits(client: Client, app: App) -> None:
    client.sends(request.post("/after-final", body=b"that is all"))
    app.receives_body(b"that is all")
    app.hears_nothing()


@check("http.request.chunked.decoded_only")
def what_looks_like_framing_inside_a_chunk_is_content(client: Client, app: App) -> None:
    client.sends(request.post("/decoded-only", chunks=[b"5\r\nhello\r\n", b"0\r\n\r\n"]))
    app.receives_body(b"5\r\nhello\r\n0\r\n\r\n")


@check("http.chunked.request_handled")
def chunks_arrive_without_their_framing(client: Client, app: App) -> None:
    client.sends(request.post("/chunked", chunks=[b"hello, ", b"w", b"orld" * 1000]))
    app.receives_body(b"hello, w" + b"orld" * 1000)


@check("http.request.trailers_dropped")
def trailers_of_a_request_are_dropped(client: Client, app: App) -> None:
    client.sends(request.post("/trailers", chunks=[b"hello"], more=True))
    client.sends(request.part(last=True, trailers=[("x-checksum", "8b1a9953")]))
    app.receives_body(b"hello")


# The ruling: not to call the application for a body that never came is as good as http.disconnect.
@check("http.request.truncated", silence=Level.MAY)
def a_body_that_breaks_off_ends_in_a_disconnect(client: Client, another_client: Client, app: App) -> None:
    client.sends(request.post("/truncated", chunks=[b"only a beginning"], more=True))
    app.receives(http.request(body=b"only a beginning", more_body=True))
    client.leaves()
    app.receives(http.disconnect())
    another_client.sends(request.post("/truncated", chunks=[b"only a beginning"], more=True))
    second = app.is_called_again(path="/truncated")
    second.receives(http.request(body=b"only a beginning", more_body=True))
    another_client.resets()
    second.receives(http.disconnect())


@check("http.request.early_response")
def an_application_may_answer_without_reading_the_body(client: Client, app: App) -> None:
    client.sends(request.post("/early-response", body=b"nobody reads this"))
    app.is_called()
    app.responds(413, [(b"content-length", b"8")], b"too much")
    client.receives(status=413, body=b"too much")


@check("http.expect.final_instead")
def an_application_that_does_not_read_answers_without_a_100(client: Client, app: App) -> None:
    expecting = [("content-length", "5"), ("expect", "100-continue")]
    client.sends(request.post("/expect/final-instead", body=b"", more=True, headers=expecting))
    client.hears_nothing()
    app.responds(403, [(b"content-length", b"2")], b"no")
    client.receives(status=403, body=b"no")
