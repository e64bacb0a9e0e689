"""The two ends of a WebSocket: on IPv4, on IPv6, on Unix sockets (www, WebSocket Connection Scope)."""

from asgi_conformance.checks.http_addresses import one_end
from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.expectation import either, pair
from asgi_conformance.dialogue.server import Server
from asgi_conformance.wire import websocket as ws


@check("websocket.scope.client.type")
def the_client_is_its_end_of_the_connection(client: Client, app: App) -> None:
    client.sends(ws.handshake("/client-on-ipv4"))
    app.is_called(client=one_end(client.address()))


@check("addresses.ipv6.websocket.client")
def a_client_on_ipv6_is_its_address_and_port_and_no_more(ipv6_client: Client, app: App) -> None:
    ipv6_client.sends(ws.handshake("/client-on-ipv6"))
    app.is_called(client=one_end(ipv6_client.address()))


@check("addresses.unix.websocket.client")
def a_client_on_a_unix_socket_is_unknown_or_a_pair(unix_client: Client, app: App) -> None:
    unix_client.sends(ws.handshake("/client-on-a-unix-socket"))
    app.is_called(client=either(None, pair(str, int)))


@check("websocket.scope.server.tcp")
def the_server_is_where_it_listens(client: Client, app: App, server: Server) -> None:
    client.sends(ws.handshake("/server-type"))
    app.is_called(server=one_end(server.address()))


@check("addresses.ipv6.websocket.server")
def the_server_is_where_it_listens_on_ipv6(ipv6_client: Client, app: App, server: Server) -> None:
    ipv6_client.sends(ws.handshake("/server-on-ipv6"))
    app.is_called(server=one_end(server.address()))


@check("websocket.scope.server.unix")
def the_server_is_the_path_of_its_unix_socket(unix_client: Client, app: App, server: Server) -> None:
    unix_client.sends(ws.handshake("/server-on-a-unix-socket"))
    app.is_called(server=either((server.path(), None), None))


@check("addresses.inherited.websocket.server")
def the_server_is_the_path_of_the_unix_socket_it_inherits(
    unix_fd_client: Client, app: App, server: Server
) -> None:
    unix_fd_client.sends(ws.handshake("/server-on-an-inherited-unix-socket"))
    app.is_called(server=either((server.path(), None), None))
