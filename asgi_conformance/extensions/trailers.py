"""Trailers: fields that follow the body of a response (extensions, HTTP Trailers)."""

from asgi_conformance.checks.declared_events import UNKNOWN, posts, strangers, takes
from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.expectation import Broken
from asgi_conformance.dialogue.server import Server
from asgi_conformance.spec import http
from asgi_conformance.spec.conversation import extend
from asgi_conformance.spec.kinds import BOOL, HEADERS, shortened
from asgi_conformance.spec.model import APPLICATION, Event, Field, last, more
from asgi_conformance.spec.requirement import Level
from asgi_conformance.wire import request
from asgi_conformance.wire.http1 import HTTP1
from asgi_conformance.wire.request import Fields, Headers

NAME = "http.response.trailers"

trailers = Event(NAME, APPLICATION, headers=Field(HEADERS), more_trailers=Field(BOOL, False))

extend(
    "http",
    NAME,
    {
        APPLICATION: {
            "concluding": {
                more(trailers, "more_trailers"): "concluding",
                last(trailers, "more_trailers"): "done",
            }
        }
    },
)

TE = ("te", "trailers")
LENGTH = (b"content-length", b"2")
TRAILER = (b"trailer", b"x-sum, x-flavour")
SUM = (b"x-sum", b"5")
FLAVOUR = (b"x-flavour", b"vanilla")
PROMISE = http.response_start(status=200, headers=[TRAILER], trailers=True)
BODY = http.response_body(body=b"ok", more_body=False)
TRAILERS = trailers(headers=[SUM], more_trailers=False)
OF_FRAMING = [(b"content-length", b"9"), (b"transfer-encoding", b"chunked"), (b"host", b"elsewhere")]


def te(version: str) -> Fields:
    """The headers of who takes trailers: only HTTP/1.1 has hops to keep them to (RFC 9110 §10.1.4)."""
    return [TE, ("connection", "te")] if version == HTTP1.version else [TE]


def asks(client: Client, app: App, path: str) -> None:
    """A request is made by a client that takes trailers, and the application has read it."""
    posts(client, app, path, te(client.version))


def carries(found: Headers, *wanted: tuple[bytes, bytes]) -> None:
    """Of the names that are wanted, just these fields were found, in this order."""
    names = {name for name, _ in wanted}
    told = [field for field in found if field[0] in names]
    if told != list(wanted):
        raise Broken(f"the trailers are {shortened(told)}, not {shortened(list(wanted))}")


def carries_none(found: Headers | None, *names: bytes) -> None:
    """No trailers were found, or none of these names."""
    told = [field for field in found or () if not names or field[0] in names]
    if told:
        raise Broken(f"the response has the trailers {shortened(told)}")


@check("http.response.trailers.announced")
def trailers_are_announced(client: Client, app: App) -> None:
    asks(client, app, "/trailers/announced")
    app.finds_announced(NAME)


# What comes of them


@check("http.response.trailers.sent.http1")
def trailers_follow_the_last_chunk(client: Client, app: App) -> None:
    asks(client, app, "/trailers/after-the-last-chunk")
    app.sends(PROMISE, BODY, TRAILERS)
    carries(client.hears_trailers(), SUM)


@check("http.response.trailers.sent.h2")
def trailers_end_the_stream(client: Client, app: App) -> None:
    asks(client, app, "/trailers/end-of-stream")
    app.sends(PROMISE, BODY, TRAILERS)
    carries(client.hears_trailers(), SUM)


@check("http.response.trailers.headers")
def trailers_come_in_their_order_and_byte_for_byte(client: Client, app: App) -> None:
    fields = [FLAVOUR, SUM, (b"x-empty", b""), (b"x-flavour", b'caf\xe9, "a b";  q=\xc3\xa9')]
    asks(client, app, "/trailers/fields")
    app.sends(PROMISE, BODY, trailers(headers=fields, more_trailers=False))
    carries(client.hears_trailers(), *fields)


# Ruling ext.trailers.te-gate: the response is to be complete whoever asks.
@check("http.response.trailers.te_required", silence=Level.MUST)
def who_did_not_ask_for_trailers_gets_none(client: Client, app: App) -> None:
    posts(client, app, "/trailers/not-asked-for")
    app.sends(PROMISE, BODY, TRAILERS)
    carries_none(client.hears_trailers())


@check("http.response.trailers.trailer_header.not_validated")
def trailers_need_not_be_named_in_the_head(client: Client, app: App) -> None:
    asks(client, app, "/trailers/unnamed")
    app.sends(http.response_start(status=200, headers=[], trailers=True), BODY, TRAILERS)
    carries(client.hears_trailers(), SUM)


@check("http.response.trailers.forbidden_fields")
def trailers_about_framing_are_refused_or_dropped(client: Client, app: App) -> None:
    asks(client, app, "/trailers/of-framing")
    app.sends(PROMISE, BODY)
    app.may_send(trailers(headers=OF_FRAMING, more_trailers=False))
    app.ends()
    client.receives_head(status=200)
    client.receives_part(b"ok")
    carries_none(client.may_hear_trailers(), *(name for name, _ in OF_FRAMING))


# When the response ends


