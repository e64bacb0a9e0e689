"""The machine of WebSocket: one client and one call of the application after another, in any order."""

from functools import partial

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from asgi_conformance.checks.declared_events import UNKNOWN
from asgi_conformance.dialogue.expectation import either
from asgi_conformance.extensions import denial
from asgi_conformance.fuzz import frames, strategies
from asgi_conformance.fuzz.frames import Content
from asgi_conformance.fuzz.illegal import illegal_messages
from asgi_conformance.fuzz.knocking import Knocking
from asgi_conformance.fuzz.machine import Ground, machine
from asgi_conformance.fuzz.plot import Move, in_a_row, up_to
from asgi_conformance.fuzz.script import Script
from asgi_conformance.spec import websocket
from asgi_conformance.spec.model import Message
from asgi_conformance.wire import websocket as ws
from asgi_conformance.wire.answer import Pong

SOCKETS = 2
"""So many there are at most, one after another."""
UNREAD = 4
"""So many small messages are on their way at most: what nobody reads, nobody need take."""


@machine("fuzz.websocket", needs_websocket=True)
def whatever_is_said_over_websocket_the_server_serves_on(ground: Ground) -> SearchStrategy[Script]:
    """WebSockets, one after another; what is said on one side arrives on the other, in order."""
    return scripts(ground)


@st.composite
def scripts(draw: DrawFn, ground: Ground) -> Script:
    """A WebSocket or several, each with a connection and a call of its own."""
    numbers = ("", *map(str, range(2, SOCKETS + 1)))
    return tuple(in_a_row(draw, (Socket(draw, ground, number) for number in numbers)))


