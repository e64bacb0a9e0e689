"""What extensions add to a response that is drawn: early hints, files, trailers, each where it is offered.

Pushes are left out: they call the application for somebody who has not asked.
"""

from abc import abstractmethod

from hypothesis import strategies as st

from asgi_conformance.extensions import early_hint, pathsend, trailers, zerocopysend
from asgi_conformance.fuzz import strategies
from asgi_conformance.fuzz.machine import Ground
from asgi_conformance.fuzz.plot import Move, Plot
from asgi_conformance.fuzz.script import Actor, File, Line
from asgi_conformance.spec.model import Message
from asgi_conformance.wire.request import Headers, header_fields

LINKS = st.lists(st.sampled_from([early_hint.STYLE, early_hint.SCRIPT]), min_size=1, max_size=2)


class Extending(Plot):
    """A response to one request, as far as extensions have a part in it."""

    ground: Ground
    client: Actor
    app: Actor
    start: Message | None = None
    is_begun = False
    """Was anything sent behind the start, so that the client is to see it?"""
    is_complete = False
    due = b""
    """What the client has not received of the body of the response."""
    takes_trailers = False
    """Did the client say so?"""
    trailers: tuple[tuple[bytes, bytes], ...] | None = None
    """What was sent behind the body, of a response that has promised trailers."""
    is_concluding = False
    """Was all of the body sent, but not yet the last of the trailers?"""
    unusual = ""
    """What requirement is on trial by something that is right and seldom, which is to blame first."""

    def shows(self, blame: str, *lines: Line) -> None:
        """Add lines about what the client is shown of the response."""
        self.say(self.unusual or blame, *lines)

    def offers(self, name: str) -> bool:
        """Did the server announce this extension?"""
        return name in self.ground.extensions.get("http", ())

    @abstractmethod
    def content_drawn(self) -> bytes:
        """Some of a body."""

    def te_drawn(self) -> Headers:
        """What a client says who takes trailers, or nothing."""
        self.takes_trailers = self.offers(trailers.NAME) and self.draw(st.booleans())
        return header_fields(trailers.te(self.ground.version)) if self.takes_trailers else ()

    def moves_before_the_start(self) -> list[Move]:
        """What may come before a response."""
        return [self.hints] if self.offers(early_hint.NAME) else []

    def moves_in_place_of_a_body(self) -> list[Move]:
        """What may come behind the start, where nothing else has."""
        moves = {pathsend.NAME: self.sends_a_file, zerocopysend.NAME: self.copies_a_file}
        return [move for name, move in moves.items() if self.offers(name)]

    def moves_behind_the_body(self) -> list[Move]:
        """What may come behind a body that does not end the response; the first leads to the end."""
        return [self.concludes, self.continues_the_trailers]

    def hints(self) -> None:
        """The application tells of links early."""
        links = self.draw(LINKS)
        self.say(f"{early_hint.NAME}.before_start", self.app.sends(early_hint.hint(links=links)))

    def promises_trailers(self) -> bool:
        """The start may say that trailers follow."""
        if self.offers(trailers.NAME) and self.draw(st.booleans()):
            self.trailers = ()
        return self.trailers is not None

    def is_sent(self) -> None:
        """The last of the body was sent."""
        self.is_begun = True
        self.is_concluding = self.trailers is not None
        self.is_complete = not self.is_concluding

    def sends_a_file(self) -> None:
        """A file is the body, which the server is told by its path."""
        content = self.content_drawn()
        message = pathsend.pathsend(path=File(self.app.name, content))
        self._is_the_body(content, f"{pathsend.NAME}.content", message)

    def copies_a_file(self) -> None:
        """The same, and the application has opened it."""
        content = self.content_drawn()
        message = zerocopysend.zerocopysend(file=File(self.app.name, content, is_open=True), more_body=False)
        self._is_the_body(content, f"{zerocopysend.NAME}.whole_file", message)

    def _is_the_body(self, content: bytes, about: str, message: Message) -> None:
        self.say(about, self.app.sends(message))
        self.due += content
        self.is_sent()

    def continues_the_trailers(self) -> None:
        """Some trailers come, and not the last of them."""
        self._trails("true", is_last=False)

    def concludes(self) -> None:
        """The last trailers come, which end the response."""
        self._trails("false_ends", is_last=True)
        self.is_concluding, self.is_complete = False, True

    def _trails(self, about: str, *, is_last: bool) -> None:
        fields = self.draw(strategies.headers())
        message = trailers.trailers(headers=list(fields), more_trailers=not is_last)
        self.say(f"{trailers.NAME}.more_trailers.{about}", self.app.sends(message))
        self.trailers = (*(self.trailers or ()), *fields)

    def is_shown_the_end(self) -> None:
        """The client receives the end of the response, with what belongs to it."""
        if not self.trailers:
            self.shows("http.response.body.completes", self.client.receives_end())
        elif self.takes_trailers:
            self.say(f"{trailers.NAME}.headers", self.client.receives_end(trailers=self.trailers))
        else:
            self.say(f"{trailers.NAME}.te_required", self.client.receives_end(trailers=()))
