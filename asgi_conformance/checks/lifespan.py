"""The lifespan of a server: its scope, its start, failure to start, and an early end (lifespan)."""

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.server import Server
from asgi_conformance.spec import lifespan
from asgi_conformance.wire import request


def looks_around(app: App) -> None:
    """What an application without lifespan does before it gives up: it takes a little while."""
    # An end in the few steps of the loop before they wait for the startup breaks anycorn, and hypercorn on
    # trio. Whether ours comes just there is chance; during these round trips every loop gets over them.
    for _ in range(5):
        app.finds("scope.get('type')", "lifespan")


@check("lifespan.scope.type")
def the_lifespan_has_a_scope_of_its_own(new_server: Server, app: App) -> None:
    new_server.starts()
    app.finds("scope['type']", "lifespan")


@check("lifespan.scope.asgi.spec_version.value")
def the_lifespan_announces_a_version_of_lifespan(new_server: Server, app: App) -> None:
    new_server.starts()
    app.finds("str(scope['asgi'].get('spec_version', '1.0')) in ('1.0', '2.0')", True)


@check("lifespan.scope.asgi.spec_version.type")
def the_version_of_lifespan_is_a_str(new_server: Server, app: App) -> None:
    new_server.starts()
    app.is_called(type="lifespan")


@check("lifespan.scope.no_http_keys")
def the_scope_of_a_lifespan_says_little(new_server: Server, app: App) -> None:
    new_server.starts()
    app.finds("sorted({*scope} - {'type', 'asgi', 'state'})", [])


@check("lifespan.call.once_per_loop")
def there_is_one_lifespan_for_an_event_loop(new_server: Server, client: Client, app: App) -> None:
    new_server.comes_up(app)
    client.sends(request.get("/one-lifespan"))
    app.is_called_again(path="/one-lifespan").responds()
    client.receives(status=200)
    new_server.has_not_called_again()


@check("lifespan.call.same_loop_as_requests")
def all_calls_share_the_event_loop_of_the_lifespan(new_server: Server, app: App) -> None:
    new_server.comes_up(app)
    for call in new_server.is_asked("/same-loop"):
        call.shares_the_loop_of(app)


@check("lifespan.startup.type")
def the_opening_event_is_the_startup(new_server: Server, app: App) -> None:
    new_server.starts()
    app.finds("(await receive())['type']", "lifespan.startup")


@check("lifespan.startup.once")
def the_startup_is_delivered_once(new_server: Server, app: App) -> None:
    new_server.comes_up(app, "/started-once")
    app.hears_nothing()


@check("lifespan.startup.complete.awaited")
def nothing_is_served_before_the_startup_is_complete(new_server: Server, app: App) -> None:
    new_server.starts()
    app.receives(lifespan.startup())
    app.does("memory['pool'] = 'opening'")
    new_server.does_not_serve("/too-early")
    new_server.records("serves nobody until then")
    app.sends(lifespan.startup_complete())
    new_server.serves()


@check("lifespan.startup.complete.serves")
def the_server_serves_after_the_startup(new_server: Server, app: App) -> None:
    new_server.starts()
    app.receives(lifespan.startup())
    app.sends(lifespan.startup_complete())
    new_server.serves("/after-the-startup")
    new_server.records("serves")


@check("lifespan.startup.complete.before_event")
def an_app_may_be_ready_before_it_is_told_to_start(new_server: Server, app: App) -> None:
    new_server.starts()
    app.may_send(lifespan.startup_complete())
    app.receives(lifespan.startup())
    app.may_send(lifespan.startup_complete())
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
    app.ends_with(lifespan.startup_failed(message="no database"))
    new_server.exits()
    new_server.records_its_end()


@check("lifespan.startup.failed.no_requests")
def nobody_is_served_after_a_failed_startup(new_server: Server, app: App) -> None:
    new_server.starts()
    app.receives(lifespan.startup())
    app.may_send(lifespan.startup_failed(message="out of order"))
    new_server.does_not_serve("/out-of-order")
    new_server.records("serves nobody")


