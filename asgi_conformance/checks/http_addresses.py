"""The two ends of a connection: on IPv4, on IPv6, on Unix sockets (www, HTTP Connection Scope)."""

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.expectation import Either, either, pair
from asgi_conformance.dialogue.server import Server
from asgi_conformance.wire import request


def one_end(address: tuple[str, int]) -> Either:
    """Expect an end of a connection, if it is told at all.

    Of which type its port is, is judged under http.scope.client.type, http.scope.server.type and their like.
    """
    host, port = address
    return either((host, port), (host, str(port)), None)


@check("http.scope.client.ipv4")
def the_client_is_its_end_of_the_connection(client: Client, app: App) -> None:
    client.sends(request.get("/client-on-ipv4"))
    app.is_called(client=one_end(client.address()))


@check("http.scope.client.ipv6")
def a_client_on_ipv6_is_its_address_and_port_and_no_more(ipv6_client: Client, app: App) -> None:
    ipv6_client.sends(request.get("/client-on-ipv6"))
    app.is_called(client=one_end(ipv6_client.address()))


@check("http.scope.client.is_address")
def the_client_has_no_name_but_an_address(client: Client, app: App) -> None:
    client.sends(request.get("/client-by-address"))
    app.is_called()


@check("http.scope.client.unix")
def a_client_on_a_unix_socket_is_unknown_or_a_pair(unix_client: Client, app: App) -> None:
    unix_client.sends(request.get("/client-on-a-unix-socket"))
    app.is_called(client=either(None, pair(str, int)))


@check("http.scope.server.tcp")
def the_server_is_where_it_listens(client: Client, app: App, server: Server) -> None:
    client.sends(request.get("/server-on-tcp"))
    app.is_called(server=one_end(server.address()))


@check("addresses.ipv6.http.server")
def the_server_is_where_it_listens_on_ipv6(ipv6_client: Client, app: App, server: Server) -> None:
    ipv6_client.sends(request.get("/server-on-ipv6"))
    app.is_called(server=one_end(server.address()))


@check("http.scope.server.unix")
def the_server_is_the_path_of_its_unix_socket(unix_client: Client, app: App, server: Server) -> None:
    unix_client.sends(request.get("/server-on-a-unix-socket"))
    app.is_called(server=either((server.path(), None), None))


@check("addresses.inherited.http.server")
def the_server_is_the_path_of_the_unix_socket_it_inherits(
    unix_fd_client: Client, app: App, server: Server
) -> None:
    unix_fd_client.sends(request.get("/server-on-an-inherited-unix-socket"))
    app.is_called(server=either((server.path(), None), None))
