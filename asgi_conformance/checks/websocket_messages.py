"""The messages of a WebSocket, in both directions (www, WebSocket: Receive, Send)."""

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.spec import websocket
from asgi_conformance.wire import websocket as ws
from asgi_conformance.wire.answer import Pong

MANY = 1 << 20
"""More than a frame with a length of 16 bits holds, and less than the limit of any server known."""


@check("websocket.receive.type")
def data_arrives_as_websocket_receive(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/receive/type")
    client.sends(ws.text("hello"))
    app.receives(websocket.receive())


@check("websocket.receive.text")
def a_text_arrives_as_str(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/receive/text")
    client.sends(ws.text("café 😀"))
    app.receives(websocket.receive(text="café 😀"))


@check("websocket.receive.bytes")
def binary_data_arrive_as_bytes(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/receive/bytes")
    client.sends(ws.data(bytes(range(256))))
    app.receives(websocket.receive(bytes=bytes(range(256))))


@check("websocket.receive.exactly_one")
def a_message_is_either_text_or_bytes(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/receive/exactly-one")
    client.sends(ws.text("text"), ws.data(b"bytes"))
    app.receives(websocket.receive(text="text"))
    app.receives(websocket.receive(bytes=b"bytes"))


@check("websocket.receive.empty_text")
def an_empty_text_is_a_message(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/receive/empty-text")
    client.sends(ws.text(""), ws.text("next"))
    app.receives(websocket.receive(text=""))


@check("websocket.receive.empty_bytes")
def empty_binary_data_are_a_message(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/receive/empty-bytes")
    client.sends(ws.data(b""), ws.data(b"next"))
    app.receives(websocket.receive(bytes=b""))


@check("websocket.receive.order")
def messages_arrive_in_the_order_sent(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/receive/order")
    client.sends(ws.text("first"), ws.data(b"second"), ws.text("third"))
    app.receives(websocket.receive(text="first"))
    app.receives(websocket.receive(bytes=b"second"))
    app.receives(websocket.receive(text="third"))


@check("websocket.receive.large")
def a_large_message_arrives_whole(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/receive/large")
    app.listens()
    client.sends(ws.data(b"x" * MANY))
    app.hears(websocket.receive(bytes=b"x" * MANY))


@check("websocket.receive.buffered_before_disconnect")
def what_came_before_a_close_is_delivered_before_it(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/receive/buffered")
    client.sends(ws.text("first"), ws.text("last"), ws.close(1000))
    app.receives(websocket.receive(text="first"))
    app.receives(websocket.receive(text="last"))
    client.leaves()
    app.receives(websocket.disconnect())


@check("websocket.ping.answered")
def a_ping_is_answered_by_the_server(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/ping/answered")
    app.listens()
    client.sends(ws.ping(b"beat"))
    client.receives(Pong(b"beat"))


@check("websocket.ping.not_exposed")
def pings_and_pongs_are_no_messages(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/ping/not-exposed")
    client.sends(ws.ping(b"ping"), ws.pong(b"pong"), ws.text("message"))
    app.receives(websocket.receive(text="message"))


@check("websocket.fragments.reassembled")
def fragments_arrive_as_one_message(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/fragments")
    client.sends(ws.text("😀😀", fragments=5), ws.data(b"abc", fragments=3))
    app.receives(websocket.receive(text="😀😀"))
    app.receives(websocket.receive(bytes=b"abc"))


@check("websocket.send.text")
def a_text_is_sent_in_utf_8(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/send/text")
    app.sends(websocket.send(text="café 😀", bytes=None))
    client.receives(text="café 😀")


@check("websocket.send.bytes")
def bytes_are_sent_as_binary_data(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/send/bytes")
    app.sends(websocket.send(bytes=bytes(range(256)), text=None))
    client.receives(data=bytes(range(256)))


@check("websocket.send.empty_text")
def an_empty_text_is_sent(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/send/empty-text")
    app.sends(websocket.send(text="", bytes=None), websocket.send(text="next", bytes=None))
    client.receives(text="")


@check("websocket.send.empty_bytes")
def empty_bytes_are_sent(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/send/empty-bytes")
    app.sends(websocket.send(bytes=b"", text=None), websocket.send(bytes=b"next", text=None))
    client.receives(data=b"")


@check("websocket.send.missing_is_none")
def a_message_may_name_only_what_it_holds(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/send/missing")
    app.sends(websocket.send(text="text"), websocket.send(bytes=b"bytes"))
    client.receives(text="text")
    client.receives(data=b"bytes")


@check("websocket.send.large")
def a_large_message_is_sent_whole(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/send/large")
    app.sends(websocket.send(bytes=b"x" * MANY, text=None))
    client.receives(data=b"x" * MANY)


@check("websocket.send.both_none.raises")
def a_message_without_content_is_refused(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/send/both-none")
    app.cannot_send(websocket.send(text=None, bytes=None))


@check("websocket.send.both_set.raises")
def a_message_with_two_contents_is_refused(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/send/both-set")
    app.cannot_send(websocket.send(text="text", bytes=b"bytes"))


@check("asgi.send.unknown_type.raises.websocket")
def an_event_of_unknown_type_is_refused(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/send/unknown-type")
    app.cannot_send({"type": "websocket.nonsense"})
