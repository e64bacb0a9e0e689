"""What is spelled as code is what one would type, and builds the same value."""

from typing import Any

import pytest
from websockets.frames import Opcode

from asgi_conformance.dialogue.expectation import ABSENT, either, like, pair
from asgi_conformance.fuzz.code import code
from asgi_conformance.spec import http, lifespan, websocket
from asgi_conformance.spec.kinds import Foreign
from asgi_conformance.wire import request
from asgi_conformance.wire import websocket as ws
from asgi_conformance.wire.answer import Closed, Head

TYPED = [
    'request.get("/a?b", headers=[(b"x-a", b"\\xe9")])',
    'request.head("/")',
    'request.post("/", chunks=[b"x", b""])',
    'request.post("/é", body=b"", more=True)',
    'request.request("PUT", b"/\\xff", body=b"x")',
    'request.request("GET", "/", body=b"x")',
    'request.part(b"x", last=True)',
    'request.part(last=True, trailers=[(b"a", b"b")])',
    'ws.handshake("/", subprotocols=["a"])',
    'ws.handshake("/", key="short", version=None)',
    'ws.text("hé", fragments=2)',
    'ws.data(b"\\x00")',
    'ws.compressed(ws.text("a"))',
    "ws.ping()",
    'ws.pong(b"x")',
    "ws.close()",
    'ws.close(1000, "bye")',
    "ws.close(1000)",
    'ws.frame(9, b"x", fin=False)',
    'ws.frame(8, b"\\x03")',
    "ws.frame(3, rsv1=True, masked=False)",
    'ws.Fragments((ws.frame(1, b"\\xff"),))',
    'ws.Octets(b"\\x81", meaning="half")',
    "http.response_start(status=200, headers=[])",
    "http.response_start(status=200, headers=5)",
    'http.response_body(body=b"0123456789abcdef" * 4096)',
    "websocket.accept()",
    'websocket.send(text="\'", bytes=None)',
    "lifespan.startup_complete()",
    '{"type": "http.response.start", "a b": 1}',
    '{"type": "http.nothing.like.this"}',
    '{"type": ["http.disconnect"], "class": True}',
    '{"status": 200}',
    '{"type": 5}',
    'either(ABSENT, None, b"/")',
    'like("a+")',
    "pair(str, int)",
    '[("a", 0.5), (None,), ()]',
    'float("nan")',
    'Foreign("generator", value=[1])',
    "Head(404)",
    "Closed(reset=True)",
]
NAMES: dict[str, Any] = {
    "request": request,
    "ws": ws,
    "http": http,
    "websocket": websocket,
    "lifespan": lifespan,
}
NAMES |= {"ABSENT": ABSENT, "either": either, "like": like, "pair": pair}
NAMES |= {"Foreign": Foreign, "Head": Head, "Closed": Closed}


@pytest.mark.parametrize("typed", TYPED)
def test_a_value_is_spelled_as_one_would_type_it(typed: str) -> None:
    assert code(eval(typed, NAMES)) == typed


@pytest.mark.parametrize(
    "value", [Opcode.TEXT, float("-inf"), 1e300, b"ab" * 40, "x" * 200, b"abc" * 30 + b"d", "\"'"]
)
def test_what_is_spelled_builds_the_same_value(value: object) -> None:
    assert eval(code(value), NAMES) == value
