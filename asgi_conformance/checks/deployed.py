"""A server as it is deployed: two workers on a Unix socket, nginx in front of them, kept by supervisord.

No document speaks of that, so nobody is blamed: what arrives is recorded, for whoever deploys a server.
"""

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.expectation import either
from asgi_conformance.dialogue.server import Server
from asgi_conformance.servers import STRIPPING
from asgi_conformance.spec import http, websocket
from asgi_conformance.wire import request
from asgi_conformance.wire import websocket as ws

START = http.response_start(status=200, headers=[])
PART = http.response_body(body=b"a part", more_body=True)
LAST = http.response_body(body=b"the end", more_body=False)
OVER_TLS = [("x-forwarded-proto", "https")]

# Who asks, and for what


@check("deployed.client")
def the_client_is_the_one_that_the_proxy_speaks_for(
    deployed_client: Client, app: App, server: Server
) -> None:
    deployed_client.sends(request.get("/mounted/client"))
    server.records_of(app, "client")
    app.is_called(client=either(*known_as(deployed_client, server)))


@check("deployed.client.claimed")
def nobody_is_believed_who_only_says_who_he_is(deployed_client: Client, app: App, server: Server) -> None:
    claim = [("x-forwarded-for", "192.0.2.1")]
    deployed_client.sends(request.get("/mounted/client-claimed", headers=claim))
    server.records_of(app, "client")
    app.is_called(client=either(*known_as(deployed_client, server), None, ("", "0")))


def known_as(client: Client, server: Server) -> list[tuple[str, int]]:
    """What may be told of this client: a port of its own, none, or that of the proxy."""
    host, port = client.address()
    return [(host, port), (host, 0), (host, server.address()[1])]


@check("deployed.scheme")
def the_scheme_is_the_one_that_the_proxy_tells_of(deployed_client: Client, app: App, server: Server) -> None:
    deployed_client.sends(request.get("/mounted/scheme", headers=OVER_TLS))
    server.records_of(app, "scheme")
    app.is_called(scheme="https")


@check("deployed.path.kept")
def the_path_is_told_well_by_a_proxy_that_leaves_the_prefix(
    deployed_client: Client, app: App, server: Server
) -> None:
    deployed_client.sends(request.get("/mounted/kept/a%20b"))
    server.records_of(app, "path", "raw_path", "root_path")
    app.is_called(path="/mounted/kept/a b", root_path="/mounted")


@check("deployed.path.stripped")
def the_path_is_told_well_by_a_proxy_that_takes_the_prefix(
    deployed_client: Client, app: App, server: Server
) -> None:
    deployed_client.sends(request.get("/mounted/stripped/a%20b", headers=[("host", STRIPPING)]))
    server.records_of(app, "path", "raw_path", "root_path")
    app.is_called(path="/mounted/stripped/a b", root_path="/mounted")


# Requests and responses


@check("deployed.events")
def the_events_come_in_their_order(deployed_client: Client, app: App) -> None:
    deployed_client.sends(request.post("/mounted/events", body=b"hello"))
    app.receives_body(b"hello")
    app.responds(200, [(b"content-length", b"4")], b"done")
    deployed_client.receives(status=200, body=b"done")
    app.receives(http.disconnect())


@check("deployed.request.streamed")
def a_part_of_a_body_arrives_before_the_rest(deployed_client: Client, app: App, server: Server) -> None:
    length = [("content-length", "10")]
    deployed_client.sends(request.post("/mounted/request", body=b"hello", more=True, headers=length))
    server.calls_before_the_body_ends(app)
    app.receives(http.request(body=b"hello", more_body=True))
    deployed_client.sends(b"world")
    app.receives_body(b"world")


@check("deployed.response.streamed")
def a_part_of_a_response_arrives_before_the_rest(deployed_client: Client, app: App) -> None:
    deployed_client.sends(request.get("/mounted/response"))
    app.receives(http.request())
    app.sends(START, PART)
    deployed_client.receives_head(status=200)
    deployed_client.receives_part(b"a part")
    app.sends(LAST)
    deployed_client.receives_part(b"the end")
    deployed_client.receives_end()