class Socket(Knocking):
    """One WebSocket: what may be said next, by whom, and who is to blame when it fails."""

    is_listening = False

    def moves(self) -> list[Move]:
        """What may be done next; the first leads to the end."""
        if not self.is_open:
            denies = [self.denies] if denial.NAME in self.ground.extensions.get("websocket", ()) else []
            # Most of what can be said comes behind an accept.
            return [self.refuses, *[self.accepts] * 6, *denies, self.gives_up, self.misbehaves, self.fails]
        moves = [self.ends]
        moves += [self.hears] * 2 if self.incoming else [self.listens, self.says_much]
        moves += [self.is_told] * 2 if self.outgoing else []
        moves += [self.says, self.says_in_pieces] if len(self.incoming) < UNREAD else []
        moves += self.tellings if len(self.outgoing) < UNREAD else []
        if not self.incoming and not self.outgoing:
            moves += [self.pings, self.says_with_pings_between]
        return moves

    def ends(self) -> None:
        """Somebody brings the WebSocket to an end."""
        self.one_of([self.closes, self.is_closed, self.leaves, self.misbehaves, self.fails])()

    # What the client says

    def says(self) -> None:
        """The client sends a message or two, at once."""
        more = self.one_of(range(UNREAD - len(self.incoming)))
        messages = [frames.small(self.draw) for _ in range(1 + more)]
        cut = [frames.fragments(self.draw, each) for each in messages]
        self.say("fuzz.websocket", self.client.sends(ws.together(*(frame for each in cut for frame in each))))
        self.incoming += [_received(each, len(parts)) for each, parts in zip(messages, cut, strict=True)]

    def says_in_pieces(self) -> None:
        """The client sends a message, and TCP cuts it anywhere."""
        content = frames.small(self.draw)
        parts = frames.fragments(self.draw, content)
        together = b"".join(each.spelled() for each in parts)
        self.say("fuzz.websocket", self.client.sends(*frames.pieces(self.draw, together)))
        self.incoming.append(_received(content, len(parts)))

    def says_much(self) -> None:
        """The client sends a large message, which the application is waiting for."""
        content = self.draw(frames.large())
        parts = frames.fragments(self.draw, content)
        self.listens()
        self.say("websocket.receive.large", self.client.sends(*parts))
        self.incoming.append(_received(content, len(parts), "websocket.receive.large"))
        self.hears()

    def says_with_pings_between(self) -> None:
        """The client sends a message with pings between its frames, each of which is answered."""
        content = frames.small(self.draw)
        parts = frames.fragments(self.draw, content)
        self.listens()
        for each in parts[:-1]:
            self.say("fuzz.websocket", self.client.sends(each))
            self.pings()
        self.say("fuzz.websocket", self.client.sends(parts[-1]))
        self.incoming.append(_received(content, len(parts)))

    def pings(self) -> None:
        """The client sends a ping, or a pong that nobody has asked for and then a ping.

        Whether pings are answered while the application does not listen is left to the server.
        """
        self.listens()
        payload = self.draw(frames.pings())
        unasked = [frames.pong(payload)] if self.draw(st.booleans()) else []
        self.say("fuzz.websocket", self.client.sends(ws.together(*unasked, frames.ping(payload))))
        self.say("websocket.ping.answered", self.client.receives(Pong(payload)))

    def listens(self) -> None:
        """The application calls `receive`, which has nothing to give yet."""
        if not self.is_listening:
            self.say("fuzz.websocket", self.app.listens())
        self.is_listening = True

    def hears(self) -> None:
        """The application receives what has come."""
        about, message = self.incoming.pop(0)
        self.say(about, self.app.receives(message))
        self.is_listening = False

    # What the application says

    @property
    def tellings(self) -> list[Move]:
        """What the application may send: large contents are a third of them."""
        return [partial(self.tells, each()) for each in (frames.texts, frames.data, frames.large)]

    def tells(self, contents: SearchStrategy[Content]) -> None:
        """The application sends a message."""
        content = self.draw(contents)
        whole = _sent(content)
        only = {key: value for key, value in whole[1].items() if value is not None}
        other = [("missing_is_none", only), ("extra_keys.tolerated", whole[1] | UNKNOWN)]
        about, message = self.one_of([whole, whole, *other] if content else [whole])
        self.say(f"websocket.send.{about}", self.app.sends(message))
        self.outgoing.append((f"websocket.send.{about}", content))
        if len(content) > strategies.LARGE // 8:
            self._drains()

    def is_told(self) -> None:
        """The client receives what has come."""
        about, content = self.outgoing.pop(0)
        said = {"text": content} if isinstance(content, str) else {"data": content}
        self.say(about, self.client.receives(**said))

    # Ends

    def closes(self) -> None:
        """The application closes; what it has said before comes first."""
        code, reason = self.one_of(frames.CODES[:-1]), self.draw(frames.reasons())
        # Who cannot close while the application listens is told of that once, and not for every key.
        way = 0 if self.is_listening else self.draw(up_to(4))
        said, about, message = _closing(code, reason, way)
        self.say(about, self.app.sends(message))
        pending, self.outgoing = self.outgoing, []
        for missed, content in pending:
            heard = {"text": content} if isinstance(content, str) else {"data": content}
            missed = "websocket.close.pending_messages" if content else missed
            self.say(missed, self.client.receives(**heard))
        if self.draw(up_to(9)) == 9:
            self.say("websocket.send.after_close", self.app.may_send(websocket.send(text="late", bytes=None)))
        self.say(about, self.client.receives(**said))
        self.say("fuzz.websocket", self.client.leaves())
        if not self.incoming:
            self.say("websocket.disconnect.server_close", self.app.receives(websocket.disconnect()))
        self._returns()

    def is_closed(self) -> None:
        """The client closes; what it has said before comes first, and the application is told."""
        self._drains()
        code, reason = self.one_of([None, *frames.CODES]), ""
        if code is not None:
            reason = self.draw(frames.reasons())
        self.say("fuzz.websocket", self.client.sends(ws.close(code, reason)))
        while self.incoming:
            about, message = self.incoming.pop(0)
            is_empty = about.startswith("websocket.receive.empty")
            about = about if is_empty else "websocket.receive.buffered_before_disconnect"
            self.say(about, self.app.receives(message))
        self.say("fuzz.websocket", self.app.listens())
        # Some answer only when the application has returned.
        self.say("ws.close.echo", self.client.may_be_closed())
        about = "websocket.disconnect.code.1005" if code is None else "websocket.disconnect.client_close"
        told = websocket.disconnect(code=1005 if code is None else code)
        if code is not None and self.draw(st.booleans()):
            about, told = "ws.close.reason_reported", websocket.disconnect(reason=either(reason, "", None))
        self.say(about, self.app.hears(told))
        self._returns()

    def leaves(self) -> None:
        """The client goes without a close frame."""
        self._drains()
        self.say("fuzz.websocket", self._goes())
        messages = [message for _, message in self.incoming]
        self.say("websocket.disconnect.socket_loss", self.app.is_told_no_more_than(*messages))
        self._returns()

    def fails(self) -> None:
        """The application returns or raises, and the client is not left waiting."""
        self._drains()
        raises = self.draw(st.booleans())
        self.say("fuzz.websocket", self.app.raises("drawn") if raises else self.app.returns())
        when = "after" if self.is_open else "before"
        about = f"asgi.app.exception.closes.websocket_{when}_accept"
        if not raises:
            about = f"websocket.scope.app_return_{'closes' if self.is_open else 'before_accept'}"
        ends = self.client.is_closed() if self.is_open else self.client.receives_refusal()
        self.say(about, ends)
        self.is_over = True

    def misbehaves(self) -> None:
        """The application says what it may not say here, and ends with the error."""
        self._drains()
        state = "open" if self.is_open else "connecting"
        message, blame = self.draw(illegal_messages(self.ground, "websocket", state))
        self.say(blame, self.app.cannot_send(message))
        self.say("fuzz.websocket", self.app.ends())
        when = "after" if self.is_open else "before"
        ends = self.client.is_closed() if self.is_open else self.client.is_not_left_waiting()
        self.say(f"asgi.app.exception.closes.websocket_{when}_accept", ends)
        self.is_over = True

    def _drains(self) -> None:
        """The client receives all that there is: who leaves something unread resets the connection."""
        while self.outgoing:
            self.is_told()

    def _returns(self) -> None:
        self.say("fuzz.websocket", self.app.returns())
        self.is_over = True


