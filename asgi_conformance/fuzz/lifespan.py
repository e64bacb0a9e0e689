"""The machine of lifespans: whatever an application may say and do in the life of its server, or may not."""

from collections.abc import Callable
from functools import cache

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from asgi_conformance.fuzz.machine import Ground, machine
from asgi_conformance.fuzz.plot import Move, Plot
from asgi_conformance.fuzz.script import Actor, Script
from asgi_conformance.spec import lifespan
from asgi_conformance.spec.kinds import STR

LOOKS = 5
"""So often an application looks around before it ends at once.

Some servers break when it ends in the first steps of the loop: whether it does there would be chance.
"""
OWN = "fuzz.lifespan"
UNKNOWN = ("lifespan.nothing.like.this", "lifespan.startup.nonsense", "lifespan.shutdown.nonsense")


@machine(OWN, cast=("new_server", "app"), most=25)
def whatever_an_application_does_in_its_lifespan_the_server_serves_or_ends(
    _ground: Ground,
) -> SearchStrategy[Script]:
    """The life of a server of its own, up to where one of both ends, or nothing more is demanded."""
    return lives()


@cache
def lives() -> SearchStrategy[Script]:
    """The lines of one life."""
    return _lives()


@st.composite
def _lives(draw: DrawFn) -> Script:
    return tuple(Life(draw).lines())


