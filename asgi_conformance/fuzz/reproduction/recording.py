"""What is really said and heard while a script is played: on every connection, and in every call."""

from collections.abc import Callable
from dataclasses import dataclass, field

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.dialogue import Dialogue
from asgi_conformance.dialogue.expectation import Broken, Crash, Quiet, Unsupported
from asgi_conformance.dialogue.server import Server
from asgi_conformance.dialogue.stage import Stage
from asgi_conformance.dialogue.wire_end import Wire
from asgi_conformance.fuzz.playing import Cast
from asgi_conformance.fuzz.script import Line, Script
from asgi_conformance.probe.remote import Call, Ended, Outcome
from asgi_conformance.wire.answer import Answer
from asgi_conformance.wire.connection import Connection, Silence
from asgi_conformance.wire.tls import Hello

UNRECORDED = "http/3"
"""What is written there is nothing that could be written again: it is encrypted for one connection."""
Tell = Callable[[str, object], None]


@dataclass(frozen=True)
class Act:
    """One thing that was done or heard at a place, in the course of a line.

    `place` is the name of an actor. A client `writes` and `reads` bytes, `hears` an Answer, `waits` for what
    does not come, `finishes`, `closes` and `resets`. A call `begins` with its scope, gets `orders` (number,
    verb, argument), `learns` of them (number, outcome) or `waits` (number), and `ends` (how, text).
    """

    place: str
    verb: str
    value: object
    line: int


@dataclass
class Recording:
    """All acts in their order, and for each line that failed the reason."""

    script: Script
    acts: list[Act] = field(default_factory=list)
    failures: dict[int, Broken] = field(default_factory=dict)
    line: int = 0
    """The one that is being said."""
    coming: str = ""
    """The actor who is about to come."""
    guests: int = 0

    def at(self, place: str) -> Tell:
        """What writes down the acts of this place."""
        return lambda verb, value: self.acts.append(Act(place, verb, value, self.line))

    def named(self, role: str) -> str:
        """The name of who comes now: that of an actor of the script, or one for a guest of the server."""
        self.guests += not self.coming
        coming, self.coming = self.coming, ""
        return coming or f"{role}_{self.guests}"


def record(script: Script, stage: Stage, version: str, *, to_the_end: bool = False) -> Recording:
    """Play a script and write down what happens, up to the first line that fails.

    Or `to_the_end`: whatever comes is taken, until nothing does any more.
    """
    recording = Recording(script)
    cast = _Recorded(stage, version, script, recording)
    try:
        for recording.line, line in enumerate(script):
            try:
                cast.says(line)
            except Broken as error:
                recording.failures[recording.line] = error
                if not to_the_end or isinstance(error, Quiet | Crash):
                    break
        else:
            cast.settles()
    except Broken as error:
        recording.failures[recording.line] = error
    except Unsupported:
        pass
    finally:
        acts = list(recording.acts)
        cast.leaves()
        recording.acts = acts
    return recording


class _Recorded(Cast):
    """Actors who are watched."""

    def __init__(self, stage: Stage, version: str, script: Script, recording: Recording) -> None:
        self.recording = recording
        super().__init__(stage, version, script)

    def dialogue(self, stage: Stage, version: str) -> Dialogue:
        return _Watched(stage, version, self.recording)

    def actor(self, name: str, dialogue: int) -> App | Client | Server:
        self.recording.coming = Line(name, "", dialogue=dialogue).name
        try:
            return super().actor(name, dialogue)
        finally:
            self.recording.coming = ""


class _Watched(Dialogue):
    """A dialogue that tells of its connections and calls."""

    def __init__(self, stage: Stage, version: str, recording: Recording) -> None:
        super().__init__(stage, version)
        self.recording = recording
        self.connecting: Tell = recording.at("client")
        """For whoever opens a connection."""

    def client(self, version: str | None = None) -> Client:
        tell = self.recording.at(self.recording.named("client"))
        self._clients.append(_WatchedClient(self, version or self.http_version, tell))
        return self._clients[-1]

    def app(self) -> App:
        self._apps.append(_WatchedApp(self, self.recording.at(self.recording.named("app"))))
        return self._apps[-1]

    def connects(self, version: str, hello: Hello | None = None) -> Connection:
        connection = super().connects(version, hello)
        return connection if version == UNRECORDED else _WatchedConnection(connection, self.connecting)


class _WatchedClient(Client):
    dialogue: _Watched

    def __init__(self, dialogue: _Watched, version: str, tell: Tell) -> None:
        super().__init__(dialogue, version)
        self._tell = tell

    @property
    def wire(self) -> Wire:
        self.dialogue.connecting = self._tell
        return super().wire

    def _next(self, wait: float | None = None) -> Answer:
        is_told = bool(self._heard)
        answer = super()._next(wait)
        if not is_told:
            self._tell("hears", answer)
        return answer


class _WatchedApp(App):
    def __init__(self, dialogue: Dialogue, tell: Tell) -> None:
        super().__init__(dialogue)
        self._tell = tell

    def _is_given(self, call: Call) -> None:
        super()._is_given(_WatchedCall(call, self._tell))


class _WatchedConnection(Connection):
    """What is over TLS is told as the text that it is."""

    def __init__(self, watched: Connection, tell: Tell) -> None:
        super().__init__(watched.sock, watched.patience)
        self._watched = watched
        self._tell = tell

    def offers(self, data: bytes, wait: float) -> bytes:
        left = self._watched.offers(data, wait)
        self._tell("writes", data[: len(data) - len(left)])
        return left

    def read(self, wait: float | None = None) -> bytes:
        try:
            data = self._watched.read(wait)
        except Silence:
            if wait != 0:
                self._tell("waits", None)
            raise
        self._tell("reads", data)
        return data

    def finish(self) -> None:
        self._tell("finishes", None)
        self._watched.finish()

    def close(self) -> None:
        self._tell("closes", None)
        self._watched.close()

    def reset(self) -> None:
        self._tell("resets", None)
        self._watched.reset()


class _WatchedCall(Call):
    def __init__(self, watched: Call, tell: Tell) -> None:
        vars(self).update(vars(watched))
        self._tell = tell
        self._told: set[int] = set()
        tell("begins", self.scope)

    def orders(self, *commands: tuple[str, object]) -> list[int]:
        numbers = super().orders(*commands)
        for number, command in zip(numbers, commands, strict=True):
            self._tell("orders", (number, *command))
        return numbers

    def hears(self, number: int, wait: float | None = None) -> Outcome:
        try:
            outcome = super().hears(number, wait)
        except Silence:
            if wait != 0:
                self._tell("waits", number)
            raise
        except Ended as ended:
            self._tell("ends", (ended.how, ended.text))
            raise
        if number not in self._told:
            self._told.add(number)
            self._tell("learns", (number, outcome))
        return outcome

    def ending(self, wait: float | None = None) -> tuple[str, str]:
        ended = super().ending(wait)
        self._tell("ends", ended)
        return ended
