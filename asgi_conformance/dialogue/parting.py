"""A call of the application in the last moments of its server: what it says and is told, and how it ends."""

import contextlib
import time

from asgi_conformance.dialogue.expectation import Broken, bare, differences
from asgi_conformance.dialogue.string_end import StringEnd
from asgi_conformance.dialogue.transcript import spelled
from asgi_conformance.probe.remote import Ended
from asgi_conformance.spec.model import APPLICATION, SERVER, Message
from asgi_conformance.wire.connection import Silence
from asgi_conformance.wire.readiness import readable

TURNS = 5
"""A call that has answered so often was not cancelled just now: its loop would have ended it meanwhile."""
CANCELLED = "asyncio.exceptions.CancelledError"


class Parting(StringEnd):
    """A call that takes nothing amiss: whatever comes, it is told."""

    _raised: int | None = None
    """The last `send` if it raised."""
    is_leaving = False
    """Was this call told to return? Then it does not matter any more how it ends."""

    def answers_late(self, *messages: Message) -> str:
        """Send these messages and return. Says what came of it, nothing if the call was ended instead."""
        for message in messages:
            self.dialogue.transcript.says("app", spelled(message))
            self.conversation.says(APPLICATION, message)
            (number,) = self.call.orders(("send", message))
            try:
                outcome = self.call.hears(number)
            except Ended:
                return ""
            except Silence:
                return "send waits"
            if outcome.cancelled or (outcome.error is not None and CANCELLED in outcome.error.bases):
                return ""
            if outcome.error is not None:
                self.leaves(outcome.error.type)
                return f"send raised {outcome.error.type.removeprefix('builtins.')}"
        self.leaves()
        return "call answered"

    def leaves(self, why: str = "") -> None:
        """Return, and do not wait for it."""
        self.dialogue.transcript.says("app", f"returns {why}".rstrip())
        self.is_leaving = True
        self.call.orders(("return", None))

    def is_told(self) -> Message | None:
        """What the `receive` that was called has given by now; nothing if it was cancelled."""
        try:
            if self._listening is None or not self.has_heard():
                return None
        except Ended:
            return None
        outcome, self._listening = self.call.settled(self._listening), None
        if outcome is None or outcome.cancelled or outcome.error is not None:
            return None
        self.dialogue.transcript.hears("app", spelled(outcome.value))
        self.dialogue.overhears(self.conversation, self.conversation.says(SERVER, outcome.value))
        plain = bare(outcome.value)
        return plain if isinstance(plain, dict) else {}

    def is_told_only(self, message: Message) -> None:
        """`receive` gives this, unless the call is ended instead, and nothing else behind it."""
        for wait in (self.dialogue.patience.must, self.dialogue.patience.silence):
            self.listens()
            assert self._listening is not None
            with contextlib.suppress(Ended, Silence):
                self.call.hears(self._listening, wait)
            told = self.is_told()
            if told is not None and told.get("type") != message["type"]:
                raise Broken(f"receive gave {spelled(told)}, where only {spelled(message)} was to come")

    def is_told_no_more_than(self, *messages: Message) -> None:
        """`receive` gives these messages, one after another, as far as it gives them, and then the end."""
        left = list(messages)
        while (told := self._is_told_in_time()).get("type") != f"{self._kind}.disconnect":
            if not left or differences(left.pop(0), told):
                raise Broken(f"receive gave {spelled(told)}, which was not to come")

    def is_told_of_the_end(self) -> None:
        """`receive` gives the end of the connection, unless the call has ended with it by now."""
        if not self.is_ended():
            self.is_told_no_more_than()

    def _is_told_in_time(self) -> Message:
        self.listens()
        assert self._listening is not None
        self._outcome(self._listening, None)
        told = self.is_told()
        if told is None:
            raise Broken("receive gave no message, but an error")
        return told

    def learns_of_the_end(self) -> None:
        """The clients have left: a WebSocket whose `send` has raised does not end before its server knows.

        Otherwise it would be a matter of chance what an error of the server's own does to it in the end.
        """
        if self._raised is None or self._kind != "websocket":
            return
        self.listens()
        assert self._listening is not None
        with contextlib.suppress(Ended, Silence):
            self.call.hears(self._listening, self.dialogue.patience.silence)

    @property
    def _kind(self) -> str:
        return self.conversation.chapter.name if self.conversation.chapter else ""

    def is_told_nothing_more(self) -> None:
        """`receive` gives nothing until the server has ended; one that does not end has all the patience."""
        self.listens()
        exited = self.dialogue.stage.running.process.exited
        deadline = time.monotonic() + self.dialogue.patience.must * 2
        ready: list[int] = []
        while (
            self._listening is not None and exited not in ready and (left := deadline - time.monotonic()) > 0
        ):
            ready = readable(self.call.fileno(), exited, wait=left)
            if (told := self.is_told()) is not None:
                raise Broken(f"receive gave {spelled(told)}, where there was nothing to tell")

    def is_ended(self) -> str:
        """How the call has ended by now: "cancelled", or "lost" if it ended without a word; or "" ."""
        try:
            how, _ = self.call.ending(0)
        except Silence:
            return ""
        self.dialogue.transcript.hears("app", how)
        return how

    def is_still_open(self) -> bool:
        """Does the call go on, with nothing on its way to it that would end it?"""
        try:
            for _ in range(TURNS):
                (number,) = self.call.orders(("evaluate", "None"))
                self.call.hears(number)
        except (Ended, Silence):
            return False
        return not self.is_leaving