class Life(Plot):
    """One lifespan call and its server: what may come next, and who is to blame when it fails."""

    free = 5

    def __init__(self, draw: DrawFn) -> None:
        super().__init__(draw)
        self.server, self.app = Actor("new_server"), Actor("app")
        self.now: Callable[[], list[Move]] = self.before_the_startup

    def begins(self) -> None:
        """The server is started, and calls the application."""
        self.say(OWN, self.server.may_insist_on_a_lifespan(), self.server.starts())
        self.say("lifespan.scope.type", self.app.is_called(type="lifespan"))

    def moves(self) -> list[Move]:
        """What may be done now; the first leads on to the end."""
        return self.now()

    def before_the_startup(self) -> list[Move]:
        """The application was called, and has not received anything."""
        return [self.hears_of_the_startup, self.is_ready_too_early, self.gives_up_at_once, self.errs]

    def during_the_startup(self) -> list[Move]:
        """The server waits for the application to be ready."""
        return [self.is_ready, self.fails_to_start, self.gives_up_during_the_startup, self.errs]

    def while_serving(self) -> list[Move]:
        """The server serves, and will until it is told to stop."""
        return [
            self.is_told_to_stop,
            self.is_ready_again,
            self.is_done_too_early,
            self.returns_early,
            self.errs,
        ]

    def during_the_shutdown(self) -> list[Move]:
        """The server waits for the application to be done."""
        return [self.is_done, self.fails_to_stop, self.breaks_down_at_last, self.errs]

    # Startup

    def hears_of_the_startup(self) -> None:
        """The first event comes."""
        self.say("lifespan.startup.first", self.app.receives(lifespan.startup()))
        self.now = self.during_the_startup

    def is_ready_too_early(self) -> None:
        """It says so before it was asked, and again when it is."""
        about = "lifespan.startup.complete.before_event"
        ready = self.app.may_send(lifespan.startup_complete())
        self.say(about, ready, self.app.receives(lifespan.startup()), ready)
        self.say(about, self.server.serves("/ready-early"))
        self.now = self.while_serving

    def is_ready(self) -> None:
        """The server serves from now on."""
        self.say(OWN, self.app.sends(lifespan.startup_complete()))
        self.say("lifespan.startup.complete.serves", self.server.serves("/ready"))
        self.now = self.while_serving

    def fails_to_start(self) -> None:
        """The server serves nobody, or ends."""
        message = self.one_of(_messages("no database"))
        about = "lifespan.startup.failed.exits" if message else "lifespan.startup.failed.message.default"
        self.say(about, self.app.ends_with(lifespan.startup_failed(**message)), self.server.exits())
        self.is_over = True

    def gives_up_at_once(self) -> None:
        """An application without lifespan."""
        looks_around = self.app.finds("scope.get('type')", "lifespan")
        self.say(OWN, *[looks_around] * LOOKS)
        self._gives_up("lifespan.exception.on_call.continues")

    def gives_up_during_the_startup(self) -> None:
        """An application that has no startup, or one that fails in it."""
        self._gives_up("lifespan.exception.on_startup.continues")

    def _gives_up(self, about: str) -> None:
        if self.draw(st.booleans()):
            self.say(OWN, self.app.raises("drawn"))
            self.say(about, self.server.serves("/without-lifespan"))
            self.say("lifespan.exception.shutdown_clean", self.server.stops(), self.server.exits())
        else:
            self.say(OWN, self.app.returns(), self.server.serves_or_ends("/without-lifespan"))
        self.is_over = True

    # Between startup and shutdown

    def is_ready_again(self) -> None:
        """It says so a second time."""
        about = "lifespan.startup.complete.twice"
        self.say(about, self.app.may_send(lifespan.startup_complete()), self.server.serves("/ready-again"))

    def is_done_too_early(self) -> None:
        """It says so before it was asked, and then nobody has to ask it any more."""
        about = "lifespan.shutdown.complete.before_event"
        self.say(about, self.app.may_send(lifespan.shutdown_complete()), self.server.serves("/done-early"))
        self.say(OWN, self.app.returns(), self.server.stops(), self.server.exits())
        self.is_over = True

    def returns_early(self) -> None:
        """It has nothing to do when the server stops."""
        about = "lifespan.return_before_shutdown"
        self.say(about, self.app.returns(), self.server.serves("/returned"))
        self.say(about, self.server.stops(), self.server.exits())
        self.is_over = True

    def is_told_to_stop(self) -> None:
        """The last event comes."""
        self.say("lifespan.shutdown.sent", self.server.stops(), self.app.receives(lifespan.shutdown()))
        self.now = self.during_the_shutdown

    # Shutdown

    def is_done(self) -> None:
        """The server ends."""
        about = "lifespan.shutdown.complete.terminates"
        self.say(about, self.app.ends_with(lifespan.shutdown_complete()), self.server.exits())
        self.is_over = True

    def fails_to_stop(self) -> None:
        """The server ends all the same."""
        message = self.one_of(_messages("the rollback failed"))
        about = f"lifespan.shutdown.failed.{'terminates' if message else 'message.default'}"
        self.say(about, self.app.ends_with(lifespan.shutdown_failed(**message)), self.server.exits())
        self.is_over = True

    def breaks_down_at_last(self) -> None:
        """It raises, or returns without a word."""
        if self.draw(st.booleans()):
            self.say("lifespan.exception.on_shutdown", self.app.raises("drawn"), self.server.exits())
        else:
            self.say(OWN, self.app.returns(), self.server.exits())
        self.is_over = True

    # Mistakes

    def errs(self) -> None:
        """It says what it must not say."""
        self.one_of([self.says_what_nobody_knows, self.gives_no_text_as_message])()

    def says_what_nobody_knows(self) -> None:
        """An event that there is not."""
        event = {"type": self.one_of(UNKNOWN)}
        self.say("asgi.send.unknown_type.raises.lifespan", self.app.cannot_send(event))

    def gives_no_text_as_message(self) -> None:
        """A failure with a message that is no text; an error may also be how the server takes a failure."""
        is_last = self.now == self.during_the_shutdown
        failed = lifespan.shutdown_failed if is_last else lifespan.startup_failed
        message = self.one_of(STR.strangers("drawn"))
        self.say(f"{failed}.message.wrong_type.raises", self.app.cannot_send(failed(message=message)))
        self.say(OWN, self.app.ends())
        self.say(OWN, self.server.exits() if is_last else self.server.serves_or_ends("/after-an-error"))
        self.is_over = True


def _messages(text: str) -> list[dict[str, object]]:
    return [{}, {"message": ""}, {"message": text}]
