"""The end of an HTTP exchange: what `receive` and `send` do when the client has gone (www, Disconnect)."""

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.server import Server
from asgi_conformance.spec import http
from asgi_conformance.wire import request

START = http.response_start(status=200, headers=[])
PART = http.response_body(body=b"a part", more_body=True)
MORE_THAN_BUFFERS_HOLD = http.response_body(body=b"x" * (1 << 24), more_body=True)


@check("http.disconnect.type")
def the_end_is_an_event_of_type_http_disconnect(client: Client, app: App) -> None:
    client.sends(request.get("/disconnect/type"))
    app.receives(http.request())
    client.leaves()
    app.receives(http.disconnect())


@check("http.disconnect.after_response")
def after_its_response_an_application_is_told_of_the_end(
    client: Client, another_client: Client, app: App
) -> None:
    client.sends(request.get("/disconnect/after-response"))
    app.receives(http.request())
    app.responds(200, [(b"content-length", b"4")], b"done")
    client.receives(status=200, body=b"done")
    app.receives(http.disconnect())
    another_client.sends(request.get("/disconnect/after-response"))
    second = app.is_called_again(path="/disconnect/after-response")
    second.receives(http.request())
    second.responds(200, [(b"content-length", b"4")], b"done")
    another_client.leaves()
    second.receives(http.disconnect())


@check("http.disconnect.after_client_close")
def an_application_is_told_that_the_client_left_at_whatever_point(
    app: App, client: Client, server: Server
) -> None:
    for leaves in (Client.leaves, Client.resets):
        for sent in ((), (START,), (START, PART)):
            visitor = server.is_visited()
            visitor.sends(request.get("/disconnect/after-client-close"))
            call = app.is_called_again(path="/disconnect/after-client-close")
            call.receives(http.request())
            call.sends(*sent)
            leaves(visitor)
            call.receives(http.disconnect())
    client.connects()


@check("http.disconnect.pending_receive")
def an_application_that_waits_in_receive_is_told_that_the_client_left(client: Client, app: App) -> None:
    client.sends(request.get("/disconnect/pending-receive"))
    app.receives(http.request())
    app.listens()
    client.resets()
    app.hears(http.disconnect())


@check("http.disconnect.mid_body")
def a_client_that_leaves_amid_its_body_is_told_of(client: Client, app: App, server: Server) -> None:
    client.sends(
        request.post("/disconnect/mid-body", body=b"hello", more=True, headers=[("content-length", "10")])
    )
    server.calls_before_the_body_ends(app)
    app.receives(http.request(body=b"hello", more_body=True))
    client.leaves()
    app.receives(http.disconnect())


@check("http.disconnect.not_before_request")
def a_body_that_has_come_is_delivered_before_the_end(http1_client: Client, app: App, server: Server) -> None:
    http1_client.sends(request.post("/disconnect/not-before-request", body=b"all of it"))
    app.is_called()
    http1_client.finishes()
    server.serves()  # by now the server knows
    app.receives_body(b"all of it")


@check("http.disconnect.repeated")
def the_end_is_told_again(client: Client, app: App) -> None:
    client.sends(request.get("/disconnect/repeated"))
    app.receives(http.request())
    client.leaves()
    app.receives(http.disconnect())
    app.receives(http.disconnect())


@check("http.disconnect.not_during_open_response")
def there_is_no_end_while_the_response_goes_on(client: Client, app: App) -> None:
    client.sends(request.get("/disconnect/not-during-open-response"))
    app.receives(http.request())
    app.sends(START, PART)
    client.receives_head(status=200)
    app.hears_nothing()


@check("http.send.after_disconnect.raises")
def a_send_to_a_client_that_left_raises(client: Client, app: App, server: Server) -> None:
    client.sends(request.get("/after-disconnect/raises"))
    app.receives(http.request())
    app.sends(START, PART)
    client.receives_head(status=200)
    client.resets()
    server.serves()  # by now the server knows
    app.cannot_send(PART, error="OSError")


@check("http.send.after_disconnect.expected_after_event")
def a_send_after_the_end_was_told_raises(client: Client, app: App) -> None:
    client.sends(request.get("/after-disconnect/expected"))
    app.receives(http.request())
    app.sends(START)
    client.leaves()
    app.receives(http.disconnect())
    app.cannot_send(PART, error="OSError")


@check("http.send.after_disconnect.reraised_caught")
def an_error_of_send_that_nobody_catches_harms_no_other_client(
    client: Client, app: App, server: Server
) -> None:
    client.sends(request.get("/after-disconnect/reraised"))
    app.receives(http.request())
    app.sends(START)
    client.leaves()
    app.receives(http.disconnect())
    app.may_send(PART)
    app.ends()
    server.serves()


@check("http.send.after_disconnect.return_ok")
def an_application_may_return_when_the_client_left(client: Client, app: App, server: Server) -> None:
    client.sends(request.get("/after-disconnect/return"))
    app.receives(http.request())
    app.sends(START)
    client.leaves()
    app.receives(http.disconnect())
    app.returns()
    server.serves()


@check("asgi.send.returns_on_close")
def a_send_that_waits_for_the_client_ends_when_the_client_leaves(
    client: Client, app: App, server: Server
) -> None:
    client.sends(request.get("/send/returns-on-close"))
    app.receives(http.request())
    app.sends(START, MORE_THAN_BUFFERS_HOLD, PART)
    client.receives_head(status=200)
    # Who serves others meanwhile has come to where it waits for this client.
    server.serves("/send/meanwhile")
    client.resets()
    app.is_released()


@check("http.disconnect.half_close")
def a_client_that_only_has_no_more_to_say_gets_its_response(
    http1_client: Client, app: App, server: Server
) -> None:
    http1_client.sends(request.get("/disconnect/half-close"))
    app.receives(http.request())
    http1_client.finishes()
    server.serves()  # by now the server knows
    app.may_respond(200, [(b"content-length", b"5")], b"hello")
    http1_client.receives(status=200, body=b"hello")
