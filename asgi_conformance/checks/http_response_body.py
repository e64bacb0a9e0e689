"""The body of a response (www, Response Body - send event)."""

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.spec import http
from asgi_conformance.wire import request

LENGTH = (b"content-length", b"2")
LARGE = b"0123456789abcdef" * 262_144


@check("http.response.body.flushed")
def a_part_reaches_the_client_before_the_next_is_sent(client: Client, app: App) -> None:
    client.sends(request.get("/body/flushed"))
    app.receives(http.request())
    app.sends(http.response_start(status=200, headers=[(b"content-length", b"10")]))
    app.sends(http.response_body(body=b"first", more_body=True))
    client.receives_head(status=200)
    client.receives_part(b"first")


@check("http.response.body.completes")
def the_last_part_completes_the_response_while_the_call_goes_on(client: Client, app: App) -> None:
    client.sends(request.get("/body/completes"))
    app.receives(http.request())
    app.responds(200, [], b"ok")
    client.receives(status=200, body=b"ok")


@check("http.response.body.keeps_connection")
def a_second_request_is_served_on_the_same_connection(client: Client, app: App) -> None:
    client.sends(request.get("/body/keeps-connection"))
    app.receives(http.request())
    app.responds(200, [LENGTH], b"ok")
    client.receives(status=200, body=b"ok")
    app.returns()
    client.sends(request.get("/following"))
    app.is_called_again(path="/following")


@check("http.response.body.body.concatenated")
def the_parts_of_a_body_are_joined_in_their_order(client: Client, app: App) -> None:
    client.sends(request.get("/body/concatenated"))
    app.receives(http.request())
    parts = [b"one, ", b"two" * 10_000, b", three"]
    app.sends(http.response_start(status=200, headers=[]))
    app.sends(*(http.response_body(body=part, more_body=True) for part in parts))
    app.sends(http.response_body(body=b".", more_body=False))
    client.receives(status=200, body=b"".join(parts) + b".")


@check("http.response.body.body.missing_is_empty")
def a_part_without_a_body_is_an_empty_one(client: Client, app: App) -> None:
    client.sends(request.get("/body/missing"))
    app.receives(http.request())
    app.sends(http.response_start(status=200, headers=[]), http.response_body(more_body=False))
    client.receives(status=200, body=b"")


@check("http.response.body.empty_part")
def an_empty_part_does_not_end_the_response(client: Client, app: App) -> None:
    client.sends(request.get("/body/empty-part"))
    app.receives(http.request())
    app.sends(http.response_start(status=200, headers=[]))
    app.sends(
        http.response_body(body=b"before, ", more_body=True), http.response_body(body=b"", more_body=True)
    )
    app.sends(http.response_body(body=b"after", more_body=False))
    client.receives(status=200, body=b"before, after")


@check("http.response.body.more_body.missing_is_false")
def a_part_that_does_not_speak_of_more_is_the_last(client: Client, app: App) -> None:
    client.sends(request.get("/more-body/missing"))
    app.receives(http.request())
    app.sends(http.response_start(status=200, headers=[]), http.response_body(body=b"ok"))
    client.receives(status=200, body=b"ok")


@check("http.response.body.more_body.true")
def the_response_stays_open_while_there_is_more_to_come(client: Client, app: App) -> None:
    client.sends(request.get("/more-body/true"))
    app.receives(http.request())
    app.sends(http.response_start(status=200, headers=[]), http.response_body(body=b"more", more_body=True))
    client.receives_head(status=200)
    client.receives_part(b"more")
    app.sends(http.response_body(body=b"last", more_body=False))
    client.receives_part(b"last")
    client.receives_end()


@check("http.response.body.before_start.raises")
def a_part_before_the_start_is_refused(client: Client, app: App) -> None:
    client.sends(request.get("/body/before-start"))
    app.receives(http.request())
    app.cannot_send(http.response_body(body=b"too early", more_body=False))


@check("http.response.body.after_complete.ignored")
def a_part_after_the_last_has_no_effect(client: Client, app: App) -> None:
    client.sends(request.get("/body/after-complete"))
    app.receives(http.request())
    app.responds(200, [LENGTH], b"ok")
    client.receives(status=200, body=b"ok")
    app.may_send(http.response_body(body=b"too late", more_body=False))
    client.hears_nothing_more()


@check("http.response.body.large_single")
def one_part_may_be_large(client: Client, app: App) -> None:
    client.sends(request.get("/body/large"))
    app.receives(http.request())
    app.responds(200, [(b"content-length", b"%d" % len(LARGE))], LARGE)
    client.receives(status=200, body=LARGE)
