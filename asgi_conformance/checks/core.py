"""What holds for every call of the application, whatever the protocol (main); tried over HTTP."""

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.expectation import ABSENT
from asgi_conformance.dialogue.server import Server
from asgi_conformance.spec import http, websocket
from asgi_conformance.spec.requirement import Level
from asgi_conformance.wire import request
from asgi_conformance.wire import websocket as ws

# The call


@check("asgi.call.once_per_connection")
def a_request_calls_the_application_once(client: Client, app: App) -> None:
    client.sends(request.get("/once"))
    app.is_called(path="/once")
    app.receives(http.request())
    app.responds(200, [(b"content-length", b"2")], b"ok")
    client.receives(status=200)
    client.sends(request.get("/after-once"))
    app.is_called_again(path="/after-once")


@check("asgi.call.event_loop")
def the_application_runs_in_an_event_loop(client: Client, app: App) -> None:
    client.sends(request.get("/event-loop"))
    app.is_called()


# The scope


@check("asgi.scope.dict")
def the_scope_is_a_dict(client: Client, app: App) -> None:
    client.sends(request.get("/scope-dict"))
    app.is_called()


@check("asgi.scope.per_connection")
def each_call_has_a_scope_of_its_own(client: Client, app: App, another_client: Client) -> None:
    client.sends(request.get("/marked-scope"))
    app.is_called(path="/marked-scope")
    app.does("scope['mark'] = 'of the first call'")
    another_client.sends(request.post("/scope-without-mark", body=b"of the second"))
    second = app.is_called_again(path="/scope-without-mark", mark=ABSENT)
    second.receives_body(b"of the second")
    second.responds(200, [(b"content-length", b"6")], b"second")
    app.receives_body(b"")
    app.responds(200, [(b"content-length", b"5")], b"first")
    another_client.receives(body=b"second")
    client.receives(body=b"first")


@check("asgi.scope.body_not_in_scope")
def the_body_is_nowhere_in_the_scope(client: Client, app: App) -> None:
    client.sends(request.post("/body", body=b"in the body"))
    app.is_called(path="/body")
    app.finds("'in the body' in repr(scope)", False)


@check("asgi.scope.asgi.present")
def the_scope_tells_of_asgi(client: Client, app: App) -> None:
    client.sends(request.get("/asgi"))
    app.is_called()


@check("asgi.scope.asgi.version.value")
def the_version_of_asgi_is_3_0(client: Client, app: App) -> None:
    client.sends(request.get("/asgi-version"))
    app.is_called()


# Events


@check("asgi.event.dict.server")
def what_receive_gives_is_a_dict(client: Client, app: App) -> None:
    client.sends(request.get("/event-dict"))
    app.receives(http.request())


@check("asgi.event.type_key.server")
def an_event_says_its_type(client: Client, app: App) -> None:
    client.sends(request.get("/event-type"))
    app.receives(http.request())


# Whether anything comes at all is judged elsewhere: here, that it is something new.
@check("asgi.receive.callable", silence=Level.MAY)
def receive_takes_nothing_and_gives_a_new_event_each_time(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/new-events")
    client.sends(ws.text("first"), ws.text("second"))
    app.does("first = await receive(); kept = dict(first); second = await receive()")
    app.finds("second is first, first == kept", [False, True])


@check("asgi.send.callable")
def send_takes_an_event(client: Client, app: App) -> None:
    client.sends(request.get("/sent"))
    app.receives(http.request())
    app.answers(client)


@check("asgi.receive.waits")
def receive_waits_until_there_is_an_event(client: Client, app: App) -> None:
    client.sends(request.get("/nothing-more"))
    app.receives(http.request(more_body=False))
    app.hears_nothing()


@check("asgi.receive.cancel_safe")
def a_receive_that_was_cancelled_loses_nothing(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/cancelled-receive")
    app.hears_nothing()
    app.stops_listening()
    # By the time that this is through, a server has heard of the cancellation wherever it waits.
    app.sends(websocket.send(text="go on"))
    client.receives(text="go on")
    client.sends(ws.text("still there?"))
    app.receives(websocket.receive(text="still there?"))


@check("asgi.send.while_receive_pending")
def send_does_not_wait_for_receive(client: Client, app: App) -> None:
    client.sends(request.get("/pending-receive"))
    app.receives(http.request(more_body=False))
    app.listens()
    app.answers(client)


@check("asgi.receive_send.from_other_tasks")
def receive_and_send_work_from_other_tasks(client: Client, app: App) -> None:
    # The probe makes every call of them in a task of its own.
    client.sends(request.get("/other-tasks"))
    app.receives(http.request())
    app.answers(client)


@check("asgi.send.extra_keys.tolerated")
def keys_that_no_event_defines_are_ignored(client: Client, app: App) -> None:
    client.sends(request.get("/extra-keys"))
    app.receives(http.request())
    app.sends(http.response_start(status=200, headers=[(b"content-length", b"2")], extra={"a": [1]}))
    app.sends(http.response_body(body=b"ok", more_body=False, extra=None))
    client.receives(status=200, body=b"ok")


# Extensions


@check("asgi.extensions.dict")
def extensions_are_announced_in_a_dict(client: Client, server: Server) -> None:
    for app in server.calls_for("/extensions", client):
        server.records_extensions(app)


@check("asgi.extensions.values_dict")
def what_is_told_of_an_extension_is_a_dict(client: Client, app: App) -> None:
    client.sends(request.get("/extension-values"))
    app.is_called()


@check("asgi.extensions.unannounced_rejected")
def an_event_of_an_unannounced_extension_is_refused(client: Client, app: App) -> None:
    client.sends(request.get("/unannounced"))
    app.is_not_offered("http.response.push")
    app.receives(http.request())
    app.cannot_send({"type": "http.response.push", "path": "/pushed", "headers": []})
