"""The scope of an HTTP request (www, HTTP Connection Scope)."""

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.wire import request


@check("http.scope.path.percent_decoded")
def the_path_is_percent_decoded(client: Client, app: App) -> None:
    client.sends(request.get("/a%20b/%7Euser?q=%20"))
    app.is_called(path="/a b/~user")