def _received(content: Content, parts: int, about: str = "") -> tuple[str, Message]:
    """What the application is to receive, and what that is about."""
    kind = "text" if isinstance(content, str) else "bytes"
    if not about:
        about = "websocket.fragments.reassembled" if parts > 1 else f"websocket.receive.{kind}"
        about = about if content else f"websocket.receive.empty_{kind}"
    return about, websocket.receive(**{kind: content})


def _sent(content: Content) -> tuple[str, Message]:
    """The event that sends this, and what of websocket.send that is about."""
    kind, other = ("text", "bytes") if isinstance(content, str) else ("bytes", "text")
    about = "large" if len(content) >= strategies.LARGE // 8 else kind if content else f"empty_{kind}"
    return about, websocket.send(**{kind: content, other: None})


def _closing(code: int, reason: str, way: int) -> tuple[dict[str, object], str, Message]:
    """What the client receives of a close, what that is about, and the event that says it."""
    whole = websocket.close(code=code, reason=reason)
    if way == 0:
        return {"code": code}, "websocket.close.after_accept.code", whole
    if way == 1:
        return {"reason": reason}, "websocket.close.reason.written", whole
    if way == 2:
        return {"code": 1000}, "websocket.close.code.missing_is_1000", websocket.close(reason=reason)
    if way == 3:
        return {"reason": ""}, "websocket.close.reason.missing_is_empty", websocket.close(code=code)
    return {"code": code}, "websocket.close.extra_keys.tolerated", whole | UNKNOWN
