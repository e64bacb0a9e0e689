"""What a script has shown of a server, without what cannot count: addresses, dates, where bytes are cut."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from asgi_conformance.dialogue.expectation import bare
from asgi_conformance.dialogue.transcript import spelled
from asgi_conformance.fuzz.reproduction.recording import Act, Recording
from asgi_conformance.probe.remote import Outcome
from asgi_conformance.spec.conversation import CHAPTERS, Conversation
from asgi_conformance.spec.kinds import shortened
from asgi_conformance.wire.answer import Answer, Close, Closed, Data, End, Garbage, Head, Message

INCIDENTAL = (b"date", b"server", b"x-dialogue")
"""Headers that are others each time, or on each server."""
ADDRESSES = ("client", "server")
INDEPENDENT = ("state",)
"""Keys of the scope that say nothing of the request."""


@dataclass(frozen=True)
class Observation:
    """One thing that came to an actor in the course of a line.

    `about` is what it tells of, and `told` in which way; two of them that are about the same and tell the
    same are no difference.
    """

    place: str
    line: int
    about: str
    told: str

    @property
    def key(self) -> str:
        """The key of the scope that it is about, if any."""
        return self.about[len("scope['") : -len("']")] if self.about.startswith("scope") else ""

    @property
    def is_a_step(self) -> bool:
        """Does the rest of a dialogue depend on it, so that what follows another one may differ, too?"""
        return not self.about.startswith(("scope", "header", "body"))

    @property
    def shape(self) -> str:
        """What counts of it when one asks whether two servers differ in the same way as before."""
        return " ".join(self.told.split()[:2]) if self.is_a_step else ""

    def __str__(self) -> str:
        return f"{self.about} {self.told}".rstrip()


Key = tuple[str, str, int]
"""The actor, what it is about, and how many there were before."""


def observations(recording: Recording) -> dict[Key, Observation]:
    """What came to each actor, in the order in which it came to him."""
    found: dict[Key, Observation] = {}
    sent = [act.value[2] for act in recording.acts if act.verb == "orders" and isinstance(act.value, tuple)]
    own = [each.get("status") for each in map(bare, sent) if isinstance(each, dict)]
    for place in dict.fromkeys(act.place for act in recording.acts):
        acts = [act for act in recording.acts if act.place == place]
        seen = _in_a_call(acts) if any(act.verb == "begins" for act in acts) else _on_the_wire(acts, own)
        count: Counter[str] = Counter()
        for each in seen:
            found[place, each.about, count[each.about]] = each
            count[each.about] += 1
    return found


# In a call of the application


def _in_a_call(acts: list[Act]) -> Iterator[Observation]:
    ordered: dict[int, tuple[str, object, int]] = {}
    for act in _with_whole_bodies(acts):
        match act.verb, act.value:
            case "begins", dict(scope):
                yield from _of_the_scope(act, Conversation(scope).scope)
            case "orders", (int(number), str(verb), argument):
                ordered[number] = (verb, argument, act.line)
            case "learns", (int(number), Outcome() as outcome) if number in ordered:
                yield from _of_an_order(act, *ordered[number], outcome)
            case "ends", (str(how), _):
                yield Observation(act.place, act.line, "the call", how)


def _of_the_scope(act: Act, scope: Mapping[str, object]) -> Iterator[Observation]:
    chapter = CHAPTERS.get(str(scope.get("type")))
    fields = chapter.scope if chapter else {}
    defaults = {key: field.default for key, field in fields.items() if not field.is_required}
    told = {"extensions": {}, **defaults, **scope}
    for key in dict.fromkeys(["type", "asgi", *fields, "extensions"]):
        about = _told_of(key, bare(told[key])) if key in told else "is missing"
        if key not in INDEPENDENT:
            yield Observation(act.place, act.line, f"scope[{key!r}]", about)


def _told_of(key: str, value: object) -> str:
    if key in ADDRESSES and isinstance(value, list) and len(value) == 2:
        value = [value[0], type(value[1]).__name__]
    if key == "headers" and isinstance(value, list):
        value = [each for each in value if not (isinstance(each, list) and each and each[0] in INCIDENTAL)]
    if isinstance(value, dict):
        value = sorted(value) if key == "extensions" else dict(sorted(value.items()))
    return f"is {shortened(value, 200)}"


def _of_an_order(act: Act, verb: str, argument: object, line: int, outcome: Outcome) -> Iterator[Observation]:
    if verb.startswith("send"):
        about = f"send({_type_of(argument)})"
        told = "raised" if outcome.error else "was cancelled" if outcome.cancelled else "took it"
        yield Observation(act.place, line, about, told)
    elif verb == "receive":
        told = "raised" if outcome.error else "was cancelled" if outcome.cancelled else _event(outcome.value)
        yield Observation(act.place, act.line, "receive", told)


def _type_of(message: object) -> str:
    plain = bare(message)
    return str(plain["type"]) if isinstance(plain, dict) and "type" in plain else shortened(plain, 30)


def _event(message: object) -> str:
    """Defaults are the same, told or not."""
    plain = bare(message)
    if not isinstance(plain, dict):
        return f"gave {shortened(plain)}"
    event = {key: value for key, value in plain.items() if value not in (None, b"", False)}
    return f"gave {spelled(dict(sorted(event.items())))}"


def _with_whole_bodies(acts: Iterable[Act]) -> Iterator[Act]:
    """The parts of a body as one event, which comes when the last of them does.

    How much comes of a body that is cut off is a matter of time.
    """
    joined = b""
    for act in acts:
        match act.verb, act.value:
            case "learns", (int(number), Outcome(value={"type": "http.request", **rest})):
                part = bare(rest.get("body", b""))
                joined += part if isinstance(part, bytes) else b""
                if not rest.get("more_body"):
                    whole, joined = {"type": "http.request", "body": joined}, b""
                    yield Act(act.place, "learns", (number, Outcome(whole)), act.line)
            case _:
                yield act


# On the wire


def _on_the_wire(acts: Iterable[Act], own: list[object]) -> Iterator[Observation]:
    """What a client hears. Of an answer of the server's own, what it is made of does not count."""
    body, is_own, begun = b"", True, 0
    for act in acts:
        if act.verb != "hears":
            continue
        answer = act.value
        if isinstance(answer, Data):
            body, begun = body + answer.data, act.line
            continue
        if body and is_own and isinstance(answer, End):
            yield Observation(act.place, begun, "body", shortened(body))
        body = b""
        if isinstance(answer, Head):
            is_own = answer.status in own
        yield from _of_an_answer(act, answer, is_own)  # type: ignore[arg-type]  # that is what is heard
    if body and is_own:
        yield Observation(act.place, begun, "body", "is not over")


def _of_an_answer(act: Act, answer: Answer, is_own: bool) -> Iterator[Observation]:
    if isinstance(answer, Head):
        yield Observation(act.place, act.line, "status", str(answer.status))
        for name in sorted({name for name, _ in answer.headers if name not in INCIDENTAL}) if is_own else ():
            values = [value for other, value in answer.headers if other == name]
            yield Observation(act.place, act.line, f"header {name.decode('latin-1')}", shortened(values))
        return
    kind = type(answer).__name__
    told = f"{answer}" if isinstance(answer, Message | Close) else ""
    if isinstance(answer, Closed | Garbage):
        kind, told = "the connection", "ended" if isinstance(answer, Closed) else "garbage came"
    yield Observation(act.place, act.line, kind, told)
