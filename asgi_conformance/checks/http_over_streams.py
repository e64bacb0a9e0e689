"""Requests that come over HTTP/2 and HTTP/3: their scopes, each on a stream of its own (www, HTTP)."""

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.expectation import ABSENT, either
from asgi_conformance.dialogue.server import Server
from asgi_conformance.wire import request
from asgi_conformance.wire.stream_spelling import heading

PSEUDO = (":method", ":scheme", ":authority", ":path", ":protocol", ":status")
COOKIES = [("cookie", "flavour=vanilla"), ("cookie", "topping=none"), ("cookie", "size=2")]
SEPARATE = tuple(value.encode() for _, value in COOKIES)


def asked(client: Client, server: Server, path: str) -> App:
    """A request is made, and the application has read it.

    It has a body: what a server does not tell of requests without one is not judged once more.
    """
    client.sends(request.post(path, body=b"hello"))
    app = server.is_to_call().is_called(path=path)
    app.receives_body(b"hello")
    return app


@check("http.scope.http_version.2")
def the_version_of_http_2_is_2(client: Client, app: App) -> None:
    client.sends(request.get("/http-version/2"))
    app.is_called(http_version="2")


@check("http.scope.http_version.3")
def the_version_of_http_3_is_3(client: Client, app: App) -> None:
    client.sends(request.get("/http-version/3"))
    app.is_called(http_version="3")


@check("http.scope.headers.no_pseudo")
def pseudo_headers_are_no_headers(client: Client, app: App) -> None:
    client.sends(request.get("/pseudo-headers"))
    app.is_called(headers=[(name, None) for name in PSEUDO])


@check("http.scope.headers.authority_as_host")
def the_authority_is_the_host(client: Client, app: App) -> None:
    client.sends(request.get("/authority", headers=[("host", "shop.test:8443")]))
    app.is_called(headers=[("host", "shop.test:8443")])


@check("http.scope.headers.authority_first")
def the_host_comes_first(client: Client, app: App) -> None:
    client.sends(request.get("/authority/first", headers=[("host", "first.test")]))
    app.finds("scope['headers'][0][0]", b"host")


@check("http.scope.headers.authority_replaces_host")
def the_authority_wins_over_a_host(client: Client, another_client: Client, app: App, server: Server) -> None:
    fields = client.fields_of(request.get("/authority/and-host", headers=[("host", "a.test")]))
    client.sends(heading([*fields, ("host", "a.test")]))
    app.is_called(headers=[("host", "a.test")])
    app.answers(client)
    another_client.sends(heading([*fields, ("host", "b.test")]))
    # To refuse it is right, too (RFC 9113 §8.3.1).
    server.may_serve(another_client, headers=[("host", "a.test")])


@check("http.headers.cookie.h2_multiple")
def cookies_in_several_fields_all_arrive(client: Client, app: App) -> None:
    client.sends(request.get("/cookies", headers=COOKIES))
    app.finds(
        "[value for name, value in scope['headers'] if name == b'cookie']",
        either([*SEPARATE], [b"; ".join(SEPARATE)]),
    )


@check("http.h2.distinct_scopes")
def requests_on_one_connection_have_scopes_of_their_own(client: Client, server: Server) -> None:
    for number, stream in enumerate([client.on_stream() for _ in range(3)]):
        stream.sends(request.get(f"/scopes/{number}", headers=[("x-number", str(number))]))
        app = server.is_to_call()
        app.is_called(path=f"/scopes/{number}", headers=[("x-number", str(number))], mark=ABSENT)
        app.does(f"scope['mark'] = {number}")


@check("http.h2.responses_to_right_stream")
def responses_go_to_the_streams_of_their_requests(client: Client, server: Server) -> None:
    streams = {number: client.on_stream() for number in range(5)}
    apps = {number: asked(streams[number], server, f"/right-stream/{number}") for number in range(5)}
    for number in (4, 2, 3, 0, 1):
        apps[number].responds(200, [(b"x-number", b"%d" % number)], b"for %d" % number)
        streams[number].receives(headers=[("x-number", str(number))], body=b"for %d" % number)
