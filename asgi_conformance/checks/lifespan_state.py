"""The state that a lifespan hands to its requests (lifespan, Lifespan State)."""

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.server import Server
from asgi_conformance.wire import request
from asgi_conformance.wire import websocket as ws


@check("lifespan.scope.state.empty")
def the_state_is_empty_at_first(new_server: Server, app: App) -> None:
    new_server.starts()
    app.is_offered("state")
    app.finds("scope['state']", {})


@check("lifespan.state.persisted")
def a_request_finds_what_the_startup_stored(new_server: Server, client: Client, app: App) -> None:
    new_server.starts()
    app.stores("pool", "open")
    new_server.comes_up(app)
    client.sends(request.get("/persisted"))
    app.is_called_again(path="/persisted").finds("scope.get('state', {'pool': 'open'}).get('pool')", "open")


@check("lifespan.state.in_http")
def a_request_has_a_state(new_server: Server, client: Client, app: App) -> None:
    new_server.starts()
    app.is_offered("state")
    new_server.comes_up(app)
    client.sends(request.get("/in-http"))
    app.is_called_again(path="/in-http").finds("'state' in scope", True)


@check("lifespan.state.in_websocket")
def a_websocket_has_a_state(new_server: Server, client: Client, app: App) -> None:
    new_server.starts()
    app.is_offered("state")
    new_server.comes_up(app)
    client.sends(ws.handshake("/in-websocket"))
    app.is_called_again(path="/in-websocket").finds("'state' in scope", True)


@check("lifespan.state.shallow_copy")
def the_stored_objects_are_handed_on_themselves(new_server: Server, client: Client, app: App) -> None:
    new_server.starts()
    app.stores("pool", [])
    app.does("memory['pool'] = scope['state']['pool']")
    new_server.comes_up(app)
    client.sends(request.get("/shallow"))
    app.is_called_again(path="/shallow").finds("scope['state']['pool'] is memory['pool']", True)


@check("lifespan.state.nested_shared")
def what_changes_inside_a_stored_object_all_see(new_server: Server, client: Client, app: App) -> None:
    new_server.starts()
    app.stores("pool", [])
    new_server.comes_up(app)
    client.sends(request.get("/changing"))
    first = app.is_called_again(path="/changing")
    first.does("scope['state']['pool'].append('connection')")
    first.responds()
    client.receives(status=200)
    client.sends(request.get("/changed"))
    app.is_called_again(path="/changed").finds("scope['state']['pool']", ["connection"])


@check("lifespan.state.values_any")
def anything_may_be_stored(new_server: Server, client: Client, app: App) -> None:
    new_server.starts()
    app.is_offered("state")
    app.does("scope['state']['lock'] = memory['lock'] = __import__('threading').Lock()")
    new_server.comes_up(app)
    client.sends(request.get("/any-value"))
    app.is_called_again(path="/any-value").finds("scope['state'].get('lock') is memory['lock']", True)


@check("lifespan.state.no_leak_between_requests")
def what_one_request_adds_no_other_one_sees(new_server: Server, client: Client, app: App) -> None:
    new_server.starts()
    app.stores("pool", "open")
    new_server.comes_up(app)
    client.sends(request.get("/leaking"))
    first = app.is_called_again(path="/leaking")
    first.does("scope['state']['mine'] = 1")
    first.responds()
    client.receives(status=200)
    client.sends(request.get("/leaked"))
    app.is_called_again(path="/leaked").finds("'mine' in scope['state']", False)


@check("lifespan.state.no_key_removed")
def what_one_request_deletes_others_still_have(new_server: Server, client: Client, app: App) -> None:
    new_server.starts()
    app.stores("pool", "open")
    new_server.comes_up(app)
    client.sends(request.get("/deleting"))
    first = app.is_called_again(path="/deleting")
    first.does("del scope['state']['pool']")
    first.responds()
    client.receives(status=200)
    client.sends(request.get("/kept"))
    app.is_called_again(path="/kept").finds("'pool' in scope['state']", True)


@check("lifespan.state.server_adds_nothing")
def the_server_leaves_the_state_alone(new_server: Server, client: Client, app: App) -> None:
    new_server.starts()
    app.stores("pool", "open")
    new_server.comes_up(app)
    client.sends(request.get("/untouched"))
    untouched = app.is_called_again(path="/untouched")
    untouched.finds("list(scope['state'])", ["pool"])
    untouched.responds()
    untouched.returns()
    client.leaves()
    new_server.goes_down(app)
    app.finds("list(scope['state'])", ["pool"])
