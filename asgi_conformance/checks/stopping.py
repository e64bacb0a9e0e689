"""How a server ends while somebody is still there: what users would wish for, and for the record what comes.

The specification says little or nothing about it, so nobody is blamed.
"""

import signal

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.expectation import either
from asgi_conformance.dialogue.server import Server
from asgi_conformance.spec import http
from asgi_conformance.wire import request

SIGTERM, SIGINT = signal.SIGTERM, signal.SIGINT
HEAD = http.response_start(status=200, headers=[(b"content-length", b"8")])
HALF = http.response_body(body=b"half", more_body=True)
REST = http.response_body(body=b"rest", more_body=False)
WHOLE = http.response_body(body=b"complete", more_body=False)
GOING_AWAY = either("close frame 1001", "close frame 1012")


def ends_with_one_kept_alive(server: Server, client: Client, app: App, signum: signal.Signals) -> None:
    server.opens()
    client.sends(request.get(f"/kept-alive/{signum.name}"))
    app.receives(http.request())
    app.responds(200, [(b"content-length", b"2")], b"ok")
    client.receives(status=200, body=b"ok")
    app.returns()
    server.is_told(signum)
    server.ends_before(client).shows(client="closed", announced=True)


def ends_with_one_silent(server: Server, client: Client, signum: signal.Signals) -> None:
    server.opens()
    client.connects()
    server.serves(f"/silent/{signum.name}")
    server.is_told(signum)
    server.ends_before(client).shows(client="closed", announced=True)


def answers_what_is_in_flight(server: Server, client: Client, app: App, signum: signal.Signals) -> None:
    server.opens()
    client.sends(request.get(f"/in-flight/{signum.name}"))
    app.receives(http.request())
    server.begins_to_stop(signum, client, app)
    server.ends_before(client, app, HEAD, WHOLE).shows(client="whole response")


def sends_what_has_begun(server: Server, client: Client, app: App, signum: signal.Signals) -> None:
    server.opens()
    client.sends(request.get(f"/streaming/{signum.name}"))
    app.receives(http.request())
    app.sends(HEAD, HALF)
    client.receives_head(status=200)
    client.receives_part(b"half")
    server.begins_to_stop(signum, client, app)
    server.ends_before(client, app, REST).shows(client="whole response")


def tells_who_waits(server: Server, client: Client, app: App, signum: signal.Signals) -> None:
    server.opens()
    client.sends(request.get(f"/receive/{signum.name}"))
    app.receives(http.request())
    app.listens()
    server.is_told(signum)
    server.ends_before(client, app).shows(told="http.disconnect")


def ends_a_websocket(server: Server, client: Client, app: App, signum: signal.Signals) -> None:
    server.opens()
    client.is_accepted_by(app, f"/websocket/{signum.name}")
    app.listens()
    server.is_told(signum)
    server.ends_before(client, app).shows(told="websocket.disconnect", client=GOING_AWAY)


def ends_when_told_again(server: Server, client: Client, app: App, signum: signal.Signals) -> None:
    server.opens()
    client.sends(request.get(f"/again/{signum.name}"))
    app.receives(http.request())
    app.listens()
    server.begins_to_stop(signum, client, app)
    server.is_told_again(signum, client, app)
    server.ends_before(client, app).shows()


@check("stopping.sigterm.kept_alive")
def a_sigterm_ends_an_idle_connection(new_server: Server, client: Client, app: App) -> None:
    ends_with_one_kept_alive(new_server, client, app, SIGTERM)


@check("stopping.sigterm.silent")
def a_sigterm_ends_a_connection_that_never_asked(new_server: Server, client: Client) -> None:
    ends_with_one_silent(new_server, client, SIGTERM)


@check("stopping.sigterm.in_flight")
def a_request_in_flight_at_a_sigterm_is_answered(new_server: Server, client: Client, app: App) -> None:
    answers_what_is_in_flight(new_server, client, app, SIGTERM)


@check("stopping.sigterm.streaming")
def a_response_that_has_begun_survives_a_sigterm(new_server: Server, client: Client, app: App) -> None:
    sends_what_has_begun(new_server, client, app, SIGTERM)


@check("stopping.sigterm.receive")
def who_waits_in_receive_is_told_of_a_sigterm(new_server: Server, client: Client, app: App) -> None:
    tells_who_waits(new_server, client, app, SIGTERM)


@check("stopping.sigterm.websocket")
def both_ends_of_a_websocket_are_told_of_a_sigterm(new_server: Server, client: Client, app: App) -> None:
    ends_a_websocket(new_server, client, app, SIGTERM)


@check("stopping.sigterm.again")
def a_second_sigterm_keeps_no_server_from_ending(new_server: Server, client: Client, app: App) -> None:
    ends_when_told_again(new_server, client, app, SIGTERM)


@check("stopping.sigint.kept_alive")
def a_sigint_ends_an_idle_connection(new_server: Server, client: Client, app: App) -> None:
    ends_with_one_kept_alive(new_server, client, app, SIGINT)


@check("stopping.sigint.silent")
def a_sigint_ends_a_connection_that_never_asked(new_server: Server, client: Client) -> None:
    ends_with_one_silent(new_server, client, SIGINT)


@check("stopping.sigint.in_flight")
def a_request_in_flight_at_a_sigint_is_answered(new_server: Server, client: Client, app: App) -> None:
    answers_what_is_in_flight(new_server, client, app, SIGINT)


@check("stopping.sigint.streaming")
def a_response_that_has_begun_survives_a_sigint(new_server: Server, client: Client, app: App) -> None:
    sends_what_has_begun(new_server, client, app, SIGINT)


@check("stopping.sigint.receive")
def who_waits_in_receive_is_told_of_a_sigint(new_server: Server, client: Client, app: App) -> None:
    tells_who_waits(new_server, client, app, SIGINT)


@check("stopping.sigint.websocket")
def both_ends_of_a_websocket_are_told_of_a_sigint(new_server: Server, client: Client, app: App) -> None:
    ends_a_websocket(new_server, client, app, SIGINT)


@check("stopping.sigint.again")
def a_second_sigint_keeps_no_server_from_ending(new_server: Server, client: Client, app: App) -> None:
    ends_when_told_again(new_server, client, app, SIGINT)
