"""How a WebSocket of a script begins: a handshake, and what the application makes of it."""

from urllib.parse import unquote_to_bytes

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from asgi_conformance.checks.declared_events import UNKNOWN
from asgi_conformance.dialogue.expectation import ABSENT, either
from asgi_conformance.extensions import denial
from asgi_conformance.fuzz import frames, strategies
from asgi_conformance.fuzz.frames import Content
from asgi_conformance.fuzz.machine import Ground
from asgi_conformance.fuzz.plot import Plot, up_to
from asgi_conformance.fuzz.script import Actor, Line
from asgi_conformance.fuzz.unusual import Unusual, iterables
from asgi_conformance.spec import websocket
from asgi_conformance.spec.model import Message
from asgi_conformance.wire import websocket as ws
from asgi_conformance.wire.answer import Accepted
from asgi_conformance.wire.request import Headers

SIGNS = {
    b";": "same_as_http",
    b"%C3": "utf8_decoded",
    b"%E2": "utf8_decoded",
    b"%F0": "utf8_decoded",
    b"%": "percent_decoded",
}
"""What may be in a path, and the requirement that it puts on trial."""


class Knocking(Plot):
    """A client and a call of the application, up to an answer."""

    def __init__(self, draw: DrawFn, ground: Ground, number: str) -> None:
        super().__init__(draw)
        self.ground = ground
        self.client, self.app = Actor(f"client{number}"), Actor(f"app{number}")
        self.offered: list[str] = []
        self.is_open = False
        self.incoming: list[tuple[str, Message]] = []
        """What the application has not received, and what each is about."""
        self.outgoing: list[tuple[str, Content]] = []
        """What the client has not received."""

    def begins(self) -> None:
        """The client asks for a WebSocket, and the application is called with what was asked."""
        target = self.draw(strategies.targets())
        path, _, query = target.partition(b"?")
        self.offered = self.draw(frames.subprotocols())
        fields = self.draw(frames.handshake_headers())
        wish = ws.handshake(target, subprotocols=self.offered, headers=fields, key=frames.KEY)
        self.say("fuzz.websocket", self.client.sends(wish))
        about_path = next((what for sign, what in SIGNS.items() if sign in path), "present")
        is_called = self.app.is_called
        self.say("websocket.scope.type", is_called(type="websocket"))
        self.say(f"websocket.scope.path.{about_path}", is_called(path=unquote_to_bytes(path).decode()))
        self.say("websocket.scope.raw_path.unmodified", is_called(raw_path=either(ABSENT, None, path)))
        asked = query or either(ABSENT, None, b"")
        self.say("websocket.scope.query_string.raw", is_called(query_string=asked))
        self.say("websocket.scope.subprotocols.values", is_called(subprotocols=self.offered))
        if fields:
            self.say(_about_headers("websocket.scope.headers.duplicates", fields), is_called(headers=fields))
        self.say("websocket.connect.type", self.app.receives(websocket.connect()))

    def accepts(self) -> None:
        """The application accepts, and the client is told."""
        chosen = self.one_of([None, *self.offered])
        fields = self.draw(strategies.headers(3))
        usual = websocket.accept(subprotocol=chosen, headers=list(fields))
        seldom = _unusual_accepts(usual, fields, self.offered) if chosen is None else []
        unusual, accepts = self.one_of([*[("", usual)] * max(1, len(seldom)), *seldom])
        self.say(unusual or "websocket.accept.completes_handshake", self.app.sends(accepts))
        signs = self._signs_of(chosen, fields)
        if unusual:
            # What else might be lost is not to be blamed on it.
            signs = signs[-1:] if unusual.endswith("headers.any_iterable") else signs[:2]
        about, sign = self.one_of(signs)
        self.say(unusual or about, sign)
        self.is_open = True

    def _signs_of(self, chosen: str | None, fields: Headers) -> list[tuple[str, Line]]:
        """What the client may look at in the answer, and what that is about."""
        about = "none" if chosen is None else "written"
        signs = [
            ("websocket.accept.completes_handshake", self.client.receives(Accepted())),
            (f"websocket.accept.subprotocol.{about}", self.client.receives(subprotocol=chosen)),
        ]
        if fields:
            about = _about_headers("order", fields, "written")
            found = self.client.receives(extensions=None, headers=fields)
            signs.append((f"websocket.accept.headers.{about}", found))
        return signs

    def refuses(self) -> None:
        """The application closes in place of an accept."""
        code, reason = self.one_of(frames.CODES), self.draw(frames.reasons())
        self.say(
            "websocket.close.before_accept.403", self.app.sends(websocket.close(code=code, reason=reason))
        )
        if self.draw(st.booleans()):
            self.say(
                "websocket.close.before_accept.disconnect_event", self.app.receives(websocket.disconnect())
            )
        self.say("fuzz.websocket", self.app.returns())
        about = "connect.denied_403" if code == 1000 else "close.before_accept.code_ignored"
        self.say(f"websocket.{about}", self.client.receives_head(status=403))
        self.is_over = True

    def denies(self) -> None:
        """The application answers with a response of its own."""
        status, fields = self.one_of(denial.REFUSALS), self.draw(strategies.headers(3))
        parts = [self.draw(strategies.bodies()) for _ in range(1 + self.draw(up_to(2)))]
        start = denial.start(status=status, headers=list(fields))
        bodies = [denial.body(body=part, more_body=True) for part in parts[:-1]]
        bodies.append(denial.body(body=parts[-1], more_body=False))
        about = f"{denial.NAME}.body.{'streamed' if len(parts) > 1 else 'content'}"
        self.say(f"{denial.NAME}.start.status", self.app.sends(start))
        self.say(about, self.app.sends(*bodies))
        if len(fields) > 0 and self.draw(st.booleans()):
            self.say(f"{denial.NAME}.start.headers", self.client.receives(headers=fields))
        else:
            self.say(about, self.client.receives(status=status, body=b"".join(parts)))
        self.say("fuzz.websocket", self.app.returns())
        self.is_over = True

    def gives_up(self) -> None:
        """The client does not wait for the answer."""
        self.say("fuzz.websocket", self._goes())
        self.say("websocket.connect.client_gone", self.app.receives(websocket.disconnect()))
        self.say("fuzz.websocket", self.app.returns())
        self.is_over = True

    def _goes(self) -> Line:
        return self.client.resets() if self.draw(st.booleans()) else self.client.leaves()


def _about_headers(repeated: str, fields: Headers, otherwise: str = "") -> str:
    """What is at stake when these headers do not arrive as they are."""
    names = [name for name, _ in fields]
    if len({*names}) < len(names):
        return repeated
    return otherwise or "websocket.scope.headers.present"


def _unusual_accepts(usual: Message, fields: Headers, offered: list[str]) -> list[Unusual]:
    """The same accept in other ways; headers that may be lost for another reason are left as they are."""
    ways = [
        ("subprotocol.missing_is_none", websocket.accept(headers=list(fields))),
        ("extra_keys.tolerated", usual | UNKNOWN),
    ]
    if not fields:
        ways.append(("headers.missing_is_empty", websocket.accept(subprotocol=None)))
    if not offered and _about_headers("order", fields, "written") == "written":
        ways += [("headers.any_iterable", usual | {"headers": each}) for each in iterables(fields)]
    return [(f"{websocket.accept}.{about}", message) for about, message in ways]