@check("lifespan.startup.failed.message_logged")
def the_reason_of_a_failed_startup_is_printed(new_server: Server, app: App) -> None:
    new_server.starts()
    app.receives(lifespan.startup())
    app.ends_with(lifespan.startup_failed(message="no database today"))
    new_server.exits(saying="no database today")
    new_server.records("prints why")


@check("lifespan.startup.failed.message.default")
def a_startup_may_fail_without_a_message(new_server: Server, app: App) -> None:
    new_server.starts()
    app.receives(lifespan.startup())
    app.ends_with(lifespan.startup_failed())
    new_server.exits()
    new_server.records_its_end()


@check("lifespan.exception.on_call.continues")
def an_application_without_lifespan_is_served(new_server: Server, app: App) -> None:
    new_server.may_insist_on_a_lifespan()
    new_server.starts()
    looks_around(app)
    app.raises("this application has no lifespan", "NotImplementedError")
    new_server.serves()
    new_server.records("serves")
    new_server.records_whether_it_says("this application has no lifespan")


@check("lifespan.exception.on_startup.continues")
def an_exception_on_startup_does_not_stop_the_server(new_server: Server, app: App) -> None:
    new_server.may_insist_on_a_lifespan()
    new_server.starts()
    app.receives(lifespan.startup())
    app.raises("this application has no startup")
    new_server.serves()
    new_server.records("serves")
    new_server.records_whether_it_says("this application has no startup")


@check("lifespan.exception.no_events")
def a_lifespan_that_raised_is_not_tried_again(new_server: Server, app: App) -> None:
    new_server.may_insist_on_a_lifespan()
    new_server.starts()
    looks_around(app)
    app.raises("this application has no events")
    new_server.serves("/no-events")
    new_server.stops()
    new_server.exits()
    new_server.has_not_called_again()


@check("lifespan.exception.shutdown_clean")
def a_server_without_lifespan_stops_as_usual(new_server: Server, app: App) -> None:
    new_server.may_insist_on_a_lifespan()
    new_server.starts()
    looks_around(app)
    app.raises("this application has no shutdown")
    new_server.serves()
    new_server.stops()
    new_server.exits()
    new_server.records_its_end()


@check("lifespan.exception.after_startup_complete")
def a_lifespan_that_breaks_down_does_not_hang_the_server(new_server: Server, app: App) -> None:
    new_server.comes_up(app, "/before-the-breakdown")
    app.raises("the connection to the database was lost")
    new_server.records_whether_it_serves("/after-the-breakdown")
    new_server.stops()
    new_server.exits()
    new_server.records_its_end()
    new_server.records_whether_it_says("the connection to the database was lost")


@check("lifespan.exception.on_shutdown")
def an_exception_on_shutdown_does_not_hold_up_the_end(new_server: Server, app: App) -> None:
    new_server.comes_up(app)
    new_server.goes_down(app)
    app.raises("the database is gone")
    new_server.exits()
    new_server.records_its_end()
    new_server.records_whether_it_says("the database is gone")


@check("lifespan.return_without_events")
def an_early_return_does_not_keep_the_server_from_serving(new_server: Server, app: App) -> None:
    new_server.starts()
    looks_around(app)
    app.returns()
    new_server.serves("/early-return")
    new_server.records("serves")


@check("lifespan.return_before_shutdown")
def a_return_before_the_shutdown_does_not_disturb(new_server: Server, app: App) -> None:
    new_server.starts()
    app.receives(lifespan.startup())
    app.sends(lifespan.startup_complete())
    app.returns()
    new_server.serves("/after-the-return")
    new_server.records("serves")
    new_server.stops()
    new_server.exits()
    new_server.records_its_end(of=app)


@check("asgi.send.unknown_type.raises.lifespan")
def an_unknown_event_is_refused_in_a_lifespan(new_server: Server, app: App) -> None:
    new_server.starts()
    app.receives(lifespan.startup())
    app.cannot_send({"type": "lifespan.startup.nonsense"})
