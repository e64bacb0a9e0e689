"""What the client and the rest of the server see of an application that fails or ends too early."""

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.server import Server
from asgi_conformance.spec import http, websocket
from asgi_conformance.spec.requirement import Level
from asgi_conformance.wire import request

START_OF_FIVE = http.response_start(status=200, headers=[(b"content-length", b"5")])
START = http.response_start(status=200, headers=[])
PART = http.response_body(body=b"a part", more_body=True)


@check("asgi.app.exception.closes.http_before_start")
def an_error_before_the_response_is_not_kept_from_the_client(client: Client, app: App) -> None:
    client.sends(request.get("/raises/before-start"))
    app.receives(http.request())
    app.raises("before the start")
    client.receives_error()


@check("asgi.app.exception.closes.http_after_complete")
def an_error_after_the_response_leaves_it_whole(client: Client, app: App) -> None:
    client.sends(request.get("/raises/after-complete"))
    app.receives(http.request())
    app.responds(200, [(b"content-length", b"5")], b"whole")
    app.raises("after the response")
    client.receives(status=200, body=b"whole")


@check("asgi.app.exception.instance_ended")
def a_call_that_raised_is_not_made_once_more(client: Client, another_client: Client, app: App) -> None:
    client.sends(request.get("/raises/once"))
    app.receives(http.request())
    app.raises("once")
    another_client.sends(request.get("/raises/next"))
    app.is_called_again(path="/raises/next")


@check("http.response.never_started")
def an_application_that_says_nothing_is_an_error(client: Client, app: App) -> None:
    client.sends(request.get("/returns/without-response"))
    app.receives(http.request())
    app.returns()
    client.receives_error()


@check("http.response.start.alone.return")
def a_response_that_was_only_started_does_not_keep_the_client_waiting(client: Client, app: App) -> None:
    client.sends(request.get("/returns/after-start"))
    app.receives(http.request())
    app.sends(START)
    app.returns()
    client.is_not_left_waiting()


@check("http.response.body.unfinished.return")
def a_response_that_the_application_left_unfinished_is_cut_off(client: Client, app: App) -> None:
    client.sends(request.get("/returns/mid-body"))
    app.receives(http.request())
    app.sends(START, PART)
    client.receives_head(status=200)
    client.receives_part(b"a part")
    app.returns()
    client.is_cut_off()


# Who is not told that his client has left, is judged by http.disconnect.after_client_close.
@check("asgi.call.may_outlive_connection", silence=Level.MAY)
def a_call_may_clean_up_when_its_client_has_left(client: Client, app: App) -> None:
    client.sends(request.get("/outlives"))
    app.receives(http.request())
    app.sends(START, PART)
    client.receives_head(status=200)
    client.leaves()
    app.receives(http.disconnect())
    app.finds("1 + 1", 2)
    app.returns()


@check("asgi.app.exception.closes.http_after_start")
def an_error_after_the_start_cuts_the_response_off(client: Client, app: App) -> None:
    client.sends(request.get("/raises/after-start"))
    app.receives(http.request())
    app.sends(START_OF_FIVE)
    app.raises("after the start")
    client.is_cut_off()


@check("asgi.app.exception.closes.http_mid_body")
def an_error_amid_the_body_cuts_the_response_off(client: Client, app: App) -> None:
    client.sends(request.get("/raises/mid-body"))
    app.receives(http.request())
    app.sends(START, PART)
    client.receives_head(status=200)
    client.receives_part(b"a part")
    app.raises("amid the body")
    client.is_cut_off()


@check("asgi.app.exception.server_survives")
def an_error_of_one_call_disturbs_no_other(
    client: Client, another_client: Client, third_client: Client, app: App
) -> None:
    client.sends(request.get("/survives/neighbour"))
    app.receives(http.request())
    another_client.sends(request.get("/survives/failing"))
    failing = app.is_called_again(path="/survives/failing")
    failing.sends(START_OF_FIVE)
    failing.raises("amid its response")
    app.responds(200, [(b"content-length", b"11")], b"undisturbed")
    client.receives(status=200, body=b"undisturbed")
    third_client.sends(request.get("/survives/also-failing"))
    app.is_called_again(path="/survives/also-failing").raises("before its response")
    third_client.receives_error()


# The same: websocket.disconnect.socket_loss.
@check("asgi.send.error_class_caught", silence=Level.MAY)
def an_error_of_send_that_comes_back_is_no_error_of_the_application(
    client: Client, app: App, server: Server
) -> None:
    client.is_accepted_by(app, "/raises/error-of-send")
    client.leaves()
    app.receives(websocket.disconnect())
    error = app.fails_to_send(websocket.send(text="too late"))
    app.ends()
    server.has_not_logged(error)
