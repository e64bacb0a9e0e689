"""Server push: responses to requests that a client has not made (extensions, HTTP/2 Server Push)."""

import contextlib
import re
from urllib.parse import unquote_to_bytes

from asgi_conformance.checks.declared_events import UNKNOWN, asks, is_being_answered, strangers, takes
from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.expectation import Broken, Unsupported, header_differences
from asgi_conformance.dialogue.server import Server
from asgi_conformance.dialogue.stage import SIGNATURE
from asgi_conformance.dialogue.transcript import spelled
from asgi_conformance.spec import http
from asgi_conformance.spec.conversation import extend
from asgi_conformance.spec.kinds import HEADERS, STR, shortened
from asgi_conformance.spec.model import APPLICATION, Event, Field, Message, when
from asgi_conformance.wire import http2, request
from asgi_conformance.wire.answer import Promise

NAME = "http.response.push"

push = Event(NAME, APPLICATION, path=Field(STR), headers=Field(HEADERS))

extend(
    "http",
    NAME,
    {APPLICATION: {"responding": {when(push): "responding"}, "promising": {when(push): "promising"}}},
)

LENGTH = (b"content-length", b"2")
START = http.response_start(status=200, headers=[LENGTH])
BODY = http.response_body(body=b"ok", more_body=False)
IN_A_URL = re.compile(rb"(?:[\w\-.~!$&'()*+,;=:@/]|%[0-9A-Fa-f]{2})+", re.ASCII)
"""A path as it may be written (RFC 3986 §3.3)."""


def pushed(client: Client, path: str) -> Message:
    """A push of this path, with a header by which its call is known to be of this dialogue."""
    return push(path=path, headers=[(SIGNATURE, client.signature)])


def uncalled(path: str, *headers: tuple[bytes, bytes]) -> Message:
    """A push of this path with these headers, and one by which its call is known to be of none."""
    return push(path=path, headers=[(SIGNATURE, b"none"), *headers])


def promised(client: Client) -> Promise:
    """What is promised first beside the response, which comes whole.

    Raises Unsupported where nothing is: to push or not is for the server to decide.
    """
    promises = client.hears_promises()
    if not promises:
        raise Unsupported("the server promises nothing")
    return promises[0]


def is_refused(app: App, wrong: Message) -> None:
    """`send` raises for this push, which need not tell whose it is."""
    if not app.may_fail_to_send(wrong):
        # Another check would take its call for its own.
        with contextlib.suppress(Broken):
            app.is_called_again()
        raise Broken(f"send took {spelled(wrong)} without an error")


def carries(promise: Promise, *headers: tuple[str, str]) -> None:
    """The promised request has these headers."""
    if found := header_differences(headers, promise.headers):
        raise Broken(f"the promised request: {'; '.join(found)}")


@check("http.response.push.announced")
def pushes_are_announced(client: Client, app: App) -> None:
    client.sends(request.get("/push/announced"))
    app.finds_announced(NAME)


# The promise


@check("http.response.push.promise_sent")
def a_push_promises_a_response(client: Client, app: App) -> None:
    asks(client, app, "/push/promises")
    app.sends(START, uncalled("/push/promised.css"), BODY)
    if not client.hears_promises():
        raise Broken("the server promises nothing")


@check("http.response.push.path")
def the_path_of_a_push_is_the_path_that_is_promised(client: Client, app: App, server: Server) -> None:
    for path in ("/push/style.css", "/push/café.css", "/push/main style.css"):
        asks(client, app, "/push/path")
        app.sends(START, uncalled(path), BODY)
        found = promised(client).path or b""
        if not IN_A_URL.fullmatch(found) or unquote_to_bytes(found) != path.encode():
            raise Broken(f"{shortened(found)} is promised for the path {path!r}")
        client, app = server.is_visited(), server.is_to_call()


@check("http.response.push.headers")
def the_headers_of_a_push_are_those_of_the_promised_request(client: Client, app: App) -> None:
    asks(client, app, "/push/headers")
    flavours = [(b"x-flavour", b"vanilla"), (b"x-flavour", b"chocolate")]
    app.sends(START, uncalled("/push/translated.css", (b"accept-language", b"de"), *flavours), BODY)
    carries(promised(client), ("accept-language", "de"), ("x-flavour", "vanilla"), ("x-flavour", "chocolate"))


@check("http.response.push.authority")
def what_is_promised_is_of_the_same_authority(client: Client, app: App) -> None:
    client.sends(request.get("/push/authority", headers=[("host", "shop.example:8443")]))
    app.receives(http.request())
    app.sends(START, uncalled("/push/of-the-shop.css"), BODY)
    carries(promised(client), (":authority", "shop.example:8443"))


