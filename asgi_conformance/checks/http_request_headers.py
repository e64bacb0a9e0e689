"""The headers of a request as the scope holds them (www, HTTP Connection Scope and WSGI Encoding)."""

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.wire import request

FIFTY_TIMES = [("x-again", "the same")] * 50
ENCODED: list[tuple[str | bytes, str | bytes]] = [
    ("x-utf-8", "café €".encode()),
    ("x-latin-1", "café".encode("latin-1")),
    ("x-mime", "=?utf-8?q?caf=C3=A9?="),
    ("x-escaped", "caf%C3%A9 caf&eacute; caf\\xc3\\xa9"),
]


@check("http.scope.headers.duplicates")
def every_one_of_many_equal_headers_is_there(client: Client, app: App) -> None:
    client.sends(request.get("/equal-headers", headers=FIFTY_TIMES))
    app.is_called(headers=FIFTY_TIMES)


@check("http.scope.headers.exact_bytes")
def no_charset_and_no_encoding_is_changed(client: Client, app: App) -> None:
    client.sends(request.get("/charsets", headers=ENCODED))
    app.may_be_called(headers=ENCODED)


@check("http.scope.headers.reiterable")
def the_headers_can_be_looked_through_twice(client: Client, app: App) -> None:
    client.sends(request.get("/twice", headers=[("x-twice", "once")]))
    app.is_called(headers=[("x-twice", "once")])
    app.finds("'headers' in spent", False)


@check("http.scope.headers.lowercased")
def the_names_of_headers_are_in_lower_case(client: Client, app: App) -> None:
    client.sends(request.get("/letter-case", headers=[("X-Letter-CASE", "As It Is")]))
    app.is_called(headers=[("x-letter-case", "As It Is")])
    app.finds("all(name.islower() for name, value in scope['headers'])", True)
