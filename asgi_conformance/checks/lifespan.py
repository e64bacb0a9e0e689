"""The lifespan of a server: start, failure to start, and stop (lifespan)."""

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.server import Server
from asgi_conformance.spec import lifespan
from asgi_conformance.wire import request


@check("lifespan.scope.type")
def the_lifespan_has_a_scope_of_its_own(new_server: Server, app: App) -> None:
    new_server.starts()
    app.is_called(type="lifespan")


@check("lifespan.scope.asgi.spec_version.value")
def the_lifespan_announces_a_version_of_lifespan(new_server: Server, app: App) -> None:
    new_server.starts()
    app.is_called(type="lifespan")
    app.finds("scope['asgi'].get('spec_version', '1.0') in ('1.0', '2.0')", True)


@check("lifespan.scope.asgi.spec_version.type")
def the_version_of_lifespan_is_a_str(new_server: Server, app: App) -> None:
    new_server.starts()
    app.is_called(type="lifespan")


@check("lifespan.startup.type")
def the_opening_event_is_the_startup(new_server: Server, app: App) -> None:
    new_server.starts()
    app.receives(lifespan.startup())


@check("lifespan.startup.once")
def the_startup_is_delivered_once(new_server: Server, app: App) -> None:
    new_server.comes_up(app)
    app.hears_nothing()


@check("lifespan.startup.complete.awaited")
def nothing_is_served_before_the_startup_is_complete(new_server: Server, app: App) -> None:
    new_server.starts()
    app.receives(lifespan.startup())
    new_server.does_not_serve()
    app.sends(lifespan.startup_complete())
    new_server.serves()


@check("lifespan.startup.complete.serves")
def the_server_serves_after_the_startup(new_server: Server, app: App) -> None:
    new_server.comes_up(app)


@check("lifespan.startup.complete.extra_keys.tolerated")
def unknown_keys_of_startup_complete_are_ignored(new_server: Server, app: App) -> None:
    new_server.starts()
    app.receives(lifespan.startup())
    app.sends(lifespan.startup_complete(future="x"))
    new_server.serves()


@check("lifespan.startup.complete.twice")
def a_second_startup_complete_is_refused_or_ignored(new_server: Server, app: App) -> None:
    new_server.starts()
    app.receives(lifespan.startup())
    app.sends(lifespan.startup_complete())
    app.may_send(lifespan.startup_complete())
    new_server.serves()


@check("lifespan.startup.failed.exits")
def a_failed_startup_ends_the_server(new_server: Server, app: App) -> None:
    new_server.starts()
    app.receives(lifespan.startup())
    app.may_send(lifespan.startup_failed(message="no database"))
    app.ends()
    new_server.exits()


@check("lifespan.startup.failed.message_logged")
def the_reason_of_a_failed_startup_is_printed(new_server: Server, app: App) -> None:
    new_server.starts()
    app.receives(lifespan.startup())
    app.may_send(lifespan.startup_failed(message="no database today"))
    app.ends()
    new_server.exits(saying="no database today")


@check("lifespan.startup.failed.message.default")
def a_startup_may_fail_without_a_message(new_server: Server, app: App) -> None:
    new_server.starts()
    app.receives(lifespan.startup())
    app.may_send(lifespan.startup_failed())
    app.ends()
    new_server.exits()


@check("lifespan.startup.failed.extra_keys.tolerated")
def unknown_keys_of_startup_failed_are_ignored(new_server: Server, app: App) -> None:
    new_server.starts()
    app.receives(lifespan.startup())
    app.may_send(lifespan.startup_failed(message="no database", future="x"))
    app.ends()
    new_server.exits()


@check("lifespan.exception.on_call.continues")
def an_application_without_lifespan_is_served(new_server: Server, app: App) -> None:
    new_server.starts()
    app.is_called(type="lifespan")
    app.raises("this application has no lifespan", "NotImplementedError")
    new_server.serves()


@check("lifespan.exception.on_startup.continues")
def an_exception_on_startup_does_not_stop_the_server(new_server: Server, app: App) -> None:
    new_server.starts()
    app.receives(lifespan.startup())
    app.raises("this application has no lifespan")
    new_server.serves()


