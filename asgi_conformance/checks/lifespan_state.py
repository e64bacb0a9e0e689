"""The state that a lifespan hands to its requests (lifespan, Lifespan State)."""

from asgi_conformance.checks.lifespan import looks_around
from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.server import Server
from asgi_conformance.wire import request
from asgi_conformance.wire import websocket as ws

POOL = "scope['state'].get('pool')"
"""What a call finds where the startup has put something."""
LATE = {True: "what is stored after the startup is handed on", False: "what is stored after it is kept back"}
STATELESS = {True: "a request has an empty state then", False: "a request has no state then"}


@check("lifespan.scope.state.optional")
def a_state_is_offered(new_server: Server, app: App) -> None:
    new_server.starts()
    app.finds("'state' in scope", True)


@check("lifespan.scope.state.empty")
def the_state_is_empty_at_first(new_server: Server, app: App) -> None:
    new_server.starts()
    app.is_offered("state")
    app.finds("scope['state']", {})


@check("lifespan.state.persisted")
def a_call_finds_what_the_startup_stored(new_server: Server, app: App) -> None:
    new_server.starts()
    app.stores("pool", "open")
    new_server.comes_up(app)
    for call in new_server.is_asked("/persisted"):
        call.finds("scope.get('state', {'pool': 'open'}).get('pool')", "open")


@check("lifespan.state.in_http")
def a_request_has_a_state_if_the_lifespan_has(new_server: Server, client: Client, app: App) -> None:
    new_server.comes_up(app)
    client.sends(request.get("/in-http"))
    app.is_called_again(path="/in-http").is_offered_as_to(app, "state")


@check("lifespan.state.in_websocket")
def a_websocket_has_a_state_if_the_lifespan_has(new_server: Server, client: Client, app: App) -> None:
    new_server.comes_up(app)
    client.sends(ws.handshake("/in-websocket"))
    app.is_called_again(path="/in-websocket").is_offered_as_to(app, "state")


@check("lifespan.state.shallow_copy")
def the_stored_objects_are_handed_on_themselves(new_server: Server, app: App) -> None:
    new_server.starts()
    app.stores("pool", [])
    app.does("memory['pool'] = scope['state']['pool']; memory['state'] = scope['state']")
    new_server.comes_up(app)
    for call in new_server.is_asked("/shallow"):
        call.finds(f"{POOL} is memory['pool']", True)
        call.finds("scope['state'] is memory['state']", False)


@check("lifespan.state.nested_shared")
def what_changes_inside_a_stored_object_all_see(new_server: Server, app: App) -> None:
    new_server.starts()
    app.stores("pool", [])
    new_server.comes_up(app)
    for number, call in enumerate(new_server.is_asked("/changing", times=2)):
        call.finds(f"len({POOL})", number)
        call.does(f"{POOL}.append('connection')")


@check("lifespan.state.values_any")
def anything_may_be_stored(new_server: Server, app: App) -> None:
    new_server.starts()
    app.is_offered("state")
    app.does("scope['state']['lock'] = memory['lock'] = __import__('threading').Lock()")
    new_server.comes_up(app)
    for call in new_server.is_asked("/any-value"):
        call.finds("scope['state'].get('lock') is memory['lock']", True)


@check("lifespan.state.no_leak_between_requests")
def what_one_call_adds_no_other_one_sees(new_server: Server, app: App) -> None:
    new_server.starts()
    app.stores("pool", "open")
    new_server.comes_up(app)
    for call in new_server.is_asked("/leaking", times=2):
        call.finds("'mine' in scope['state']", False)
        call.does("scope['state']['mine'] = 1")
    app.finds("'mine' in scope['state']", False)


@check("lifespan.state.no_key_removed")
def what_one_call_replaces_or_deletes_others_still_have(new_server: Server, app: App) -> None:
    new_server.starts()
    app.stores("pool", "open")
    app.stores("cache", "warm")
    new_server.comes_up(app)
    for call in new_server.is_asked("/deleting", times=2):
        call.finds("list(map(scope['state'].get, ['pool', 'cache']))", ["open", "warm"])
        call.does("del scope['state']['pool']; scope['state']['cache'] = 'cold'")


@check("lifespan.state.server_adds_nothing")
def the_server_leaves_the_state_alone(new_server: Server, app: App) -> None:
    new_server.starts()
    app.stores("pool", "open")
    new_server.comes_up(app)
    for call in new_server.is_asked("/untouched"):
        call.finds("list(scope['state'])", ["pool"])
    new_server.goes_down(app)
    app.finds("list(scope['state'])", ["pool"])


@check("lifespan.state.late_mutation")
def what_is_stored_late_all_see_or_nobody(new_server: Server, app: App) -> None:
    new_server.comes_up(app)
    app.stores("late", "stored")
    for call in new_server.is_asked("/late", times=2):
        call.does("memory.setdefault('seen', set()).add('late' in scope['state'])")
    app.finds("len(memory['seen'])", 1)
    new_server.records(LATE[bool(app.evaluates("memory['seen'].pop()"))])


@check("lifespan.state.without_lifespan")
def the_state_of_an_application_without_lifespan_is_empty(new_server: Server, app: App) -> None:
    new_server.starts()
    looks_around(app)
    app.raises("this application has no state")
    for call in new_server.is_asked("/stateless"):
        call.finds("scope.get('state', {})", {})
        offered = bool(call.evaluates("'state' in scope"))
    new_server.records(STATELESS[offered])
