"""Parties say events; a chapter tells which event leads from which state to which.

An event is declared once, with its fields, and then builds messages, recognises them and says what is wrong
with them. This file does not know who is on trial.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from asgi_conformance.spec.kinds import Kind
from asgi_conformance.spec.requirement import Party

SERVER, APPLICATION = Party.SERVER, Party.APPLICATION
Message = dict[str, object]


class _Required:
    def __repr__(self) -> str:
        return "REQUIRED"


REQUIRED = _Required()


@dataclass(frozen=True)
class Complaint:
    """A broken requirement that was overheard: its id, and what was wrong in words."""

    requirement: str
    text: str


@dataclass(frozen=True)
class Field:
    """A key of an event or scope: its kind, its default, and the requirements that a wrong value breaks.

    `blame` is the id for a missing key or a wrong value; `aspects` names other ids for a part of the value
    (the name or the value of a header). A field that nobody is blamed for has no `blame`.
    """

    kind: Kind
    default: object = REQUIRED
    blame: str | None = None
    aspects: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_required(self) -> bool:
        """Is there no default that stands for a missing key?"""
        return self.default is REQUIRED

    def complaints(self, key: str, holder: Mapping[str, object]) -> Iterator[Complaint]:
        """What is wrong with this key of a message or scope."""
        if self.blame is None:
            return
        if key not in holder:
            if self.is_required:
                yield Complaint(self.blame, f"{key!r} is missing")
            return
        for aspect, flaw in self.kind.flaws(holder[key]):
            yield Complaint(self.aspects.get(aspect, self.blame), f"{key!r} {flaw}")


class Event:
    """A type of message that one party says: `http.response_start(status=200)` builds one."""

    def __init__(self, type: str, party: Party, **fields: Field) -> None:  # noqa: A002 the specification's word
        self.type = type
        self.party = party
        self.fields = fields

    def __repr__(self) -> str:
        return self.type

    def __call__(self, **values: object) -> Message:
        """A message of this type with just the keys given; they may be wrong, missing or unknown."""
        return {"type": self.type, **values}

    def recognises(self, message: Mapping[str, object]) -> bool:
        """Is this message of this type?"""
        return message.get("type") == self.type

    def value(self, message: Mapping[str, object], key: str) -> object:
        """The value under a key, or the default that stands for a missing one."""
        return message.get(key, self.fields[key].default)

    def complaints(self, message: Mapping[str, object]) -> Iterator[Complaint]:
        """What is wrong with the fields of this message."""
        for key, declared in self.fields.items():
            yield from declared.complaints(key, message)


@dataclass(frozen=True)
class Guard:
    """An event under a condition: "the last http.request"."""

    event: Event
    holds: Callable[[Mapping[str, object]], bool]
    name: str

    def admits(self, message: Mapping[str, object]) -> bool:
        """Is this message such an event?"""
        return self.event.recognises(message) and self.holds(message)


def when(event: Event) -> Guard:
    """The event, whatever its fields hold."""
    return Guard(event, lambda _: True, event.type)


def more(event: Event, key: str = "more_body") -> Guard:
    """The event when it says that more will follow."""
    return Guard(event, lambda message: bool(event.value(message, key)), f"{event.type} with more to come")


def last(event: Event, key: str = "more_body") -> Guard:
    """The event when it is the last of its kind."""
    return Guard(event, lambda message: not event.value(message, key), f"the last {event.type}")


Steps = Mapping[Party, Mapping[str, Mapping[Guard, str]]]


@dataclass(frozen=True)
class Chapter:
    """A protocol of the specification: its scope, its events and who may say which in which state.

    `steps`: party → state → guard → next state; the first state is "start".
    `follows`: when a party enters a state, the other one is moved: (party, state) → {state: next state}.
    `blame`: (state of the server, event type or "" for any other) → the requirement that it breaks there.
    `stranger`: the requirement broken by an event for which `blame` has nothing.
    """

    name: str
    scope: Mapping[str, Field]
    steps: Steps
    stranger: str
    follows: Mapping[tuple[Party, str], Mapping[str, str]] = field(default_factory=dict)
    blame: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def with_steps(self, added: Steps) -> "Chapter":
        """The chapter where more may be said, as an extension offers it."""
        steps = {party: dict(states) for party, states in self.steps.items()}
        for party, states in added.items():
            for state, guards in states.items():
                steps[party][state] = {**steps[party].get(state, {}), **guards}
        return replace(self, steps=steps)

    def events(self, party: Party) -> list[Event]:
        """Every event that the party may say, in the order of its states."""
        guards = [guard for state in self.steps[party].values() for guard in state]
        return list(dict.fromkeys(guard.event for guard in guards))

    def scope_complaints(self, scope: Mapping[str, object]) -> Iterator[Complaint]:
        """What is wrong with the keys of a scope of this chapter."""
        for key, declared in self.scope.items():
            yield from declared.complaints(key, scope)
