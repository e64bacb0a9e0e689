"""A response whose body is a file that the server reads by itself (extensions, Path Send)."""

from asgi_conformance.checks.declared_events import UNKNOWN, asks, is_being_answered
from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.server import Server
from asgi_conformance.spec import http
from asgi_conformance.spec.conversation import extend
from asgi_conformance.spec.kinds import STR
from asgi_conformance.spec.model import APPLICATION, Event, Field, Message, when
from asgi_conformance.wire import request

NAME = "http.response.pathsend"

pathsend = Event(NAME, APPLICATION, path=Field(STR))

# That a file does not go with other parts of a body is left to the application: the states do not tell.
extend(
    "http",
    NAME,
    {
        APPLICATION: {
            "responding": {when(pathsend): "done"},
            "promising": {when(pathsend): "concluding"},
        }
    },
)

POEM = b"Tyger Tyger, burning bright,\nIn the forests of the night;\n"
OTHER = POEM.upper()
LARGE = b"".join(request.pieces(8))
FILES = {
    "empty": b"",
    "one byte.bin": b"1",
    "a buffer and one.bin": LARGE[: (1 << 16) + 1],
    "ein großer Film.bin": LARGE,
}


def begins(client: Client, app: App, path: str, length: int) -> None:
    """A response has begun that announces a body of this length, as an application should."""
    asks(client, app, path)
    app.sends(http.response_start(status=200, headers=[(b"content-length", b"%d" % length)]))


def is_refused(client: Client, app: App, message: Message) -> None:
    """`send` raises for this message, or the client finds that something went wrong."""
    if app.may_send(message):
        app.ends()
        client.is_cut_off()


# The body


@check("http.response.pathsend.announced")
def a_server_announces_that_it_sends_files(client: Client, app: App) -> None:
    client.sends(request.get("/pathsend/announced"))
    app.finds_announced(NAME)


@check("http.response.pathsend.content")
def the_content_of_the_file_is_the_body(client: Client, app: App, server: Server) -> None:
    for name, content in FILES.items():
        begins(client, app, "/pathsend/content", len(content))
        app.sends(pathsend(path=app.has_a_file(name, content)))
        client.receives(status=200, body=content)
        client, app = server.is_visited(), server.is_to_call()


# Where no length was told, the client sees the end only when the server says so.
@check("http.response.pathsend.completes")
def a_file_completes_the_response_while_the_call_goes_on(client: Client, app: App) -> None:
    is_being_answered(client, app, "/pathsend/completes")
    app.sends(pathsend(path=app.has_a_file("complete.txt", POEM)))
    client.receives(status=200, body=POEM)


@check("http.response.pathsend.like_body")
def a_file_is_framed_as_any_body_is(client: Client, app: App, server: Server) -> None:
    path = app.has_a_file("framed.txt", POEM)
    for asking, body in ((request.get, POEM), (request.head, b"")):
        client.sends(asking("/pathsend/like-body"))
        app.receives(http.request())
        app.sends(http.response_start(status=200, headers=[]), pathsend(path=path))
        client.receives(status=200, body=body)
        app.returns()
        server.goes_on_with(client)
        client, app = server.is_visited(), server.is_to_call()


@check("http.response.pathsend.headers_untouched")
def the_headers_of_a_file_are_those_that_were_sent(client: Client, app: App, server: Server) -> None:
    length = (b"content-length", b"%d" % len(POEM))
    given = [(b"content-type", b"text/x-poem; charset=utf-8"), length, (b"content-language", b"en")]
    for headers, found in ((given, given), ([length], [length, (b"content-type", None)])):
        asks(client, app, "/pathsend/headers")
        app.sends(http.response_start(status=200, headers=headers))
        app.sends(pathsend(path=app.has_a_file("untouched.html", POEM)))
        client.receives(status=200, headers=found, body=POEM)
        client, app = server.is_visited(), server.is_to_call()


# What does not belong there


