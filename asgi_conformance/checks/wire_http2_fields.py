"""Fields in HTTP/2: what makes a request malformed, and what no response has (RFC 9113 §8)."""

from asgi_conformance.checks.http_over_streams import asked
from asgi_conformance.checks.wire_http2 import may_be_served_again
from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.server import Server
from asgi_conformance.wire import http2, request

Pairs = list[tuple[bytes, bytes]]

WRONG_FIELDS: Pairs = [
    *((name, b"1") for name in (b"X-Upper", b"x a", b"x:a", b"x\0a", b"x\x7fa", b"x\x80a", b"x\r\nx-a")),
    *((b"x-a", value) for value in (b"\0", b"a\0b", b"a\rb", b"a\nb", b"a\r\nx-b: 1")),
    *((b"x-a", value) for value in (b" a", b"a ", b"\ta", b"a\t")),
]
OF_THE_CONNECTION: Pairs = [
    (b"connection", b"close"),
    (b"keep-alive", b"timeout=5"),
    (b"proxy-connection", b"keep-alive"),
    (b"transfer-encoding", b"chunked"),
    (b"upgrade", b"websocket"),
]
FIVE = (b"content-length", b"5")
COOKIES = [("cookie", "first=1"), ("cookie", "second=2"), ("cookie", "third=3")]


def without(name: bytes, fields: Pairs) -> Pairs:
    """All fields but those of this name."""
    return [field for field in fields if field[0] != name]


def malformed(fields: Pairs) -> list[Pairs]:
    """What can be wrong with the pseudo headers of a request (RFC 9113 §8.3, §8.3.1)."""
    path = (b":path", dict(fields)[b":path"])
    return [
        *([field, *fields] for field in ((b":unknown", b"1"), (b":status", b"200"))),
        *([field, *fields] for field in fields if field[0] in (b":method", b":scheme", b":path")),
        *(without(name, fields) for name in (b":method", b":scheme", b":path")),
        [(b":path", b""), *without(b":path", fields)],
        [*without(b":path", fields), path],
    ]


@check("h2.fields.validity")
def a_request_with_a_field_that_may_not_be_is_refused(client: Client, app: App, server: Server) -> None:
    fields = client.fields_of(request.get("/wrong-field"))
    client.sends(http2.heading([*fields, ("x-a", "a")]))
    app.is_called(path="/wrong-field", headers=[("x-a", "a")])
    for name, value in WRONG_FIELDS:
        visitor = server.is_visited()
        visitor.sends(http2.heading([*fields, (name, value)]))
        visitor.is_refused()


@check("h2.fields.connection_specific.request")
def a_request_with_a_field_of_the_connection_is_refused(client: Client, app: App, server: Server) -> None:
    fields = client.fields_of(request.get("/field-of-the-connection"))
    client.sends(http2.heading([*fields, ("te", "trailers")]))
    app.is_called(path="/field-of-the-connection")
    for name, value in [*OF_THE_CONNECTION, (b"te", b"gzip")]:
        visitor = server.is_visited()
        visitor.sends(http2.heading([*fields, (name, value)]))
        visitor.is_refused()


@check("h2.fields.connection_specific.response")
def a_response_has_no_field_of_the_connection(client: Client, server: Server) -> None:
    for name, value in OF_THE_CONNECTION:
        stream = client.on_stream()
        app = asked(stream, server, "/response/of-the-connection")
        app.may_respond(200, [(name, value), (b"content-length", b"2")], b"ok")
        app.ends()
        stream.may_receive(status=200, headers=[(name, None)], body=b"ok")


@check("h2.fields.response_lowercase")
def names_of_fields_are_in_lower_case(client: Client, server: Server) -> None:
    app = asked(client, server, "/response/upper-case")
    app.may_respond(200, [(b"X-Upper", b"1"), (b"content-length", b"2")], b"ok")
    app.ends()
    client.may_receive(status=200, headers=[("x-upper", "1")], body=b"ok")


@check("h2.pseudo.malformed")
def a_request_with_wrong_pseudo_headers_is_refused(client: Client, server: Server) -> None:
    for fields in malformed([*client.fields_of(request.get("/pseudo/malformed"))]):
        visitor = server.is_visited()
        visitor.sends(http2.heading(fields))
        visitor.is_refused()
    client.sends(request.post("/pseudo/in-trailers", chunks=[b"hello"], more=True))
    client.sends(request.part(last=True, trailers=[(":path", "/")]))
    server.may_break_off(client)


@check("h2.pseudo.authority_host")
def a_host_does_not_win_over_the_authority(client: Client, server: Server) -> None:
    fields = client.fields_of(request.get("/two-hosts", headers=[("host", "authority.test")]))
    client.sends(http2.heading([*fields, ("host", "other.test")]))
    server.may_serve(client, headers=[("host", "authority.test")])


@check("h2.cookie")
def cookies_in_several_fields_are_joined(client: Client, app: App) -> None:
    client.sends(request.get("/cookies/joined", headers=COOKIES))
    app.is_called(headers=[("cookie", "first=1; second=2; third=3")])


@check("h2.header_limit")
def a_large_list_of_fields_is_an_error_or_served(client: Client, server: Server) -> None:
    headers = [("x-a", "x" * 16_384)] * 8
    client.sends(request.get("/large-fields", headers=headers))
    server.may_find_too_large(client, headers=headers)
    may_be_served_again(client, server)


@check("h2.content_length.request_mismatch")
def a_body_of_another_length_than_announced_is_no_whole_one(client: Client, server: Server) -> None:
    for body in (b"hel", b"hello you", b""):
        visitor = server.is_visited()
        visitor.sends(request.post("/length/request", body=body, headers=[FIVE]))
        server.may_break_off(visitor)
    client.sends(request.post("/length/request", body=b"hello", headers=[FIVE]))
    server.may_serve(client, b"hello")


@check("h2.content_length.response_mismatch")
def a_response_of_another_length_than_announced_does_not_end(client: Client, server: Server) -> None:
    for body in (b"hello you", b"hel"):
        stream = client.on_stream()
        app = asked(stream, server, "/length/response")
        app.may_respond(200, [FIVE], body)
        app.ends()
        stream.may_hear_trailers()
