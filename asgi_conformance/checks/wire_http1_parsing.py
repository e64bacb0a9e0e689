"""What is no request of HTTP/1.1, or hardly one: refused, or read as the RFC allows (RFC 9112 §2, §3, §5)."""

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.expectation import either, like
from asgi_conformance.dialogue.server import Server
from asgi_conformance.wire import request


def lines(*each: bytes) -> bytes:
    """A request without a body, line by line; Host is the last one."""
    return b"\r\n".join((*each, b"Host: localhost", b"", b""))


# With a space in the place of the CR this is what is left to see.
BARE_CRS: tuple[tuple[bytes, dict[str, object]], ...] = (
    (
        lines(b"GET /bare-cr/between-fields HTTP/1.1", b"x-a: 1\rx-b: 2"),
        {"headers": [("x-a", "1 x-b: 2"), ("x-b", None)]},
    ),
    (lines(b"GET /bare-cr/before-a-value HTTP/1.1", b"x-a:\r1"), {"headers": [("x-a", "1")]}),
    (lines(b"GET /bare-cr/behind-a-value HTTP/1.1", b"x-a: 1\r"), {"headers": [("x-a", "1")]}),
    (lines(b"GET /bare-cr/in-a-name HTTP/1.1", b"x\r-a: 1"), {"headers": [("x-a", None), ("-a", None)]}),
    (lines(b"GET /bare-cr/in-the\r-target HTTP/1.1"), {"path": "/bare-cr/in-the -target"}),
)

# RFC 9112 §2.2 lets a recipient take a single LF for the end of a line.
BARE_LFS = (
    b"GET /bare-lf/behind-request-line HTTP/1.1\nHost: localhost\r\nx-a: 1\r\n\r\n",
    b"GET /bare-lf/between-fields HTTP/1.1\r\nHost: localhost\nx-a: 1\r\n\r\n",
)

HEADERS_BEHIND_A_SPACE = (
    (b" x-a: 1", ("x-a", None)),
    (b"\tx-a: 1", ("x-a", None)),
    (b" x-b: 1\r\n x-a: 2", ("x-a", None)),
    (b" host: elsewhere", ("host", "localhost")),
)

NO_VERSIONS = (
    b"http/1.1",
    b"HTTP/1",
    b"HTTP/1.",
    b"HTTP/1.10",
    b"HTTP/01.1",
    b"HTTP/1,1",
    b"HTTP/+1.1",
    b"ICE/1.1",
)
OTHER_VERSIONS = (b"HTTP/1.2", b"HTTP/2.0", b"HTTP/9.9", b"HTTP/0.9")

# RFC 9112 §3 lets a recipient take any whitespace for the one space between two words.
LENIENT_REQUEST_LINES = (
    b"GET  /request-line HTTP/1.1",
    b"GET /request-line  HTTP/1.1",
    b"GET\t/request-line\tHTTP/1.1",
    b"GET /request-line HTTP/1.1 ",
    b" GET /request-line HTTP/1.1",
)
NO_REQUEST_LINES = (
    b"GET /request-line/with space HTTP/1.1",
    b"GET /request-line/without-version",
    b"GET HTTP/1.1",
    b"/request-line/without-method HTTP/1.1",
    b"GET /request-line/with-more HTTP/1.1 words",
    b"G@T /request-line/method-is-no-token HTTP/1.1",
    b'"GET" /request-line/method-is-quoted HTTP/1.1',
    b"GET /request-line/with-nul\0 HTTP/1.1",
    b"GET /request-line/with-del\x7f HTTP/1.1",
    b"GET request-line/without-slash HTTP/1.1",
)

GARBAGE = (
    b"\x16\x03\x01\x00\xc8\x01\x00\x00\xc4\x03\x03" + bytes(189) + b"\r\n\r\n",
    b"what is not HTTP\r\n\r\n",
    lines(b"GET /garbage/line-without-colon HTTP/1.1", b"x-a"),
    lines(b"GET /garbage/field-without-name HTTP/1.1", b": 1"),
    lines(b"GET /garbage/name-is-no-token HTTP/1.1", b"x[a]: 1"),
    lines(b"GET /garbage/name-in-latin-1 HTTP/1.1", b"x-\xe9: 1"),
    lines(b"GET /garbage/space-in-a-name HTTP/1.1", b"x a: 1"),
)

HOSTS: tuple[tuple[str, request.Fields], ...] = (
    ("/host/twice", [("host", "a.example"), ("host", "b.example")]),
    ("/host/twice-the-same", [("host", "a.example"), ("host", "a.example")]),
    ("/host/with-space", [("host", "a b/c")]),
    ("/host/with-path", [("host", "a/c")]),
    ("/host/with-query", [("host", "a?b")]),
    ("/host/with-user", [("host", "user@a")]),
    ("/host/with-no-port", [("host", "a:port")]),
)

