"""What comes before what in the life of a server: events, connections, its start and its end (lifespan)."""

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.server import Server
from asgi_conformance.spec import http, lifespan
from asgi_conformance.wire import request


@check("lifespan.scope.duration")
def a_lifespan_lasts_as_long_as_its_server(new_server: Server, app: App) -> None:
    new_server.comes_up(app, "/for-life")
    app.listens()
    new_server.serves("/still-alive")
    new_server.stops()
    app.hears(lifespan.shutdown())
    app.does("memory['pool'] = 'closed'")


@check("lifespan.startup.first")
def nothing_comes_before_the_startup(new_server: Server, app: App) -> None:
    new_server.starts()
    app.does("memory['pool'] = 'not wanted yet'")
    app.receives(lifespan.startup())


@check("lifespan.startup.before_connections")
def nothing_is_served_before_the_startup_is_delivered(new_server: Server, app: App) -> None:
    new_server.starts()
    app.does("memory['pool'] = 'to be opened'")
    new_server.does_not_serve("/before-the-startup")
    app.receives(lifespan.startup())
    app.sends(lifespan.startup_complete())
    new_server.serves()


@check("lifespan.startup.failed.no_shutdown_event")
def a_failed_startup_needs_no_shutdown(new_server: Server, app: App) -> None:
    new_server.starts()
    app.receives(lifespan.startup())
    app.may_send(lifespan.startup_failed(message="nothing to shut down"))
    # Most have ended by now. Who serves instead is told to stop when it does, and not before.
    new_server.records_whether_it_serves("/never-started")
    new_server.stops()
    app.is_told_nothing_more()


@check("lifespan.shutdown.type")
def the_closing_event_is_the_shutdown(new_server: Server, app: App) -> None:
    new_server.comes_up(app, "/closing-event")
    new_server.stops()
    app.finds("(await receive())['type']", "lifespan.shutdown")


@check("lifespan.shutdown.after_connections_closed")
def the_shutdown_comes_after_the_last_response(new_server: Server, client: Client, app: App) -> None:
    new_server.comes_up(app)
    client.sends(request.get("/last-response"))
    last = app.is_called_again(path="/last-response")
    last.receives(http.request())
    last.sends(http.response_start(status=200, headers=[(b"content-length", b"8")]))
    last.sends(http.response_body(body=b"half", more_body=True))
    client.receives_head(status=200)
    client.receives_part(b"half")
    app.listens()
    new_server.stops()
    new_server.tells(app, after=last, to=client, body=b"rest")


@check("lifespan.call.per_process")
def each_worker_has_a_lifespan_of_its_own(new_server: Server, workers_client: Client, app: App) -> None:
    new_server.starts()
    app.receives(lifespan.startup())
    app.sends(lifespan.startup_complete())
    another = app.is_called_again(type="lifespan")
    another.receives(lifespan.startup())
    another.sends(lifespan.startup_complete())
    for call in new_server.is_asked("/one-of-two", times=5, by=workers_client):
        call.shares_the_loop_of(app, another)
    new_server.stops()
    new_server.records_who_is_told(app, another)
