"""What an application tells its tests, and no server in production asks for (extensions, Debug)."""

from asgi_conformance.checks.declared_events import asks
from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.expectation import Broken, bare
from asgi_conformance.spec.conversation import extend
from asgi_conformance.spec.kinds import DICT
from asgi_conformance.spec.model import APPLICATION, Event, Field, when

NAME = "http.response.debug"

debug = Event(NAME, APPLICATION, info=Field(DICT))

extend("http", NAME, {APPLICATION: {"start": {when(debug): "start"}}})

TOLD = debug(info={"template": "poem.html", "context": {"title": "Ode"}})


# Not overheard everywhere: where applications are tested, it is the harness that announces it, and rightly.
@check("http.response.debug.not_implemented")
def a_server_does_not_ask_what_only_tests_want_to_know(client: Client, app: App) -> None:
    asks(client, app, "/debug/not-implemented")
    announced = bare(app.scope.get("extensions"))
    if isinstance(announced, dict) and NAME in announced:
        raise Broken(f"the extension {NAME} is announced")


@check("http.response.debug.unannounced")
def what_was_not_asked_for_is_refused(client: Client, app: App) -> None:
    asks(client, app, "/debug/unannounced")
    app.is_not_offered(NAME)
    app.cannot_send(TOLD)


@check("http.response.debug.no_wire_effect")
def what_a_test_is_told_is_kept_from_the_client(client: Client, app: App) -> None:
    headers = [(b"content-type", b"text/plain"), (b"content-length", b"2")]
    asks(client, app, "/debug/no-wire-effect")
    app.sends(TOLD)
    app.responds(201, headers, b"ok")
    client.receives(status=201, headers=headers, body=b"ok")
