"""The chapter of WebSocket: its scope, its events, its order (www, WebSocket)."""

from collections.abc import Iterator, Mapping

from asgi_conformance.spec.kinds import (
    BYTES,
    CLIENT,
    DICT,
    FULL_STR,
    HEADERS,
    INT,
    SERVER_ADDRESS,
    STR,
    TEXTS,
    optional,
)
from asgi_conformance.spec.model import APPLICATION, SERVER, Chapter, Complaint, Event, Field, when


class Receive(Event):
    """websocket.receive: exactly one of its two values is there."""

    def complaints(self, message: Mapping[str, object]) -> Iterator[Complaint]:
        """What is wrong with the fields, and with the two of them together."""
        yield from super().complaints(message)
        given = [key for key in ("bytes", "text") if message.get(key) is not None]
        if len(given) != 1:
            said = (
                "both 'bytes' and 'text' hold a value"
                if given
                else "neither 'bytes' nor 'text' holds a value"
            )
            yield Complaint("websocket.receive.exactly_one", said)


connect = Event("websocket.connect", SERVER)
receive = Receive(
    "websocket.receive",
    SERVER,
    bytes=Field(optional(BYTES), None, blame="websocket.receive.bytes"),
    text=Field(optional(STR), None, blame="websocket.receive.text"),
)
disconnect = Event(
    "websocket.disconnect",
    SERVER,
    code=Field(INT, blame="websocket.disconnect.code.present"),
    reason=Field(optional(STR), None, blame="websocket.disconnect.reason.type"),
)
accept = Event(
    "websocket.accept", APPLICATION, subprotocol=Field(optional(STR), None), headers=Field(HEADERS, [])
)
send = Event(
    "websocket.send", APPLICATION, bytes=Field(optional(BYTES), None), text=Field(optional(STR), None)
)
close = Event("websocket.close", APPLICATION, code=Field(INT, 1000), reason=Field(optional(STR), None))

SCOPE = {
    "http_version": Field(STR, "1.1", blame="websocket.scope.http_version.1_1"),
    "scheme": Field(FULL_STR, "ws", blame="websocket.scope.scheme.type"),
    "path": Field(STR, blame="websocket.scope.path.present"),
    "raw_path": Field(optional(BYTES), None, blame="websocket.scope.raw_path.type"),
    "query_string": Field(optional(BYTES), b"", blame="websocket.scope.query_string.type"),
    "root_path": Field(STR, "", blame="websocket.scope.root_path.type"),
    "headers": Field(HEADERS, blame="websocket.scope.headers.present"),
    "client": Field(optional(CLIENT), None, blame="websocket.scope.client.type"),
    "server": Field(optional(SERVER_ADDRESS), None, blame="websocket.scope.server.tcp"),
    "subprotocols": Field(TEXTS, [], blame="websocket.scope.subprotocols.type"),
    "state": Field(DICT, None, blame="websocket.scope.state.copy"),
}

STEPS = {
    SERVER: {
        "start": {when(connect): "connecting"},
        "connecting": {when(disconnect): "gone"},
        "open": {when(receive): "open", when(disconnect): "gone"},
        "gone": {when(disconnect): "gone"},
    },
    APPLICATION: {
        "start": {when(accept): "accepted", when(close): "closed"},
        "accepted": {when(send): "accepted", when(close): "closed"},
        "closed": {},
    },
}

CHAPTER = Chapter(
    "websocket",
    SCOPE,
    STEPS,
    stranger="websocket.receive.type",
    follows={(APPLICATION, "accepted"): {"connecting": "open"}},
    blame={
        ("start", "websocket.receive"): "websocket.connect.first",
        ("start", "websocket.disconnect"): "websocket.connect.first",
        ("start", ""): "websocket.connect.type",
        ("connecting", "websocket.connect"): "websocket.connect.once",
        ("open", "websocket.connect"): "websocket.connect.once",
        ("gone", "websocket.connect"): "websocket.connect.once",
        ("connecting", "websocket.receive"): "websocket.connect.no_data_before_answer",
        ("connecting", "http.disconnect"): "websocket.disconnect.type",
        ("open", "http.disconnect"): "websocket.disconnect.type",
        ("gone", "websocket.receive"): "websocket.receive.none_after_disconnect",
    },
)
