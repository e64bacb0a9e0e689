"""Flow control in HTTP/2: windows, as the server keeps to them and as it opens them (RFC 9113 §5.2, §6.9)."""

from asgi_conformance.checks.http_over_streams import asked
from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.server import Server
from asgi_conformance.spec import http
from asgi_conformance.wire import http2, request

LARGE = b"0123456789abcdef" * 8192
FIRST_WINDOW = 65_535
"""That of a connection, which no setting changes (RFC 9113 §6.9.2)."""


def sends_more_than_the_window(client: Client, server: Server, window: int, stream: int) -> None:
    """A large response fills this window, another response comes meanwhile, and the rest when there is room.

    The window is that of a stream, or with 0 that of the connection.
    """
    client.makes_no_room()
    full = client.on_stream()
    app = asked(full, server, "/window")
    app.responds(200, [], LARGE)
    full.receives_head(status=200)
    full.receives_part(LARGE[:window])
    other = client.on_stream()
    asked(other, server, "/window/other").responds(204, [])
    other.receives(status=204)
    client.sends(http2.window(len(LARGE) - window, stream))
    full.receives_part(LARGE[window:])
    full.receives_end()


@check("h2.flow_control.send")
def no_more_is_sent_than_the_windows_allow(
    client: Client, another_client: Client, third_client: Client, server: Server
) -> None:
    for each, window in ((client, 1), (another_client, 16_384)):
        each.sends(http2.settings(initial_window_size=window), http2.window(len(LARGE)))
        sends_more_than_the_window(each, server, window, stream=1)
    third_client.sends(http2.settings(initial_window_size=len(LARGE)))
    sends_more_than_the_window(third_client, server, FIRST_WINDOW, stream=0)


@check("h2.flow_control.receive")
def windows_are_opened_again_as_the_application_reads(client: Client, app: App) -> None:
    body = request.pieces(16)
    client.sends(request.post("/window/receive", chunks=[], more=True))
    client.is_held_up(body)
    app.reads_on(app.receives(http.request(more_body=True)))
    client.streams(body)
    app.has_read(request.pieces(16))
