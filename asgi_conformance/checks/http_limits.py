"""Requests that are larger than a server wants or can count (RFC 9110 §5.4, §8.6)."""

from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.server import Server
from asgi_conformance.wire import request

LONG = "x" * 65_536
LARGE_HEADERS = (
    [("x-a", LONG)],
    [(LONG, "1")],
    [("x-a", str(number)) for number in range(10_000)],
    [("x-a", LONG)] * 16,
)
HIDDEN = b"GET /hidden HTTP/1.1\r\nHost: localhost\r\n\r\n"
HUGE = (2**31, 2**32, 2**63, 2**64 + 5, 10**399)


@check("http.request.header_limits")
def headers_are_kept_to_the_last_byte_or_too_large(server: Server, client: Client) -> None:
    for headers in LARGE_HEADERS:
        visitor = server.is_visited()
        visitor.sends(request.get("/header-limits", headers=headers))
        server.may_find_too_large(visitor, headers=headers)
    server.goes_on_with(client)


@check("http.content_length.huge_request")
def a_huge_content_length_is_refused_or_waited_for(server: Server, client: Client) -> None:
    for length in HUGE:
        visitor = server.is_visited()
        visitor.sends(
            request.post("/content-length/huge", body=HIDDEN, headers=[("content-length", str(length))])
        )
        server.may_wait_for_the_rest(visitor)
    server.goes_on_with(client)
