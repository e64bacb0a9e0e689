"""Streams and their frames in HTTP/2, as an application sees them (RFC 9113 §5, §6)."""

import signal

from asgi_conformance.checks.http_over_streams import asked
from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.server import Server
from asgi_conformance.spec import http
from asgi_conformance.wire import http2, request

LENGTH = (b"content-length", b"8")
HEAD = http.response_start(status=200, headers=[LENGTH])
HALF = http.response_body(body=b"half", more_body=True)
REST = http.response_body(body=b"rest", more_body=False)
MASSES = 5
AT_ONCE = 100


def is_half_answered(client: Client, server: Server, path: str) -> App:
    """A request is made, and half of the response has come."""
    app = asked(client, server, path)
    app.sends(HEAD, HALF)
    client.receives_head(status=200)
    client.receives_part(b"half")
    return app


def gets_the_rest(client: Client, app: App) -> None:
    """The other half comes, and the end."""
    app.sends(REST)
    client.receives_part(b"rest")
    client.receives_end()


def may_be_served_again(client: Client, server: Server) -> None:
    """The next request on this connection is served as any other, if the connection is still there."""
    client.sends(request.post("/next-on-the-connection", body=b"next"))
    server.may_serve(client, b"next", path="/next-on-the-connection")


@check("h2.stream.interleaving")
def exchanges_on_several_streams_do_not_wait_for_each_other(client: Client, server: Server) -> None:
    first, second = client.on_stream(), client.on_stream()
    first_app = is_half_answered(first, server, "/interleaving/first")
    second_app = is_half_answered(second, server, "/interleaving/second")
    gets_the_rest(second, second_app)
    gets_the_rest(first, first_app)


@check("h2.stream.data_after_end")
def what_the_state_of_a_stream_forbids_is_an_error(
    client: Client, another_client: Client, third_client: Client, fourth_client: Client, app: App
) -> None:
    client.sends(request.post("/after-end", body=b"hello"))
    app.is_called(path="/after-end").receives_body(b"hello")
    client.sends(http2.data(b", world", end=True))
    client.receives_refusal()
    another_client.sends(http2.data(b"on a stream that nobody has opened", stream=1, end=True))
    another_client.is_refused()
    third_client.sends(http2.heading(third_client.fields_of(request.get("/even-stream")), stream=2))
    third_client.is_refused()
    higher, lower = fourth_client.on_stream(3), fourth_client.on_stream(1)
    higher.sends(http2.heading(higher.fields_of(request.get("/higher-stream")), stream=3))
    app.is_called_again(path="/higher-stream")
    lower.sends(http2.heading(lower.fields_of(request.get("/lower-stream")), stream=1))
    lower.is_refused()


@check("h2.stream.concurrency_limit")
def a_stream_above_the_limit_is_refused(client: Client, server: Server) -> None:
    for number in range(client.limit_of_streams()):
        client.on_stream().sends(request.get(f"/limit/{number}"))
        server.is_to_call().is_called(path=f"/limit/{number}")
    one_more = client.on_stream()
    one_more.sends(request.get("/limit/one-more"))
    one_more.is_refused()


@check("h2.rapid_reset")
def others_are_served_while_masses_of_streams_are_reset(client: Client, server: Server) -> None:
    for _ in range(MASSES):
        for _ in range(AT_ONCE):
            client.may_send(request.get("/rapid-reset"), http2.reset())
        server.catches_up()
        server.turns_calls_away()


@check("h2.end_stream")
def the_end_of_a_stream_is_the_end_of_its_body(client: Client, server: Server) -> None:
    for body, last in (
        (b"hello", None),
        (b"hello", request.part(b", world", last=True)),
        (b"hello", request.part(last=True)),
        (b"hello", request.part(last=True, trailers=[("x-checksum", "1")])),
        (b"", None),
    ):
        stream = client.on_stream()
        stream.sends(request.post("/end-stream", chunks=[body] if body else None, more=last is not None))
        if last is not None:
            stream.sends(last)
        app = server.is_to_call().is_called(path="/end-stream")
        app.receives_body(body + (last.data if last else b""))
        app.answers(stream)


@check("h2.rst_stream.server_error")
def a_response_that_breaks_off_is_ended_with_an_error(client: Client, server: Server) -> None:
    broken, other, late = client.on_stream(), client.on_stream(), client.on_stream()
    # While something goes on here, the connection does not end because nothing does.
    is_half_answered(other, server, "/server-error/other")
    app = asked(broken, server, "/server-error")
    app.sends(http.response_start(status=200, headers=[]), HALF)
    broken.receives_head(status=200)
    broken.receives_part(b"half")
    app.raises("boom")
    broken.is_cut_off()
    may_be_served_again(late, server)


@check("h2.rst_stream.disconnect")
def a_reset_of_a_stream_is_told_to_its_application_alone(client: Client, server: Server) -> None:
    leaving, staying, late = client.on_stream(), client.on_stream(), client.on_stream()
    left_app = asked(leaving, server, "/reset/leaving")
    other_app = asked(staying, server, "/reset/staying")
    left_app.listens()
    other_app.listens()
    leaving.resets()
    # What comes after the reset on the same connection is heard after it.
    asked(late, server, "/reset/late").answers(late)
    other_app.hears_nothing()
    other_app.answers(staying)
    left_app.hears(http.disconnect())


@check("h2.push.disabled")
def nothing_is_pushed_to_a_client_that_wants_no_pushes(client: Client, server: Server) -> None:
    client.sends(http2.settings(enable_push=0))
    app = asked(client, server, "/push-disabled")
    app.is_offered_extension("http.response.push")
    app.sends(HEAD)
    app.may_send({"type": "http.response.push", "path": "/push-disabled/style.css", "headers": []})
    app.sends(HALF)
    client.receives_head(status=200)
    client.receives_part(b"half")
    gets_the_rest(client, app)


@check("h2.goaway.shutdown")
def a_server_that_stops_says_goodbye(new_server: Server, http2_client: Client) -> None:
    new_server.opens()
    app = is_half_answered(http2_client, new_server, "/goaway/shutdown")
    new_server.begins_to_stop(signal.SIGTERM, http2_client, app)
    # How the stream ends is kept as a note: the same server may end it well at one time, and not at another.
    new_server.ends_before(http2_client, app, REST)
    http2_client.was_told_goodbye()


@check("h2.goaway.from_client")
def the_goodbye_of_a_client_breaks_off_nothing(client: Client, server: Server) -> None:
    app = is_half_answered(client, server, "/goaway/from-client")
    client.sends(http2.goaway())
    server.catches_up()
    gets_the_rest(client, app)