@check("http.response.push.client_disabled")
def who_wants_no_pushes_gets_none(client: Client, app: App, server: Server) -> None:
    client.sends(http2.settings(enable_push=0))
    asks(client, app, "/push/unwanted")
    app.sends(START, pushed(client, "/push/unwanted.css"), BODY)
    for promise in client.hears_promises():
        raise Broken(f"the client received a {promise}")
    server.goes_on_with(client)


# The new call


@check("http.response.push.new_call")
def a_push_calls_the_application_again(client: Client, app: App) -> None:
    asks(client, app, "/push/new-call")
    app.sends(START, pushed(client, "/push/new-call.css"), BODY)
    promised(client)
    second = app.is_called_again(method="GET", path="/push/new-call.css")
    second.responds(200, [(b"content-length", b"5")], b"style")
    client.receives(status=200, body=b"style")


@check("http.response.push.new_call.request_event")
def the_new_call_receives_an_empty_request(client: Client, app: App) -> None:
    asks(client, app, "/push/empty-request")
    app.sends(START, pushed(client, "/push/empty-request.css"), BODY)
    promised(client)
    second = app.is_called_again(path="/push/empty-request.css")
    second.receives(http.request(body=b"", more_body=False))


@check("lifespan.state.in_push")
def the_new_call_has_a_state_if_the_request_has(http2_client: Client, app: App) -> None:
    asks(http2_client, app, "/push/state")
    app.sends(START, pushed(http2_client, "/push/state.css"), BODY)
    promised(http2_client)
    app.is_called_again(path="/push/state.css").is_offered_as_to(app, "state")


@check("http.response.push.nested")
def a_push_in_a_new_call_breaks_nothing(client: Client, app: App, server: Server) -> None:
    asks(client, app, "/push/nested")
    app.sends(START, pushed(client, "/push/outer.css"), BODY)
    promised(client)
    second = app.is_called_again(path="/push/outer.css")
    second.sends(START)
    second.may_send(uncalled("/push/inner.css"))
    second.sends(BODY)
    client.receives(status=200, body=b"ok")
    server.goes_on_with(client)


# Its place


@check("http.response.push.between_start_and_end")
def pushes_may_come_anywhere_in_a_response(client: Client, app: App) -> None:
    asks(client, app, "/push/anywhere")
    app.sends(http.response_start(status=200, headers=[]), uncalled("/push/1.css"))
    app.sends(http.response_body(body=b"one, ", more_body=True))
    app.sends(uncalled("/push/2.css"), uncalled("/push/3.css"))
    app.sends(http.response_body(body=b"two", more_body=False))
    client.hears_promises(status=200, body=b"one, two")


@check("http.response.push.before_start")
def a_push_before_the_start_is_refused(client: Client, app: App) -> None:
    asks(client, app, "/push/before-start")
    app.cannot_send(pushed(client, "/push/too-early.css"))


@check("http.response.push.after_end")
def a_push_after_the_response_has_no_effect(client: Client, app: App, server: Server) -> None:
    asks(client, app, "/push/after-end")
    app.answers(client)
    app.may_send(pushed(client, "/push/too-late.css"))
    client.hears_nothing_more()
    server.has_not_called_again()


@check("http.response.push.http1")
def a_push_over_http_1_changes_nothing(client: Client, app: App, server: Server) -> None:
    asks(client, app, "/push/http-1")
    app.is_offered_extension(NAME)
    app.sends(START, pushed(client, "/push/over-http-1.css"), BODY)
    client.receives(status=200, body=b"ok")
    app.returns()
    server.goes_on_with(client)


# How it is said


@check("http.response.push.path.missing.raises")
def a_push_without_a_path_is_refused(client: Client, app: App) -> None:
    is_being_answered(client, app, "/push/no-path")
    is_refused(app, push(headers=[(SIGNATURE, client.signature)]))


@check("http.response.push.headers.missing.raises")
def a_push_without_headers_is_refused(client: Client, app: App) -> None:
    is_being_answered(client, app, "/push/no-headers")
    is_refused(app, push(path="/push/without-headers.css"))


@check("http.response.push.wrong_types.raises")
def a_push_with_a_value_of_another_type_is_refused(client: Client, app: App, server: Server) -> None:
    for wrong in strangers(push, {"path": "/push/of-wrong-types.css", "headers": []}):
        is_being_answered(client, app, "/push/wrong-types")
        is_refused(app, wrong)
        client, app = server.is_visited(), server.is_to_call()


@check("http.response.push.extra_keys.tolerated")
def keys_that_are_unknown_are_ignored(client: Client, app: App) -> None:
    asks(client, app, "/push/extra-keys")
    app.sends(START)
    takes(app, uncalled("/push/plain.css"))
    app.sends(uncalled("/push/extra.css") | UNKNOWN, BODY)
    client.hears_promises(status=200, body=b"ok")