FOLDED = (
    (b"1\r\n 2", like(rb"1 +2")),
    (b"1\r\n\t2", like(rb"1 +2")),
    (b"1\r\n 2\r\n  3", like(rb"1 +2 +3")),
    (b"\r\n 1", "1"),
)


@check("h1.parse.leading_empty_line")
def an_empty_line_before_a_request_is_skipped(client: Client, app: App) -> None:
    client.sends(b"\r\n" + lines(b"GET /behind-an-empty-line HTTP/1.1"))
    app.is_called(path="/behind-an-empty-line").responds(200, [(b"content-length", b"5")], b"hello")
    client.receives(status=200, body=b"hello")
    client.sends(b"\r\n" + lines(b"GET /behind-another HTTP/1.1"))
    app.is_called_again(path="/behind-another")


@check("h1.parse.bare_lf")
def a_bare_lf_is_refused_or_ends_a_line(client: Client, server: Server) -> None:
    for said in BARE_LFS:
        visitor = server.is_visited()
        visitor.sends(said)
        server.may_serve(visitor, headers=[("host", "localhost"), ("x-a", "1")])
    server.goes_on_with(client)


@check("h1.parse.bare_cr")
def a_bare_cr_is_refused_or_a_space(client: Client, server: Server) -> None:
    for said, seen in BARE_CRS:
        visitor = server.is_visited()
        visitor.sends(said)
        server.may_serve(visitor, **seen)  # type: ignore[arg-type]  # neither a body nor a status
    server.goes_on_with(client)


@check("h1.parse.space_before_first_field")
def a_header_behind_a_space_is_refused_or_dropped(client: Client, server: Server) -> None:
    for line, header in HEADERS_BEHIND_A_SPACE:
        visitor = server.is_visited()
        visitor.sends(lines(b"GET /space-before-first-field HTTP/1.1", line))
        server.may_serve(visitor, path="/space-before-first-field", headers=[header])
    server.goes_on_with(client)


@check("h1.version.invalid")
def a_version_that_is_none_is_refused(client: Client, server: Server) -> None:
    for version in NO_VERSIONS:
        visitor = server.is_visited()
        visitor.sends(lines(b"GET /version/%s %s" % (version.lower(), version)))
        visitor.is_refused()
    for version in OTHER_VERSIONS:
        visitor = server.is_visited()
        visitor.sends(lines(b"GET /version/%s %s" % (version.lower(), version)))
        server.may_serve(visitor, http_version=either("1.0", "1.1"))
    server.goes_on_with(client)


@check("h1.request_line.invalid")
def a_broken_request_line_is_not_mended(client: Client, server: Server) -> None:
    for line in LENIENT_REQUEST_LINES:
        visitor = server.is_visited()
        visitor.sends(lines(line))
        server.may_serve(visitor, method="GET", path="/request-line", http_version="1.1")
    for line in NO_REQUEST_LINES:
        visitor = server.is_visited()
        visitor.sends(lines(line))
        visitor.is_refused()
    server.goes_on_with(client)


@check("h1.request_target.too_long")
def a_target_is_kept_whole_or_said_to_be_too_long(client: Client, server: Server) -> None:
    for length in (1 << 16, 1 << 20):
        target = "/" + "x" * length
        visitor = server.is_visited()
        visitor.sends(request.get(target))
        # RFC 9112 §3 asks for 414; a limit on the whole head has an answer of its own (RFC 6585 §5).
        server.may_serve(visitor, path=target, refusal=either(400, 414, 431))
    server.goes_on_with(client)


@check("h1.parse.garbage")
def what_is_not_http_is_refused(client: Client, server: Server) -> None:
    for said in GARBAGE:
        visitor = server.is_visited()
        visitor.sends(said)
        visitor.is_refused()
        server.serves_no_more(visitor)
    server.goes_on_with(client)


@check("h1.host.missing")
def a_request_without_host_is_refused(client: Client) -> None:
    client.sends(b"GET /host/missing HTTP/1.1\r\n\r\n")
    client.is_refused()


@check("h1.host.multiple_or_invalid")
def a_request_with_two_hosts_or_a_broken_one_is_refused(client: Client, server: Server) -> None:
    for path, headers in HOSTS:
        visitor = server.is_visited()
        visitor.sends(request.get(path, headers=headers))
        visitor.is_refused()
    server.goes_on_with(client)


@check("h1.field.space_before_colon")
def a_space_before_the_colon_is_refused(client: Client, server: Server) -> None:
    for name in ("x-a ", "x-a\t", "host ", "content-length "):
        visitor = server.is_visited()
        visitor.sends(request.get("/space-before-colon", headers=[(name, "1")]))
        visitor.is_refused()
    server.goes_on_with(client)


@check("h1.field.obs_fold")
def a_folded_header_is_refused_or_unfolded(client: Client, server: Server) -> None:
    for said, seen in FOLDED:
        visitor = server.is_visited()
        visitor.sends(request.get("/folded", headers=[("x-a", said)]))
        server.may_serve(visitor, headers=[("x-a", seen)])
    server.goes_on_with(client)
