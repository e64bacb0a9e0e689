"""The machine of HTTP: one client and one call after another, in any order that is legal, and not."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from urllib.parse import unquote_to_bytes

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from asgi_conformance.dialogue.expectation import ABSENT, either
from asgi_conformance.fuzz import strategies, unusual
from asgi_conformance.fuzz.extending import Extending
from asgi_conformance.fuzz.illegal import illegal_messages
from asgi_conformance.fuzz.machine import Ground, machine
from asgi_conformance.fuzz.plot import Move, in_a_row
from asgi_conformance.fuzz.script import Actor, Line, Script
from asgi_conformance.fuzz.stakes import about_headers, about_path
from asgi_conformance.fuzz.unusual import Ways
from asgi_conformance.spec import http
from asgi_conformance.spec.model import Message
from asgi_conformance.wire.request import Part, Request, octets

EXCHANGES = 3
"""So many exchanges there are at most on one connection."""
BODILESS_METHOD = "HEAD"
SMALL = st.binary(max_size=64)


@machine("fuzz.http")
def whatever_is_said_over_http_the_server_serves_on(ground: Ground) -> SearchStrategy[Script]:
    """Exchanges over one connection; what is legal must be taken and arrive, what is not must be refused."""
    return scripts(ground)


@st.composite
def scripts(draw: DrawFn, ground: Ground) -> Script:
    """One to a few exchanges, one after another, on the same connection."""
    return tuple(in_a_row(draw, (Exchange(draw, ground, number) for number in range(EXCHANGES))))


class Exchange(Extending):
    """One request and its response: what may be said next, by whom, and who is to blame when it fails."""

    may_be_followed = False

    def __init__(self, draw: DrawFn, ground: Ground, number: int = 0) -> None:
        """`number` is how many there were before, on the same connection."""
        super().__init__(draw)
        self.ground = ground
        self.is_first = number == 0
        self.client, self.app = Actor("client"), Actor("app" if self.is_first else f"app{number + 1}")
        self.request: Request = Request("GET")
        self.body = b""
        self.unsent: list[Part] = []
        self.is_read = False
        self.is_listening = False
        self.listens_to_the_end = False
        """Was `receive` called behind the response? What was called before need not end with it."""
        self.is_head_received = False
        self.has_parts = False
        """Was anything sent of a body, be it nothing?"""

    def moves(self) -> list[Move]:
        """What may be done next; the first leads to the end."""
        if self.is_complete:
            return [self.ends, *([self.listens] if self.is_read and not self.is_listening else [])]
        moves: list[Move] = []
        if self.unsent:
            moves.append(self.sends_a_part)
        elif not self.is_read:
            moves.append(self.reads_the_body)
        if self.start is None:
            moves += [self.starts, *self.moves_before_the_start()]
        elif self.is_concluding:
            moves += self.moves_behind_the_body()
        else:
            moves += [self.completes] if self.is_read else []
            moves += [] if self._is_bodiless else [self.sends_a_piece]
            is_bare = self.is_read and not self._is_bodiless and not self.has_parts
            moves += self.moves_in_place_of_a_body() if is_bare else []
        if self.is_begun and not self.is_head_received:
            moves.append(self.is_shown_the_head)
        if self.is_head_received and self.due:
            moves.append(self.is_shown_a_piece)
        if self.is_read and not self.is_listening:
            moves.append(self.listens)
        ends = [self.leaves, self.raises, self.returns_early]
        if self.start is None or not (self._is_bodiless or self.is_concluding):
            # What is wrong with a body that is not sent need not be noticed.
            ends.append(self.misbehaves)
        # Most of what there is to say comes where nobody ends it early.
        return [*moves * 3, *self._unusual_moves() * 2, *ends]

    def _unusual_moves(self) -> list[Move]:
        """What is right and seldom, of which there is one thing in a response."""
        if self.unusual or self.is_concluding:
            return []
        if self.start is None:
            return [partial(self.starts, unusual.starts)]
        moves: list[Move] = [partial(self.completes, unusual.parts)] if self.is_read else []
        return [*moves, *([] if self._is_bodiless else [partial(self.sends_a_piece, unusual.parts)])]

    @property
    def _is_bodiless(self) -> bool:
        status = self.start["status"] if self.start else None
        return status in strategies.BODILESS or self.request.method == BODILESS_METHOD

    # The request

    def begins(self) -> None:
        """The client sends a request, and the application is called with what was asked."""
        asked = self.request_drawn()
        # What comes behind another response, nobody could tell a refusal from its end.
        fields = asked.headers if self.is_first else strategies.in_ascii(asked.headers)
        asked = replace(asked, headers=(*fields, *self.te_drawn()))
        if asked.chunks and self.draw(st.booleans()):
            self.unsent = [*(Part(each) for each in asked.chunks), Part(last=True)]
            self.request = Request(asked.method, asked.target, asked.headers, more=True)
        else:
            self.request = asked
        self.body = asked.body or b"".join(asked.chunks or ())
        self.say("fuzz.http", self.client.sends(self.request))
        path, _, query = octets(asked.target).partition(b"?")
        told = unquote_to_bytes(path).decode()
        is_plain = strategies.is_ascii(asked.headers)
        # Bytes beyond ASCII arrive as they are, or are refused.
        is_called = self.app.is_called if is_plain else self.app.is_called_unless_refused
        self.say(self._about_the_call(), is_called(type="http"))
        self.say("http.scope.method.present", self.app.is_called(method=asked.method))
        self.say(about_path(path), self.app.is_called(path=told))
        self.say("http.scope.raw_path.unmodified", self.app.is_called(raw_path=either(ABSENT, None, path)))
        self.say(
            f"http.scope.query_string.{'raw' if query else 'empty'}", self.app.is_called(query_string=query)
        )
        if asked.headers:
            self.say(about_headers(asked), self.app.is_called(headers=asked.headers))

    def request_drawn(self) -> Request:
        """What the client is to ask."""
        return self.draw(strategies.requests())

    def _about_the_call(self) -> str:
        if not self.is_first:
            # Nobody has to keep a connection.
            return "http.response.body.keeps_connection"
        # A server that gathers the body first does not call before it has all of it.
        return "http.request.body.streamed" if self.unsent else "http.scope.type"

    def sends_a_part(self) -> None:
        """The client goes on with the body."""
        self.say("fuzz.http", self.client.sends(self.unsent.pop(0)))

    def reads_the_body(self) -> None:
        """The application receives what was sent."""
        about = "http.request.body.concatenated" if self.body else "http.request.no_body"
        self.say(about, self.app.receives_body(self.body))
        self.is_read = True

    def listens(self) -> None:
        """The application calls `receive`, which has nothing to give yet."""
        self.said.append(self.app.listens().blames("http.disconnect.not_during_open_response"))
        self.is_listening, self.listens_to_the_end = True, self.is_complete

    # The response

    def starts(self, ways: Ways | None = None) -> None:
        """The application starts a response."""
        self.start = self.draw(strategies.response_starts())
        if not self._is_bodiless and self.promises_trailers():
            self.start["trailers"] = True
        self._sends("http.response.start.type", self.start, ways)

    def _sends(self, about: str, message: Message, ways: Ways | None) -> None:
        """The application sends this, or says the same in one of these ways."""
        if ways is not None:
            self.unusual, message = self.one_of(ways(message))
        self.say(self.unusual or about, self.app.sends(message))

    def sends_a_piece(self, ways: Ways | None = None) -> None:
        """The application goes on with the response."""
        piece = self.content_drawn()
        self._sends("http.response.body.type", http.response_body(body=piece, more_body=True), ways)
        self.due, self.has_parts = self.due + piece, True
        # An empty part gives a server nothing that it would have to write at once.
        self.is_begun = self.is_begun or bool(piece)

    def completes(self, ways: Ways | None = None) -> None:
        """The application ends the response."""
        last = b"" if self._is_bodiless else self.content_drawn()
        self._sends("http.response.body.type", http.response_body(body=last, more_body=False), ways)
        self.due += last
        self.is_sent()

    def content_drawn(self) -> bytes:
        """Some of a body; of large ones no more than connections hold, or `send` would rightly wait."""
        return self.draw(strategies.bodies() if len(self.due) < 2 * strategies.LARGE else SMALL)

    def is_shown_the_head(self) -> None:
        """The client receives the head, while the response goes on."""
        self.shows(*self._expecting(self.client.receives_head))
        self.is_head_received = True

    def is_shown_a_piece(self) -> None:
        """The client receives all of the body that there is by now."""
        self.shows("http.response.body.flushed", self.client.receives_part(self.due))
        self.due = b""

    def _expecting(self, verb: Callable[..., Line]) -> tuple[str, Line]:
        """Half of the scripts look at the status, and half at the headers."""
        assert self.start is not None
        fields = self.start["headers"]
        assert isinstance(fields, list)
        is_plain = strategies.is_ascii(tuple(fields))
        # Bytes beyond ASCII may be lost for another reason than what is unusual.
        if bool(fields) and (is_plain or not self.unusual) and self.draw(st.booleans()):
            about = "response.start.headers.written" if is_plain else "headers.response.verbatim"
            return f"http.{about}", verb(headers=fields)
        return "http.response.start.status.written", verb(status=self.start["status"])

    # Ends

    def ends(self) -> None:
        """The client receives the rest, and the application returns."""
        if not self.is_head_received:
            self.shows(*self._expecting(self.client.receives_head))
        if self.due:
            self.shows("http.response.body.body.concatenated", self.client.receives_part(self.due))
        self.is_shown_the_end()
        if self.listens_to_the_end:
            self.say("http.disconnect.after_response", self.app.hears(http.disconnect()))
        self.say("fuzz.http", self.app.returns())
        self.is_over = self.may_be_followed = True

    def leaves(self) -> None:
        """The client goes, which the application is told."""
        self.say("fuzz.http", (self.client.resets if self.draw(st.booleans()) else self.client.leaves)())
        if self.unsent:
            self.say("http.request.truncated", self.app.receives_no_whole_body())
        elif self.is_listening:
            self.say("http.disconnect.pending_receive", self.app.hears(http.disconnect()))
        else:
            if not self.is_read:
                self.say("http.disconnect.after_client_close", self.app.may_receive_body(self.body))
            self.say("http.disconnect.after_client_close", self.app.receives(http.disconnect()))
        self.say("fuzz.http", self.app.returns())
        self.is_over = True

    def raises(self) -> None:
        """The application fails."""
        self.say("fuzz.http", self.app.raises("drawn"))
        self._is_broken_off(
            f"asgi.app.exception.closes.http_{'mid_body' if self.is_begun else 'before_start'}"
        )

    def returns_early(self) -> None:
        """The application returns without having completed a response."""
        self.say("fuzz.http", self.app.returns())
        if self.is_concluding:
            about = "http.response.trailers.never_sent"
        elif self.is_begun:
            about = "http.response.body.unfinished.return"
        else:
            about = (
                "http.response.never_started" if self.start is None else "http.response.start.alone.return"
            )
        self._is_broken_off(about)

    def _is_broken_off(self, about: str) -> None:
        """Nobody is left waiting, whatever was said by then."""
        if self.unsent:
            # Some servers wait for the rest of a request, and rightly so.
            self.say("fuzz.http", self.client.leaves())
        else:
            self.say(about, self.client.is_not_left_waiting())
        self.is_over = True

    def misbehaves(self) -> None:
        """The application says what it may not say here, and ends with the error."""
        state = "start" if self.start is None else "responding"
        message, blame = self.draw(illegal_messages(self.ground, "http", state))
        self.say(blame, self.app.cannot_send(message))
        self.say("fuzz.http", self.app.ends())
        self._is_broken_off(
            f"asgi.app.exception.closes.http_{'mid_body' if self.is_begun else 'before_start'}"
        )