@check("lifespan.exception.shutdown_clean")
def a_server_without_lifespan_stops_as_usual(new_server: Server, app: App) -> None:
    new_server.starts()
    app.is_called(type="lifespan")
    app.raises("this application has no lifespan")
    new_server.serves()
    new_server.stops()
    new_server.exits()


@check("lifespan.exception.on_shutdown")
def an_exception_on_shutdown_does_not_hold_up_the_end(new_server: Server, app: App) -> None:
    new_server.comes_up(app)
    new_server.goes_down(app)
    app.raises("the database is gone")
    new_server.exits()


@check("lifespan.return_without_events")
def an_early_return_does_not_keep_the_server_from_serving(new_server: Server, app: App) -> None:
    new_server.starts()
    app.is_called(type="lifespan")
    app.returns()
    new_server.serves()


@check("lifespan.return_before_shutdown")
def a_return_before_the_shutdown_does_not_disturb(new_server: Server, app: App) -> None:
    new_server.starts()
    app.receives(lifespan.startup())
    app.sends(lifespan.startup_complete())
    app.returns()
    new_server.serves()
    new_server.stops()
    new_server.exits()


@check("lifespan.call.same_loop_as_requests")
def lifespan_and_requests_share_their_event_loop(new_server: Server, client: Client, app: App) -> None:
    new_server.comes_up(app)
    client.sends(request.get("/"))
    app.is_called_again().shares_the_loop_of(app)


@check("asgi.send.unknown_type.raises.lifespan")
def an_unknown_event_is_refused_in_a_lifespan(new_server: Server, app: App) -> None:
    new_server.starts()
    app.receives(lifespan.startup())
    app.cannot_send({"type": "lifespan.startup.nonsense"})


@check("lifespan.shutdown.sent")
def an_orderly_stop_is_announced(new_server: Server, app: App) -> None:
    new_server.comes_up(app)
    new_server.goes_down(app)


@check("lifespan.shutdown.once")
def the_shutdown_is_delivered_once(new_server: Server, app: App) -> None:
    new_server.comes_up(app)
    new_server.goes_down(app)
    app.hears_nothing()


@check("lifespan.shutdown.not_accepting")
def nobody_is_served_during_the_shutdown(new_server: Server, app: App) -> None:
    new_server.comes_up(app)
    new_server.goes_down(app)
    new_server.does_not_serve()


@check("lifespan.shutdown.complete.awaited")
def the_server_waits_for_the_shutdown_to_complete(new_server: Server, app: App) -> None:
    new_server.comes_up(app)
    new_server.goes_down(app)
    new_server.keeps_running()
    app.sends(lifespan.shutdown_complete())


@check("lifespan.shutdown.complete.terminates")
def the_server_ends_after_the_shutdown(new_server: Server, app: App) -> None:
    new_server.comes_up(app)
    new_server.goes_down(app)
    app.sends(lifespan.shutdown_complete())
    app.ends()
    new_server.exits()


@check("lifespan.shutdown.complete.extra_keys.tolerated")
def unknown_keys_of_shutdown_complete_are_ignored(new_server: Server, app: App) -> None:
    new_server.comes_up(app)
    new_server.goes_down(app)
    app.sends(lifespan.shutdown_complete(future="x"))
    app.ends()
    new_server.exits()


@check("lifespan.shutdown.failed.terminates")
def the_server_ends_after_a_failed_shutdown(new_server: Server, app: App) -> None:
    new_server.comes_up(app)
    new_server.goes_down(app)
    app.may_send(lifespan.shutdown_failed(message="rollback"))
    app.ends()
    new_server.exits()


@check("lifespan.shutdown.failed.message_logged")
def the_reason_of_a_failed_shutdown_is_printed(new_server: Server, app: App) -> None:
    new_server.comes_up(app)
    new_server.goes_down(app)
    app.may_send(lifespan.shutdown_failed(message="the rollback failed"))
    app.ends()
    new_server.exits(saying="the rollback failed")


@check("lifespan.shutdown.failed.message.default")
def a_shutdown_may_fail_without_a_message(new_server: Server, app: App) -> None:
    new_server.comes_up(app)
    new_server.goes_down(app)
    app.may_send(lifespan.shutdown_failed())
    app.ends()
    new_server.exits()
