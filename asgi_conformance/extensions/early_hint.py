"""Early hints: links that a client is told of before the response (extensions, Early Hints)."""

import re
from collections.abc import Iterable

from asgi_conformance.checks.declared_events import UNKNOWN, posts, takes
from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.expectation import Broken, Unsupported
from asgi_conformance.dialogue.server import Server
from asgi_conformance.spec import http
from asgi_conformance.spec.conversation import extend
from asgi_conformance.spec.kinds import BYTES, Foreign, several, shortened
from asgi_conformance.spec.model import APPLICATION, Event, Field, when
from asgi_conformance.wire import request
from asgi_conformance.wire.answer import Interim

NAME = "http.response.early_hint"

hint = Event(NAME, APPLICATION, links=Field(several(BYTES)))

# Until August 2026 the text placed it after the start, when a client can be told of nothing before it.
extend("http", NAME, {APPLICATION: {"start": {when(hint): "start"}}})

LENGTH = (b"content-length", b"2")
STYLE = b"</style.css>; rel=preload; as=style"
SCRIPT = b'</app.js>; rel="preload"; title="one, two"'


def hints(app: App, *links: bytes) -> None:
    """Say these links early. Raises Unsupported where that is refused, which is judged elsewhere."""
    takes(app, hint(links=list(links)))


def finds(client: Client, *links: bytes) -> None:
    """The client is told of these links before the response, on whatever number of lines.

    Raises Unsupported where it is told of nothing: a server may ignore early hints.
    """
    interims = client.hears_interims()
    if not interims:
        raise Unsupported("the server ignores early hints")
    told = [value for each in interims for name, value in each.headers if name == b"link"]
    if joined(told) != joined(links):
        raise Broken(f"the client was told of {shortened(told)}, not {shortened(links)}")


def joined(links: Iterable[bytes]) -> bytes:
    """The links in one line, however they were spread (RFC 9110 §5.3)."""
    return re.sub(rb"\s*,\s*", b",", b",".join(links))


@check("http.response.early_hint.announced")
def early_hints_are_announced(client: Client, app: App) -> None:
    client.sends(request.get("/early-hint/announced"))
    app.finds_announced(NAME)


# What comes of them


@check("http.response.early_hint.sent")
def an_early_hint_comes_before_the_response(client: Client, app: App) -> None:
    posts(client, app, "/early-hint/sent")
    hints(app, STYLE)
    app.responds(200, [LENGTH], b"ok")
    client.receives(Interim(103))
    client.receives(status=200, body=b"ok")


@check("http.response.early_hint.links")
def each_link_is_told(client: Client, app: App) -> None:
    posts(client, app, "/early-hint/links")
    hints(app, STYLE, SCRIPT)
    app.responds(200, [LENGTH], b"ok")
    finds(client, STYLE, SCRIPT)


@check("http.response.early_hint.multiple")
def there_may_be_several_early_hints(client: Client, app: App) -> None:
    posts(client, app, "/early-hint/several")
    hints(app, STYLE)
    hints(app, SCRIPT)
    app.responds(200, [LENGTH], b"ok")
    client.receives(Interim(103, ((b"link", STYLE),)))
    client.receives(Interim(103, ((b"link", SCRIPT),)))
    client.receives(status=200, body=b"ok")


@check("http.response.early_hint.final_unchanged")
def the_response_is_the_same_with_an_early_hint(client: Client, app: App) -> None:
    posts(client, app, "/early-hint/response-unchanged")
    hints(app, STYLE)
    app.responds(201, [LENGTH, (b"x-flavour", b"vanilla")], b"ok")
    headers = [("content-length", "2"), ("x-flavour", "vanilla"), ("link", None)]
    client.receives(status=201, headers=headers, body=b"ok")


@check("http.response.early_hint.http_1_0")
def who_speaks_http_1_0_is_told_nothing_early(client: Client, app: App) -> None:
    client.sends(b"GET /early-hint/http-1.0 HTTP/1.0\r\nHost: localhost\r\n\r\n")
    app.receives(http.request())
    app.may_send(hint(links=[STYLE]))
    app.responds(200, [LENGTH], b"ok")
    for interim in client.hears_interims():
        raise Broken(f"a client of HTTP/1.0 received {interim}")


# Their place


@check("http.response.early_hint.before_start")
def an_early_hint_is_taken_before_the_start(client: Client, app: App) -> None:
    posts(client, app, "/early-hint/before-start")
    app.sends(hint(links=[STYLE]))
    app.answers(client)


# Whether it is refused or ignored is open.
@check("http.response.early_hint.between_parts")
def an_early_hint_in_the_middle_of_a_body_damages_nothing(client: Client, app: App) -> None:
    posts(client, app, "/early-hint/between-parts")
    app.sends(http.response_start(status=200, headers=[]), http.response_body(body=b"one, ", more_body=True))
    client.receives_head(status=200)
    client.receives_part(b"one, ")
    app.may_send(hint(links=[STYLE]))
    app.sends(http.response_body(body=b"two", more_body=False))
    client.receives_part(b"two")
    client.receives_end()


@check("http.response.early_hint.after_end")
def an_early_hint_after_the_response_has_no_effect(client: Client, app: App) -> None:
    posts(client, app, "/early-hint/after-end")
    app.answers(client)
    app.may_send(hint(links=[STYLE]))
    client.hears_nothing_more()


# How they are said


@check("http.response.early_hint.links.any_iterable")
def the_links_may_be_any_iterable(client: Client, app: App, server: Server) -> None:
    for links in ([STYLE], (STYLE,), Foreign("generator", [STYLE])):
        posts(client, app, "/early-hint/any-iterable")
        if isinstance(links, list):
            hints(app, *links)
        else:
            app.sends(hint(links=links))
        app.responds(200, [LENGTH], b"ok")
        finds(client, STYLE)
        client, app = server.is_visited(), server.is_to_call()


@check("http.response.early_hint.links.missing.raises")
def an_early_hint_without_links_is_refused(client: Client, app: App) -> None:
    posts(client, app, "/early-hint/no-links")
    app.cannot_send(hint())


@check("http.response.early_hint.links.wrong_type.raises")
def links_that_are_no_iterable_of_bytes_are_refused(client: Client, app: App, server: Server) -> None:
    for wrong in hint.fields["links"].kind.strangers([STYLE]):
        posts(client, app, "/early-hint/wrong-links")
        app.cannot_send(hint(links=wrong))
        client, app = server.is_visited(), server.is_to_call()


@check("http.response.early_hint.extra_keys.tolerated")
def keys_that_are_unknown_are_ignored(client: Client, app: App) -> None:
    posts(client, app, "/early-hint/extra-keys")
    hints(app, STYLE)
    app.sends(hint(links=[SCRIPT], **UNKNOWN))
    app.answers(client)
