"""Applications of two steps, as they were before ASGI 3 (main, Legacy Applications)."""

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.wire import request


@check("asgi.legacy.supported")
def an_application_of_two_steps_is_served(legacy_client: Client, app: App) -> None:
    legacy_client.sends(request.get("/two-steps"))
    app.is_called(path="/two-steps")


@check("asgi.legacy.first_call_scope_only")
def the_first_step_is_called_with_the_scope_alone(legacy_client: Client, app: App) -> None:
    legacy_client.sends(request.get("/first-step"))
    app.was_called(positional=1, keywords=[])


@check("asgi.legacy.second_call_immediate")
def the_second_step_follows_at_once(legacy_client: Client, app: App) -> None:
    # The string of the probe begins in the second step: nothing of the body has been sent by then.
    legacy_client.sends(request.post("/second-step", more=True))
    app.is_called(path="/second-step")


@check("asgi.legacy.same_meaning")
def scope_and_receive_and_send_are_what_they_are_elsewhere(legacy_client: Client, app: App) -> None:
    legacy_client.sends(request.post("/in%20two%20steps?query", body=b"a body"))
    app.is_called(type="http", method="POST", path="/in two steps", query_string=b"query")
    app.receives_body(b"a body")
    app.responds(201, [(b"content-length", b"4"), (b"x-made", b"in two steps")], b"done")
    legacy_client.receives(status=201, headers=[("x-made", "in two steps")], body=b"done")
