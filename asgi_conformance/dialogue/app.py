"""The app: our end of the probe's string, as an actor that says and hears ASGI messages."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from asgi_conformance.dialogue.expectation import Broken, Unsupported, bare
from asgi_conformance.dialogue.filing import Filing
from asgi_conformance.dialogue.parting import Parting
from asgi_conformance.dialogue.transcript import spelled
from asgi_conformance.probe.remote import Outcome, RemoteError
from asgi_conformance.spec import lifespan
from asgi_conformance.spec.kinds import shortened
from asgi_conformance.spec.model import APPLICATION, SERVER, Message

if TYPE_CHECKING:
    from asgi_conformance.dialogue.client import Client
    from asgi_conformance.dialogue.dialogue import Dialogue


class App(Parting, Filing):
    """One call of the application. The first line that needs the call waits for it."""

    def __init__(self, dialogue: "Dialogue") -> None:
        super().__init__(dialogue)
        self._unsettled: list[tuple[int, Message]] = []
        self._optional: set[int] = set()

    def is_called_again(self, **scope: object) -> "App":
        """The server calls the application once more; returns that call."""
        return self.dialogue.app().is_called(**scope)

    # Hearing

    def receives(self, message: Message) -> Message:
        """`receive` gives a message that says at least this; returns all that it said."""
        self.listens()
        return self.hears(message)

    def stops_listening(self) -> None:
        """Cancel the `receive` that was called."""
        assert self._listening is not None
        number, self._listening = self._listening, None
        self.call.orders(("cancel", number))
        self._outcome(number, None)

    def hears(self, message: Message, *, unless: str = "") -> Message:
        """The `receive` that was called gives a message that says at least this. Unsupported: that type."""
        said = self._hears()
        if said.get("type") == unless:
            raise Unsupported(f"receive gave {unless}")
        self._is(said, message)
        return said

    def _is(self, said: Message, message: Message) -> None:
        wanted = {key: value for key, value in message.items() if key != "type"}
        if said.get("type") != message["type"]:
            raise Broken(f"receive gave {spelled(said)}, not {spelled(message)}")
        self._compares(wanted, said, str(message["type"]))

    def hears_nothing(self, *, but: Message | None = None) -> None:
        """`receive` has nothing to give, or nothing but this."""
        self.listens()
        assert self._listening is not None
        try:
            outcome = self._outcome(self._listening, self.dialogue.patience.silence, may_be_quiet=True)
            said = self._heard(outcome) if outcome is not None else None
        except Broken:
            if self.dialogue.is_ending:
                return  # Those who have gone say nothing.
            raise
        if said is not None:
            self._listening = None
            if but is None or said.get("type") != but["type"]:
                raise Broken(f"receive gave {spelled(said)}, where there was nothing to tell")

    def receives_body(self, body: bytes) -> None:
        """The http.request events that follow, joined, are this body, to its end."""
        if not self.may_receive_body(body):
            raise Broken("receive gave http.disconnect, not the end of the body")

    def may_receive_body(self, body: bytes) -> bool:
        """The http.request events that follow, joined, are this body, or http.disconnect; returns which."""
        said = self.hears_out_the_body()
        if said.get("type") == "http.disconnect":
            return False
        self._is(said, {"type": "http.request"})
        if said["body"] != body:
            raise Broken(f"the body is {shortened(said['body'])}, not {shortened(body)}")
        return True

    def receives_no_whole_body(self) -> None:
        """http.disconnect comes in the place of the last part of the body."""
        if self.hears_out_the_body().get("type") != "http.disconnect":
            raise Broken("the body was ended as if it were whole")

    def hears_out_the_body(self) -> Message:
        """The body comes to an end, be it cut off; returns what said so, with all of the body there was."""
        said: Message = {"more_body": True}
        joined = bytearray()
        while said.get("more_body", False) and said.get("type", "http.request") == "http.request":
            self.listens()
            said = self._hears()
            part = bare(said.get("body", b""))
            joined += part if isinstance(part, bytes) else b""
        return {**said, "body": bytes(joined)}

    def _hears(self) -> Message:
        assert self._listening is not None
        outcome = self._outcome(self._listening, None)
        self._listening = None
        assert outcome is not None
        return self._heard(outcome)

    def _heard(self, outcome: Outcome) -> Message:
        if outcome.error is not None:
            self.dialogue.transcript.hears("app", f"receive raised {outcome.error}")
            raise Broken(f"receive raised {outcome.error}")
        if outcome.cancelled:
            self.dialogue.transcript.hears("app", "receive was cancelled")
            raise Broken("the server cancelled the application, which waited in receive")
        message = outcome.value
        self.dialogue.transcript.hears("app", spelled(message))
        self.dialogue.overhears(self.conversation, self.conversation.says(SERVER, message))
        plain = bare(message)
        self.told.append(plain if isinstance(plain, dict) else {})
        self._gauge.takes(self.told[-1].values())
        return self.told[-1]

    # Saying

    def sends(self, *messages: Message) -> None:
        """`send` takes these messages, one after another."""
        for message in messages:
            self.dialogue.transcript.says("app", spelled(message))
            self.conversation.says(APPLICATION, message)
        numbers = self.call.orders(*(("send", message) for message in messages))
        self._unsettled += zip(numbers, messages, strict=True)
        # A send may rightly wait for the client: it has until the last line to settle.
        self._settle(self.dialogue.patience.silence, may_be_quiet=True)

    def sends_at_once(self, *messages: Message) -> None:
        """`send` takes these messages, called for each without waiting for another; for all but the order."""
        for message in messages:
            self.dialogue.transcript.says("app", f"{spelled(message)}, at once with others")
            self.conversation.says(APPLICATION, message)
        numbers = self.call.orders(*(("send_at_once", message) for message in messages))
        self._unsettled += zip(numbers, messages, strict=True)

    def is_held_up(self, message: Message, times: int) -> None:
        """Of so many sends of this message, one after another, one does not end while nothing else happens.

        Nobody waits for that one any more.
        """
        self.settles()
        self.dialogue.transcript.says("app", f"{spelled(message)}, up to {times} times")
        for _ in range(times):
            self.conversation.says(APPLICATION, message)
            (number,) = self.call.orders(("send", message))
            outcome = self._outcome(number, self.dialogue.patience.silence, may_be_quiet=True)
            if outcome is None:
                self.evaluates("None")  # What takes its time on a busy machine has had it when this is done.
                outcome = self.call.settled(number)
            if outcome is None:
                return self.dialogue.transcript.hears("app", "send waits")
            if outcome.error is not None:
                raise Broken(f"send raised {outcome.error} for {spelled(message)}")
        raise Broken(f"send took {spelled(message)} {times} times, and never waited")

    def answers(self, client: "Client", *, status: int = 200) -> None:
        """Respond in two letters, which the client receives as the whole response."""
        self.responds(status, [(b"content-length", b"2")], b"ok")
        client.receives(status=status, body=b"ok")

    def responds(self, status: int = 200, headers: Iterable[object] = (), body: bytes = b"") -> None:
        """Send a whole ordinary response, every key told."""
        self.sends(
            {"type": "http.response.start", "status": status, "headers": list(headers)},
            {"type": "http.response.body", "body": body, "more_body": False},
        )

    def may_respond(self, status: int = 200, headers: Iterable[object] = (), body: bytes = b"") -> bool:
        """Send a whole response up to the first message that `send` refuses; returns whether it took all."""
        start = {"type": "http.response.start", "status": status, "headers": list(headers)}
        rest = {"type": "http.response.body", "body": body, "more_body": False}
        return self.may_send(start) and self.may_send(rest)

    def cannot_send(self, message: object, *, error: str | None = None) -> None:
        """`send` raises for this message, an error of this kind (as "OSError") if one is named."""
        if not self.may_fail_to_send(message, error=error):
            raise Broken(f"send took {spelled(message)} without an error")

    def may_fail_to_send(self, message: object, *, error: str | None = None) -> bool:
        """`send` ends: it takes this message, or raises an error of this kind; returns whether it raised."""
        raised = self._try(message)
        if raised is None:
            return False
        if error is not None and f"builtins.{error}" not in raised.bases:
            raise Broken(f"send raised {raised}, which is no {error}")
        return True

    def fails_to_send(self, message: Message, *, below: str = "BaseException") -> RemoteError:
        """`send` raises for this message, an error of a class that is derived from this one; returns it.

        Raises Unsupported when `send` takes the message: there is no error to look at.
        """
        error = self._try(message)
        if error is None:
            raise Unsupported("send takes it without an error")
        if f"builtins.{below}" not in error.bases[1:]:
            raise Broken(f"send raised {error}, whose class is not derived from {below}")
        return error

    def may_send(self, message: Message) -> bool:
        """`send` takes this message, or raises; returns False when it has raised by now."""
        self.dialogue.transcript.says("app", spelled(message))
        (number,) = self.call.orders(("send", message))
        self._unsettled.append((number, message))
        self._optional.add(number)
        self._raised = None
        self._settle(self.dialogue.patience.silence, may_be_quiet=True)
        # A failure is told even where `send` raises to end the application, as some servers do.
        if self._raised is None or lifespan.startup_failed.recognises(message):
            self.conversation.says(APPLICATION, message)
        return self._raised is None

    def ends(self) -> None:
        """End as an application that catches nothing: with the error of the last `send`, or by returning."""
        self.settles()
        if self._raised is None:
            self._ends("return", None)
        else:
            self._ends("raise_last", self._raised)

    def ends_after(self, cause: str) -> None:
        """End with the error of the last `send` as its consequence, as a handler that was cleaning up."""
        self.does(f"errors[{self._raised}].__cause__ = {cause}")
        self.ends()

    def ends_with(self, message: Message) -> None:
        """Send a last message and return at once; an error of this `send` goes on to the server."""
        self.begins_to_end_with(message)
        self.is_over()

    def begins_to_end_with(self, message: Message) -> None:
        """The same, and do not wait for it."""
        self.dialogue.transcript.says("app", f"{spelled(message)}, and ends")
        self.conversation.says(APPLICATION, message)
        self.settles()
        self.call.orders(("send_and_return", message))

    def returns(self) -> None:
        """The application returns."""
        self._ends("return", None)

    def raises(self, text: str, error: str = "RuntimeError") -> None:
        """The application raises an error."""
        self._ends("raise", (error, text))

    def _ends(self, verb: str, argument: object) -> None:
        self.settles()
        self.dialogue.transcript.says("app", f"{verb}s {shortened(argument) if argument else ''}".rstrip())
        self.call.orders((verb, argument))
        self.is_over()

    def _try(self, message: object) -> RemoteError | None:
        self.dialogue.transcript.says("app", spelled(message))
        self.settles()
        (number,) = self.call.orders(("send", message))
        outcome = self._outcome(number, None)
        assert outcome is not None
        self._raised = number if outcome.error is not None else None
        if outcome.error is not None:
            self.dialogue.transcript.hears("app", f"send raised {outcome.error}")
        return outcome.error

    def settles(self) -> None:
        """Every send that was begun has ended well."""
        self._settle(None)

    def is_released(self) -> None:
        """Every send that was begun ends now, be it with an error."""
        while self._unsettled:
            number, _ = self._unsettled.pop(0)
            self._outcome(number, None)

    def _settle(self, wait: float | None, *, may_be_quiet: bool = False) -> None:
        while self._unsettled:
            number, message = self._unsettled[0]
            outcome = self._outcome(number, wait, may_be_quiet=may_be_quiet)
            if outcome is None:
                return
            del self._unsettled[0]
            if outcome.error is not None:
                self.dialogue.transcript.hears("app", f"send raised {outcome.error}")
                self._raised = number
                if number not in self._optional:
                    raise Broken(f"send raised {outcome.error} for {spelled(message)}")