@check("http.response.trailers.body_does_not_end")
def the_last_part_of_a_body_with_trailers_does_not_end_the_response(client: Client, app: App) -> None:
    asks(client, app, "/trailers/awaited")
    app.sends(PROMISE, BODY)
    client.receives_head(status=200)
    client.receives_part(b"ok")
    client.hears_nothing()


@check("http.response.trailers.more_trailers.false_ends")
def the_last_trailers_end_the_response(client: Client, app: App, server: Server) -> None:
    for final in (TRAILERS, trailers(headers=[SUM]), trailers(headers=[], more_trailers=False)):
        asks(client, app, "/trailers/last")
        app.sends(PROMISE, BODY, final)
        client.receives(status=200, body=b"ok")
        client, app = server.is_visited(), server.is_to_call()


@check("http.response.trailers.more_trailers.true")
def trailers_may_come_in_several_events(client: Client, app: App) -> None:
    asks(client, app, "/trailers/several")
    app.sends(PROMISE, BODY)
    app.sends(trailers(headers=[SUM], more_trailers=True))
    app.sends(trailers(headers=[FLAVOUR], more_trailers=False))
    carries(client.hears_trailers(), SUM, FLAVOUR)


@check("http.response.trailers.never_sent")
def who_waits_for_trailers_that_never_come_is_not_left_waiting(client: Client, app: App) -> None:
    asks(client, app, "/trailers/never")
    app.sends(PROMISE, BODY)
    app.returns()
    client.is_not_left_waiting()


# Where they do not belong


@check("http.response.trailers.without_flag")
def trailers_that_were_not_promised_have_no_effect(client: Client, app: App) -> None:
    asks(client, app, "/trailers/not-promised")
    app.sends(http.response_start(status=200, headers=[], trailers=False), BODY)
    app.may_send(TRAILERS)
    carries_none(client.hears_trailers())
    client.hears_nothing_more()


@check("http.response.trailers.before_body_end")
def trailers_before_the_last_part_are_refused(client: Client, app: App) -> None:
    asks(client, app, "/trailers/too-early")
    app.sends(PROMISE, http.response_body(body=b"ok", more_body=True))
    app.cannot_send(TRAILERS)


@check("http.response.trailers.with_content_length")
def trailers_beside_a_content_length_break_no_framing(client: Client, app: App, server: Server) -> None:
    asks(client, app, "/trailers/with-content-length")
    app.sends(http.response_start(status=200, headers=[LENGTH, TRAILER], trailers=True), BODY)
    app.may_send(TRAILERS)
    client.receives(status=200, body=b"ok")
    app.returns()
    server.goes_on_with(client)


@check("http.response.trailers.http_1_0")
def who_speaks_http_1_0_gets_no_trailers(client: Client, app: App) -> None:
    client.sends(b"GET /trailers/http-1.0 HTTP/1.0\r\nHost: localhost\r\nTE: trailers\r\n\r\n")
    app.receives(http.request())
    app.is_offered_extension(NAME)
    app.sends(PROMISE, BODY, TRAILERS)
    app.returns()
    client.receives_head(status=200)
    client.receives_part(b"ok")
    carries_none(client.hears_trailers())


# HTTP/2 does not say whether a response to HEAD may have trailers: there they are let pass.
@check("http.response.trailers.head")
def a_response_without_a_body_has_no_trailers(client: Client, app: App, server: Server) -> None:
    for method, status in (("HEAD", 200), ("GET", 204), ("GET", 304)):
        client.sends(request.request(method, "/trailers/without-a-body", headers=te(client.version)))
        app.sends(http.response_start(status=status, headers=[TRAILER], trailers=True))
        app.may_send(http.response_body(body=b"", more_body=False))
        app.may_send(TRAILERS)
        app.returns()
        found = client.hears_trailers()
        carries_none(found if method == "GET" else ())
        client.hears_nothing_more()
        client, app = server.is_visited(), server.is_to_call()


# How they are said


@check("http.response.trailers.headers.missing.raises")
def trailers_without_headers_are_refused(client: Client, app: App) -> None:
    asks(client, app, "/trailers/no-headers")
    app.sends(PROMISE, BODY)
    app.cannot_send(trailers(more_trailers=False))


@check("http.response.trailers.wrong_types.raises")
def trailers_of_another_type_are_refused(client: Client, app: App, server: Server) -> None:
    for wrong in strangers(trailers, {"headers": [SUM], "more_trailers": False}):
        asks(client, app, "/trailers/wrong-types")
        app.sends(PROMISE, BODY)
        app.cannot_send(wrong)
        client, app = server.is_visited(), server.is_to_call()


@check("http.response.trailers.extra_keys.tolerated")
def keys_that_are_unknown_are_ignored(client: Client, app: App, server: Server) -> None:
    asks(client, app, "/trailers/no-extra-keys")
    app.sends(PROMISE, BODY)
    takes(app, TRAILERS)
    client, app = server.is_visited(), server.is_to_call()
    asks(client, app, "/trailers/extra-keys")
    app.sends(PROMISE, BODY, trailers(headers=[SUM], more_trailers=False, **UNKNOWN))
    carries(client.hears_trailers(), SUM)