@check("deployed.disconnect")
def an_application_is_told_that_the_client_of_the_proxy_left(
    deployed_client: Client, app: App, server: Server
) -> None:
    for sent in ((), (START,), (START, PART)):
        visitor = server.is_visited()
        visitor.sends(request.get("/mounted/disconnect"))
        call = app.is_called_again()
        call.receives(http.request())
        call.sends(*sent)
        visitor.leaves()
        call.receives(http.disconnect())
    deployed_client.connects()


# WebSocket


@check("deployed.websocket.client")
def the_client_of_a_websocket_is_the_one_that_the_proxy_speaks_for(
    deployed_client: Client, app: App, server: Server
) -> None:
    deployed_client.is_accepted_by(app, "/mounted/websocket/client")
    server.records_of(app, "client")
    app.is_called(client=either(*known_as(deployed_client, server)))


@check("deployed.websocket.scheme")
def the_scheme_of_a_websocket_is_the_one_that_the_proxy_tells_of(
    deployed_client: Client, app: App, server: Server
) -> None:
    deployed_client.sends(ws.handshake("/mounted/websocket/scheme", headers=OVER_TLS))
    app.receives(websocket.connect())
    server.records_of(app, "scheme")
    app.is_called(scheme="wss")


@check("deployed.websocket.messages")
def messages_go_both_ways_through_a_proxy(deployed_client: Client, app: App) -> None:
    deployed_client.is_accepted_by(app, "/mounted/websocket/messages")
    deployed_client.sends(ws.text("hello"), ws.data(b"world"))
    app.receives(websocket.receive(text="hello"))
    app.receives(websocket.receive(bytes=b"world"))
    app.sends(websocket.send(text="olleh", bytes=None), websocket.send(bytes=b"dlrow", text=None))
    deployed_client.receives(text="olleh")
    deployed_client.receives(data=b"dlrow")


@check("deployed.websocket.close")
def the_code_of_the_application_reaches_the_client_of_the_proxy(deployed_client: Client, app: App) -> None:
    deployed_client.is_accepted_by(app, "/mounted/websocket/close")
    app.sends(websocket.close(code=4001, reason=""))
    deployed_client.receives(code=4001)


@check("deployed.websocket.disconnect")
def the_code_of_the_client_of_the_proxy_reaches_the_application(deployed_client: Client, app: App) -> None:
    deployed_client.is_accepted_by(app, "/mounted/websocket/disconnect")
    app.listens()
    deployed_client.closes(4002)
    app.hears(websocket.disconnect(code=4002))


@check("deployed.websocket.lost")
def the_loss_of_the_client_of_the_proxy_is_told(deployed_client: Client, app: App, server: Server) -> None:
    deployed_client.is_accepted_by(app, "/mounted/websocket/lost")
    app.listens()
    deployed_client.leaves()
    told = app.hears(websocket.disconnect())
    server.records(f"code {told.get('code')}")


# Workers and supervisors


@check("deployed.workers")
def each_worker_serves_without_the_other(deployed_client: Client, app: App, server: Server) -> None:
    deployed_client.sends(request.get("/mounted/first"))
    app.receives(http.request())
    app.answers(deployed_client)
    server.other_worker_serves(app)


@check("deployed.worker_killed")
def for_a_worker_that_is_killed_another_one_comes(new_server: Server, deployed_client: Client) -> None:
    new_server.is_deployed(deployed_client)
    new_server.loses_a_worker()


@check("deployed.server_killed")
def a_server_that_is_killed_is_started_again(new_server: Server, deployed_client: Client) -> None:
    new_server.is_deployed(deployed_client)
    new_server.is_killed()


@check("deployed.stop")
def a_supervisor_stops_a_server_well(new_server: Server, deployed_client: Client) -> None:
    new_server.is_deployed(deployed_client)
    new_server.is_stopped()