# Ruling ext.pathsend: what is mixed with parts of a body is only looked at.
@check("http.response.pathsend.after_body")
def a_file_after_a_part_of_the_body_is_refused(client: Client, app: App) -> None:
    is_being_answered(client, app, "/pathsend/after-body")
    app.sends(http.response_body(body=b"A poem: ", more_body=True))
    app.cannot_send(pathsend(path=app.has_a_file("after a part.txt", POEM)))


@check("http.response.pathsend.body_after")
def a_part_after_a_file_has_no_effect(client: Client, app: App, server: Server) -> None:
    begins(client, app, "/pathsend/body-after", len(POEM))
    app.sends(pathsend(path=app.has_a_file("before a part.txt", POEM)))
    app.may_send(http.response_body(body=OTHER, more_body=False))
    client.receives(status=200, body=POEM)
    app.returns()
    server.goes_on_with(client)


@check("http.response.pathsend.twice")
def a_second_file_has_no_effect(client: Client, app: App, server: Server) -> None:
    begins(client, app, "/pathsend/twice", len(POEM))
    app.sends(pathsend(path=app.has_a_file("first.txt", POEM)))
    app.may_send(pathsend(path=app.has_a_file("second.txt", OTHER)))
    client.receives(status=200, body=POEM)
    app.returns()
    server.goes_on_with(client)


@check("http.response.pathsend.before_start")
def a_file_before_the_start_is_refused(client: Client, app: App) -> None:
    asks(client, app, "/pathsend/before-start")
    app.cannot_send(pathsend(path=app.has_a_file("early.txt", POEM)))


# What is said wrongly


@check("http.response.pathsend.path.missing.raises")
def a_file_without_a_path_is_refused(client: Client, app: App) -> None:
    begins(client, app, "/pathsend/no-path", len(POEM))
    app.cannot_send(pathsend())


# A number could be taken for a descriptor, of which nobody knows whose it is.
@check("http.response.pathsend.path.wrong_type.raises")
def a_path_of_another_type_is_refused(client: Client, app: App, server: Server) -> None:
    path = app.has_a_file("wrongly called.txt", POEM)
    for wrong in (path.encode(), [path], None):
        begins(client, app, "/pathsend/path-of-wrong-type", len(POEM))
        app.cannot_send(pathsend(path=wrong))
        client, app = server.is_visited(), server.is_to_call()


@check("http.response.pathsend.path.relative")
def a_relative_path_is_refused(client: Client, app: App) -> None:
    app.has_a_file("relative.txt", POEM)
    begins(client, app, "/pathsend/relative", len(POEM))
    is_refused(client, app, pathsend(path="files/relative.txt"))


@check("http.response.pathsend.path.unreadable")
def a_file_that_cannot_be_read_leaves_nobody_waiting(client: Client, app: App, server: Server) -> None:
    nowhere = app.has_no_file("nowhere.txt")
    for path in (nowhere, app.has_no_file("")):
        begins(client, app, "/pathsend/unreadable", len(POEM))
        app.may_send(pathsend(path=path))
        app.ends()
        client.is_not_left_waiting()
        client, app = server.is_visited(), server.is_to_call()


@check("http.response.pathsend.length_mismatch")
def a_file_of_another_length_does_not_spoil_the_connection(client: Client, app: App, server: Server) -> None:
    path = app.has_a_file("of another length.txt", POEM)
    for length in (len(POEM) - 1, len(POEM) + 1):
        begins(client, app, "/pathsend/length-mismatch", length)
        app.may_send(pathsend(path=path))
        app.ends()
        client.is_not_left_waiting()
        server.goes_on_with(client)
        client, app = server.is_visited(), server.is_to_call()


@check("http.response.pathsend.extra_keys.tolerated")
def keys_that_are_unknown_are_ignored(client: Client, app: App) -> None:
    begins(client, app, "/pathsend/extra-keys", len(POEM))
    app.sends(pathsend(path=app.has_a_file("with more keys.txt", POEM), **UNKNOWN))
    client.receives(status=200, body=POEM)
