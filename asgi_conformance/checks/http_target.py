"""The target of a request: what becomes of its odd forms (www, HTTP Connection Scope; RFC 9112 §3.2)."""

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.expectation import either, like
from asgi_conformance.dialogue.server import Server
from asgi_conformance.spec.requirement import Level
from asgi_conformance.wire import request

NOWHERE = ("nowhere.test:", "nowhere.test:https", "nowhere.test")

# A path and a query that begin with a slash


@check("http.scope.path.server_decodes")
def signs_that_mean_something_in_a_target_are_decoded_in_the_path(client: Client, app: App) -> None:
    client.sends(request.get("/reserved%3A%40%21%24%26%27%28%29%2A%2B%2C%3B%3D%5B%5D"))
    app.is_called(path="/reserved:@!$&'()*+,;=[]")


@check("http.scope.path.raw_utf8")
def utf_8_that_was_not_escaped_is_decoded_too_or_refused(client: Client, app: App) -> None:
    client.sends(request.get("/not-escaped-é".encode()))
    app.may_be_called(path="/not-escaped-é", raw_path=either("/not-escaped-é".encode(), None))


@check("http.scope.query_string.raw_bytes")
def bytes_beyond_ascii_in_the_query_are_kept_or_refused(client: Client, app: App) -> None:
    client.sends(request.get(b"/bytes-in-query?utf-8=\xc3\xa9&not=\xff"))
    app.may_be_called(query_string=b"utf-8=\xc3\xa9&not=\xff")


@check("http.scope.query_string.fragment")
def a_number_sign_is_kept_or_refused(client: Client, app: App) -> None:
    client.sends(request.get("/number-sign?query#and-more"))
    app.may_be_called(query_string=b"query#and-more")


# Other forms


@check("h1.target.absolute_form")
def a_target_may_be_a_whole_url(client: Client, app: App) -> None:
    client.sends(request.get("http://localhost/whole%20url?query"))
    # Whether the path is that of the URL or all of it, nobody says.
    app.is_called(path=either("/whole url", "http://localhost/whole url"), query_string=b"query")


@check("http.scope.path.absolute_form")
def the_path_of_a_whole_url_begins_behind_its_host(client: Client, app: App) -> None:
    client.sends(request.get("http://localhost/path%20of-url?query"))
    app.may_be_called(path="/path of-url", query_string=b"query")


@check("http.scope.raw_path.absolute_form")
def the_raw_path_of_a_whole_url_begins_behind_its_host(client: Client, app: App) -> None:
    client.sends(request.get("http://localhost/raw%20path-of-url?query"))
    app.may_be_called(raw_path=either(b"/raw%20path-of-url", None))


@check("http.scope.path.empty")
def the_path_is_not_empty_when_that_of_a_url_is(client: Client, app: App) -> None:
    client.sends(request.get("http://localhost?no-path"))
    app.may_be_called(path=like(".+"))


# HTTP wants the host of the target here (RFC 9112 §3.2.2), ASGI the headers as they were sent.
@check("http.scope.headers.absolute_form_host", level=Level.MAY)
def the_host_of_a_whole_url_stands_in_for_the_header(client: Client, app: App) -> None:
    client.sends(request.get("http://in-target.test/host-of-url", headers=[("host", "in-header.test")]))
    app.may_be_called(headers=[("host", "in-target.test")])


@check("http.scope.path.asterisk_form")
def an_asterisk_is_handed_over_or_answered_by_the_server(client: Client, app: App) -> None:
    client.sends(request.request("OPTIONS", "*"))
    app.may_be_called(method="OPTIONS", path="*")


@check("http.scope.path.authority_form")
def an_authority_is_handed_over_as_a_path_or_refused(client: Client, app: App) -> None:
    client.sends(request.request("CONNECT", "authority.test:443"))
    app.may_be_called(method="CONNECT", path=like(".*"))


# Ruling path.asterisk-and-authority-form: who is called is only recorded, but a reply must come.
@check("h1.target.asterisk_form", level=Level.MAY, silence=Level.MUST)
def an_asterisk_is_for_options_and_a_bare_authority_for_connect(
    client: Client, another_client: Client, third_client: Client, server: Server
) -> None:
    client.sends(request.request("OPTIONS", "*"))
    server.may_serve(client)
    another_client.sends(request.get("*"))
    another_client.is_refused()
    third_client.sends(request.get("localhost:80"))
    third_client.is_refused()


@check("http.connect.rejected")
def a_tunnel_is_refused_by_the_server_or_the_application(client: Client, server: Server) -> None:
    client.sends(request.request("CONNECT", "nowhere.test:443"))
    server.may_serve(client, status=405)
    for target in NOWHERE:
        visitor = server.is_visited()
        visitor.sends(request.request("CONNECT", target))
        server.may_serve(visitor, status=405)
