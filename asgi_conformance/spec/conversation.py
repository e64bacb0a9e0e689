"""The judge: overhears one call of the application and says what was wrong with each message.

It does no I/O and does not know who is on trial.
"""

from collections.abc import Callable, Iterable

from asgi_conformance.spec import core, http, lifespan, websocket
from asgi_conformance.spec.model import SERVER, Chapter, Complaint, Event, Guard, Steps
from asgi_conformance.spec.requirement import Party

CHAPTERS = {chapter.name: chapter for chapter in (http.CHAPTER, websocket.CHAPTER, lifespan.CHAPTER)}
EXTENSIONS: dict[tuple[str, str], Steps] = {}
"""What more may be said where a scope announces it, by the names of the chapter and of the extension."""


def extend(chapter: str, extension: str, steps: Steps) -> None:
    """Make known what an extension adds to a chapter: it knows this floor, and not the other way round."""
    EXTENSIONS[chapter, extension] = steps


Judge = Callable[[str, object, bool | None], Iterable[Complaint]]
"""Of the type of a scope, what an extension says there, and whether the connection is encrypted, if known."""
JUDGES: dict[str, Judge] = {}


def describe(extension: str, judge: Judge, *, value: str) -> None:
    """Make known what an extension may say in a scope; `value` is broken where that is no dict."""
    JUDGES[extension] = judge
    core.VALUES[extension] = value


class Conversation:
    """One call of the application, from its scope to its last message."""

    def __init__(self, scope: object, *, is_encrypted: bool | None = None) -> None:
        """`is_encrypted` tells whether the connection is over TLS, None if that is not known."""
        self.scope = core.unwrapped(scope)
        self.opening = list(core.scope_complaints(scope))
        self.chapter = self._chapter()
        self.states: dict[Party, str] = dict.fromkeys(Party, "start")
        if self.chapter is not None:
            self.opening += self.chapter.scope_complaints(self.scope)
        announced = core.unwrapped(self.scope.get("extensions"))
        for extension, judge in JUDGES.items():
            if extension in announced:
                self.opening += judge(str(self.scope.get("type")), announced[extension], is_encrypted)

    def _chapter(self) -> Chapter | None:
        chapter = CHAPTERS.get(str(self.scope.get("type")))
        announced = core.unwrapped(self.scope.get("extensions"))
        for (name, extension), steps in EXTENSIONS.items():
            if chapter is not None and chapter.name == name and extension in announced:
                chapter = chapter.with_steps(steps)
        return chapter

    @property
    def spec_version(self) -> str | None:
        """The version that the scope announces for its protocol; spelled out if it is no str."""
        version = core.unwrapped(self.scope.get("asgi")).get("spec_version")
        return None if version is None else str(version)

    def steps(self, party: Party) -> tuple[Guard, ...]:
        """What the party may say next."""
        return tuple(self.chapter.steps[party][self.states[party]]) if self.chapter else ()

    def may_say(self, party: Party, message: dict[str, object]) -> bool:
        """May the party say this message now? Its fields are not looked at."""
        return any(guard.admits(message) for guard in self.steps(party))

    def says(self, party: Party, message: object) -> list[Complaint]:
        """Take note of a message; returns what was wrong with it. A message out of order moves nothing."""
        if self.chapter is None:
            return []
        said = core.unwrapped(message)
        event = self._event(party, said)
        complaints: list[Complaint] = []
        if party is SERVER:
            declared = frozenset(event.fields) if event else frozenset()
            complaints += core.event_complaints(message, declared)
        if event is not None:
            complaints += event.complaints(said)
        return complaints + self._moves(party, said)

    def _event(self, party: Party, message: dict[str, object]) -> Event | None:
        events = self.chapter.events(party) if self.chapter else []
        return next((event for event in events if event.recognises(message)), None)

    def _moves(self, party: Party, message: dict[str, object]) -> list[Complaint]:
        assert self.chapter is not None
        state = self.states[party]
        for guard, target in self.chapter.steps[party][state].items():
            if guard.admits(message):
                self.states[party] = target
                other = next(each for each in Party if each is not party)
                moved = self.chapter.follows.get((party, target), {})
                self.states[other] = moved.get(self.states[other], self.states[other])
                return []
        said = message.get("type")
        if party is not SERVER or not isinstance(said, str):
            return []
        blame = self.chapter.blame
        requirement = blame.get((state, said)) or blame.get((state, ""), self.chapter.stranger)
        return [Complaint(requirement, f"{said} was delivered in the state {state!r}")]
