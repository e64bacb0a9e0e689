"""The error of a `send` for which nobody is left: its class, when it comes, and that it stays quiet (www)."""

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.server import Server
from asgi_conformance.spec import http
from asgi_conformance.wire import request

START = http.response_start(status=200, headers=[])
PART = http.response_body(body=b"a part", more_body=True)
LAST = http.response_body(body=b"the last part", more_body=False)


@check("http.send.after_disconnect.own_subclass")
def the_error_of_a_send_to_nobody_is_of_a_class_below_oserror(client: Client, app: App) -> None:
    client.sends(request.get("/after-disconnect/own-subclass"))
    app.receives(http.request())
    app.sends(START)
    client.leaves()
    app.receives(http.disconnect())
    app.fails_to_send(PART, below="OSError")


@check("http.send.after_disconnect.every_event")
def any_event_that_is_sent_to_nobody_raises(client: Client, another_client: Client, app: App) -> None:
    for each, *before, late in ((client, START), (another_client, START, LAST)):
        each.sends(request.get("/after-disconnect/every-event"))
        call = app.is_called_again(path="/after-disconnect/every-event")
        call.receives(http.request())
        call.sends(*before)
        each.leaves()
        call.receives(http.disconnect())
        call.cannot_send(late, error="OSError")


@check("http.send.after_disconnect.chained_caught")
def an_error_of_send_that_comes_out_of_a_cleanup_is_not_taken_for_another(
    client: Client, app: App, server: Server
) -> None:
    client.sends(request.get("/after-disconnect/chained"))
    app.receives(http.request())
    app.sends(START)
    client.leaves()
    app.receives(http.disconnect())
    error = app.fails_to_send(PART)
    app.ends_after("TimeoutError('while cleaning up')")
    server.has_not_logged(error)


@check("http.send.after_disconnect.not_logged")
def an_error_of_send_that_nobody_catches_is_not_logged(client: Client, app: App, server: Server) -> None:
    client.sends(request.get("/after-disconnect/not-logged"))
    app.receives(http.request())
    app.sends(START)
    client.leaves()
    app.receives(http.disconnect())
    error = app.fails_to_send(PART)
    app.ends()
    server.has_not_logged(error)


@check("asgi.send.after_close.noop")
def what_is_sent_to_nobody_is_dropped_where_no_error_is_promised(client: Client, app: App) -> None:
    client.sends(request.get("/after-disconnect/dropped"))
    app.receives(http.request())
    app.is_not_promised("http.send.after_disconnect.raises")
    app.sends(START)
    client.leaves()
    app.receives(http.disconnect())
    app.sends(PART, LAST)
