"""The version of the protocol that a server announces (www, Spec Versions)."""

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.expectation import either
from asgi_conformance.dialogue.server import Server
from asgi_conformance.spec.requirement import Level
from asgi_conformance.wire import request

ANNOUNCED = "scope['asgi'].get('spec_version', '2.0')"
PUBLISHED = either("2.0", "2.1", "2.2", "2.3", "2.4", "2.5")


@check("www.spec_version.known_value")
def the_version_is_a_published_one(client: Client, server: Server) -> None:
    for app in server.calls_for("/published-version", client):
        server.records_version(app)
        app.finds(ANNOUNCED, PUBLISHED)


# Ruling asgi.spec-version-gates-rules: who follows a later version for one of the two only may say so.
@check("www.spec_version.http_websocket_equal", level=Level.MAY)
def requests_and_websockets_come_with_the_same_version(
    client: Client, app: App, another_client: Client
) -> None:
    client.is_accepted_by(app, "/one-version")
    another_client.sends(request.get("/one-version"))
    app.is_called_again(path="/one-version").finds(ANNOUNCED, app.evaluates(ANNOUNCED))


@check("www.spec_version.independent")
def the_version_does_not_depend_on_that_of_http(
    http1_client: Client, app: App, another_client: Client
) -> None:
    http1_client.sends(b"GET /any-http-1.0 HTTP/1.0\r\nHost: localhost\r\n\r\n")
    app.is_called(path="/any-http-1.0")
    another_client.sends(request.get("/any-http-1.1"))
    app.is_called_again(path="/any-http-1.1").finds(ANNOUNCED, app.evaluates(ANNOUNCED))
