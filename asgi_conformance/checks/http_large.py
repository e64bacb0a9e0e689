"""Bodies that are larger than anybody should hold, or have no end (www, Request - receive event)."""

from itertools import chain

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.spec import http
from asgi_conformance.wire import request

SIZES = {"http/1.1": 64, "http/2": 64, "http/3": 4}
"""How many MiB are large. Over QUIC more takes its time, and its windows are small."""


@check("http.request.body.streamed")
def a_large_body_is_delivered_while_it_is_still_arriving(client: Client, app: App) -> None:
    body = request.pieces(SIZES[client.version])
    first = next(body)
    # As much as any server takes before the application has asked for it.
    client.sends(request.post("/body/streamed", chunks=[first[:1024]], more=True))
    app.reads_on(app.receives(http.request(more_body=True)))
    client.streams(chain([first[1024:]], body))
    app.has_read(request.pieces(SIZES[client.version]))


@check("http.request.pushback")
def a_body_that_nobody_reads_is_not_taken_without_end(
    another_client: Client, client: Client, app: App
) -> None:
    client.shakes_hands()
    another_client.sends(request.get("/request/busy"))
    app.is_called(path="/request/busy")
    body = request.pieces(256)
    # Whether a server is faster than its client is a matter of chance, and some take other ways then: what
    # comes with the connection, nobody has told the system yet to hold back.
    with app.keeps_the_loop_busy():
        client.sends(request.post("/request/pushback", chunks=[], more=True))
        client.fills_the_connection(body)
    client.is_held_up(body)
