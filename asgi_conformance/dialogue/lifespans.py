"""The lifespan calls of a server that other dialogues are held with: answered as a good application would."""

import contextlib
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from asgi_conformance.dialogue.check import WITHOUT_VERSION
from asgi_conformance.dialogue.overheard import overheard
from asgi_conformance.probe.remote import Call, Ended, Outcome
from asgi_conformance.spec import lifespan
from asgi_conformance.spec.conversation import Conversation
from asgi_conformance.spec.model import APPLICATION, SERVER, Complaint, Message
from asgi_conformance.wire.connection import Lost, Silence

if TYPE_CHECKING:
    from asgi_conformance.dialogue.stage import Stage

ANSWERS = {
    lifespan.startup.type: lifespan.startup_complete(),
    lifespan.shutdown.type: lifespan.shutdown_complete(),
}


@dataclass
class Life:
    """What became of one lifespan, and in which process."""

    process: int
    is_started: bool = False
    was_told: bool = False
    """Of the shutdown."""
    has_ended: bool = False


class Lifespans:
    """The lifespan calls of one server, one for each of its event loops."""

    def __init__(self, stage: "Stage") -> None:
        self._stage = stage
        self._calls: dict[Call, tuple[Conversation, int]] = {}
        self._lives: dict[Call, Life] = {}
        self.completed: float | None = None
        """The monotonic time at which a first startup was called complete."""

    def keep(self, call: Call) -> None:
        """Take a new lifespan call into our care."""
        conversation = Conversation(call.scope)
        self._stage.facts.lifespan = True
        self._stage.facts.learn(conversation, WITHOUT_VERSION)
        self._overhears(conversation, conversation.opening)
        (number,) = call.orders(("receive", None))
        self._calls[call] = conversation, number
        self._lives[call] = Life(int(str(call.about["pid"])))
        self._stage.facts.workers = max(self._stage.facts.workers, len(self._calls))

    @property
    def lives(self) -> list[Life]:
        """All there were, in the order in which they began."""
        return list(self._lives.values())

    def descriptors(self) -> list[int]:
        """The file descriptors of the calls, for select."""
        return [call.fileno() for call in self._calls]

    def are_open(self) -> bool:
        """Is there any lifespan call that has not ended?"""
        return bool(self._calls)

    def hear(self, ready: list[int]) -> None:
        """Answer what the calls with these file descriptors have received."""
        for call, (conversation, number) in list(self._calls.items()):
            if call.fileno() not in ready:
                continue
            try:
                outcome = call.settled(number)
            except (Ended, Lost, Silence):
                self._drop(call)
                continue
            if outcome is not None:
                self._answer(call, conversation, outcome)

    def _answer(self, call: Call, conversation: Conversation, outcome: Outcome) -> None:
        message = outcome.value
        if outcome.error is not None or not isinstance(message, dict):
            self._drop(call)
            return
        self._overhears(conversation, conversation.says(SERVER, message))
        answer: Message = ANSWERS.get(str(message.get("type")), lifespan.startup_complete())
        conversation.says(APPLICATION, answer)
        if lifespan.shutdown_complete.recognises(answer):
            self._lives[call].was_told = True
            self._finish(call, answer)
            return
        self._lives[call].is_started = True
        _, number = call.orders(("send", answer), ("receive", None))
        self.completed = self.completed or time.monotonic()
        self._calls[call] = conversation, number

    def _overhears(self, conversation: Conversation, complaints: list[Complaint]) -> None:
        found = overheard(conversation, complaints, WITHOUT_VERSION)
        self._stage.overheard += [replace(each, scene="the lifespan of the server") for each in found]

    def _finish(self, call: Call, answer: Message) -> None:
        with contextlib.suppress(Ended, Lost, Silence):
            # Some servers cancel the call as soon as they have the answer: a return must follow at once.
            call.orders(("send_and_return", answer))
            call.ending()
        self._drop(call)

    def _drop(self, call: Call) -> None:
        self._calls.pop(call, None)
        self._lives[call].has_ended = True
        call.close()

    def close(self) -> None:
        """Let all calls end."""
        for call in list(self._calls):
            self._drop(call)
