"""Headers of a response that are rare or wrong: what becomes of them (www, HTTP)."""

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.spec import http
from asgi_conformance.spec.requirement import Level
from asgi_conformance.wire import request

LENGTH = (b"content-length", b"2")
LAST = http.response_body(body=b"ok", more_body=False)
EVERY_LETTER_OF_A_NAME = b"!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz"


@check("http.response.headers.exact_bytes")
def the_bytes_of_a_header_are_no_text_to_the_server(client: Client, app: App) -> None:
    client.sends(request.get("/headers/exact-bytes"))
    app.receives(http.request())
    headers = [
        (b"x-above-ascii", bytes(range(0x80, 0x100))),
        (b"x-printable", bytes(range(0x21, 0x7F))),
        (b"x-empty", b""),
        (EVERY_LETTER_OF_A_NAME, b"1"),
    ]
    app.responds(200, [LENGTH, *headers], b"ok")
    client.receives(status=200, headers=headers)


@check("http.response.start.headers.none")
def headers_that_are_none_are_refused_or_missing(client: Client, app: App) -> None:
    client.sends(request.get("/headers/none"))
    app.receives(http.request())
    app.may_send(http.response_start(status=200, headers=None))
    app.may_send(LAST)
    app.ends()
    client.may_receive(status=200, body=b"ok")


# Who says nothing at all has let no pseudo header out; what becomes of the client is judged elsewhere.
@check("http.response.start.headers.pseudo.server", silence=Level.MAY)
def pseudo_headers_stay_off_the_wire(client: Client, app: App) -> None:
    client.sends(request.get("/headers/pseudo"))
    app.receives(http.request())
    app.may_respond(200, [LENGTH, (b":status", b"500"), (b":path", b"/")], b"ok")
    app.ends()
    client.may_receive(status=200, headers=[(b":status", None), (b":path", None)], body=b"ok")


@check("http.response.start.headers.uppercase.server")
def upper_case_in_a_name_does_no_harm(client: Client, app: App) -> None:
    client.sends(request.get("/headers/uppercase"))
    app.receives(http.request())
    app.may_respond(200, [(b"Content-Length", b"2"), (b"X-Flavour", b"vanilla")], b"ok")
    app.ends()
    client.may_receive(status=200, headers=[("x-flavour", "vanilla")], body=b"ok")
