"""The messages of a WebSocket, in both directions (www, WebSocket: Receive, Send)."""

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.spec import websocket
from asgi_conformance.wire import websocket as ws
from asgi_conformance.wire.answer import Pong

MANY = 1 << 20
"""More than a frame with a length of 16 bits holds, and less than the limit of any server known."""
NUMBERS = [str(number) for number in range(100)]


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
    # At once: a Unix socket holds few that come one by one, whatever their size.
    messages = [each for number in NUMBERS for each in (ws.text(number), ws.data(number.encode()))]
    client.sends(ws.together(*messages))
    for number in NUMBERS:
        app.receives(websocket.receive(text=number))
        app.receives(websocket.receive(bytes=number.encode()))


@check("websocket.receive.one_event_per_message")
def a_message_is_one_event_however_it_came(client: Client, app: App) -> None:
    message = ws.text("three").spelled()
    client.is_accepted_by(app, "/receive/one-event")
    client.sends(ws.together(ws.text("one"), ws.text("two"), ws.Octets(message[:4])))
    app.receives(websocket.receive(text="one"))
    app.receives(websocket.receive(text="two"))
    app.listens()
    for byte in message[4:]:
        client.sends(ws.Octets(bytes([byte])))
    app.hears(websocket.receive(text="three"))


@check("websocket.receive.large")
def a_large_message_arrives_whole(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/receive/large")
    app.listens()
    client.sends(ws.data(b"x" * MANY))
    app.hears(websocket.receive(bytes=b"x" * MANY))


# How much a server may keep for an application that does not read is nowhere said. So much none should.
@check("websocket.receive.pushback")
def messages_that_nobody_reads_are_not_taken_without_end(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/receive/pushback")
    client.is_held_up([ws.data(bytes(1 << 16))] * 2048)


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


@check("websocket.send.order")
def messages_are_sent_in_the_order_given(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/send/order")
    app.sends(*(websocket.send(text=number, bytes=None) for number in NUMBERS))
    for number in NUMBERS:
        client.receives(text=number)


@check("websocket.send.one_message_per_event")
def a_message_is_sent_as_one_whatever_its_size(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/send/one-message")
    app.sends(
        websocket.send(text="small", bytes=None),
        websocket.send(bytes=b"x" * MANY, text=None),
        websocket.send(text="small again", bytes=None),
    )
    client.receives(text="small")
    client.receives(data=b"x" * MANY)
    client.receives(text="small again")


@check("websocket.send.both_missing.raises")
def a_message_that_names_no_content_is_refused(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/send/both-missing")
    app.cannot_send(websocket.send())


@check("websocket.send.both_none.raises")
def a_message_without_content_is_refused(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/send/both-none")
    app.cannot_send(websocket.send(text=None, bytes=None))


@check("websocket.send.both_set.raises")
def a_message_with_two_contents_is_refused(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/send/both-set")
    app.cannot_send(websocket.send(text="text", bytes=b"bytes"))


@check("websocket.send.text.surrogates")
def a_text_that_has_no_utf_8_is_refused(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/send/surrogates")
    app.cannot_send(websocket.send(text="half a character: \ud83d", bytes=None))


@check("asgi.send.unknown_type.raises.websocket")
def an_event_of_unknown_type_is_refused(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/send/unknown-type")
    app.cannot_send({"type": "websocket.nonsense"})
