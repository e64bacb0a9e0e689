"""How a server stops: what it tells the application, and how long it waits (lifespan, Shutdown)."""

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.server import Server
from asgi_conformance.spec import lifespan


@check("lifespan.shutdown.sent")
def an_orderly_stop_is_announced(new_server: Server, app: App) -> None:
    new_server.comes_up(app, "/before-the-stop")
    new_server.goes_down(app)


@check("lifespan.shutdown.once")
def the_shutdown_is_delivered_once(new_server: Server, app: App) -> None:
    new_server.comes_up(app, "/stopped-once")
    new_server.goes_down(app)
    app.hears_nothing()


@check("lifespan.shutdown.only_after_startup")
def a_stop_during_the_startup_sends_no_shutdown(new_server: Server, app: App) -> None:
    new_server.starts()
    app.receives(lifespan.startup())
    new_server.stops()
    app.hears_nothing()


@check("lifespan.shutdown.not_accepting")
def nobody_is_served_during_the_shutdown(new_server: Server, app: App) -> None:
    new_server.comes_up(app, "/not-accepting")
    new_server.goes_down(app)
    new_server.does_not_serve("/too-late")


@check("lifespan.shutdown.complete.awaited")
def the_server_waits_for_the_shutdown_to_complete(new_server: Server, app: App) -> None:
    new_server.comes_up(app, "/awaited")
    new_server.goes_down(app)
    new_server.keeps_running()
    new_server.records_whether_it_gives_up()


@check("lifespan.shutdown.complete.terminates")
def the_server_ends_after_the_shutdown(new_server: Server, app: App) -> None:
    new_server.comes_up(app, "/terminates")
    new_server.goes_down(app)
    app.ends_with(lifespan.shutdown_complete())
    new_server.exits()
    new_server.records_its_end()


@check("lifespan.shutdown.complete.before_event")
def an_early_shutdown_complete_stops_nothing(new_server: Server, app: App) -> None:
    new_server.comes_up(app)
    app.may_send(lifespan.shutdown_complete())
    new_server.serves("/still-there")


@check("lifespan.shutdown.failed.terminates")
def the_server_ends_after_a_failed_shutdown(new_server: Server, app: App) -> None:
    new_server.comes_up(app)
    new_server.goes_down(app)
    app.ends_with(lifespan.shutdown_failed(message="the commit failed"))
    new_server.exits()
    new_server.records_its_end(of=app)


@check("lifespan.shutdown.failed.message_logged")
def the_reason_of_a_failed_shutdown_is_printed(new_server: Server, app: App) -> None:
    new_server.comes_up(app)
    new_server.goes_down(app)
    app.ends_with(lifespan.shutdown_failed(message="the rollback failed"))
    new_server.exits(saying="the rollback failed")
    new_server.records("prints why")


@check("lifespan.shutdown.failed.message.default")
def a_shutdown_may_fail_without_a_message(new_server: Server, app: App) -> None:
    new_server.comes_up(app)
    new_server.goes_down(app)
    app.ends_with(lifespan.shutdown_failed())
    new_server.exits()
    new_server.records_its_end(of=app)
