"""An application that is mounted below a prefix (www, HTTP Connection Scope and WSGI Compatibility)."""

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.expectation import either
from asgi_conformance.dialogue.server import Server
from asgi_conformance.wire import request


@check("http.scope.root_path.configured")
def the_root_path_is_the_prefix_that_was_configured(mounted_client: Client, app: App) -> None:
    mounted_client.sends(request.get("/mounted/below"))
    app.is_called(root_path="/mounted")


@check("http.scope.root_path.unicode")
def a_prefix_beyond_ascii_is_text_in_the_root_path(accented_client: Client, app: App) -> None:
    accented_client.sends(request.get("/caf%C3%A9/below"))
    app.is_called(root_path="/café")


@check("wsgi.path_includes_root_path")
def the_path_begins_with_the_root_path_once(mounted_client: Client, app: App, server: Server) -> None:
    # A proxy in front may have taken the prefix away, or not: a server need be right in one of the two.
    mounted_client.sends(request.get("/rest"))
    app.is_called(path=either("/rest", "/mounted/rest"))
    server.is_visited().sends(request.get("/mounted/rest"))
    app.is_called_again(path=either("/mounted/rest", f"/mounted{app.scope['path']}"))
