"""Two servers in the same dialogues: the shortest ones in which they behave differently."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from hypothesis import given, seed
from hypothesis.errors import Flaky

from asgi_conformance.dialogue.introduction import is_well
from asgi_conformance.dialogue.stage import Stage
from asgi_conformance.fuzz.differential.observed import Key, Observation, observations
from asgi_conformance.fuzz.machine import Ground, Machine
from asgi_conformance.fuzz.playing import Deviation, play
from asgi_conformance.fuzz.reproduction.recording import Recording, record
from asgi_conformance.fuzz.script import Script
from asgi_conformance.fuzz.searching import HASTE, Shown, Stages, place, searching

Kind = tuple[str, ...]
"""How two servers differ: in a step of which verb, what it is about, and what each of them does."""
Pair = tuple[Stages, Stages]


@dataclass(frozen=True)
class Contrast:
    """One thing that came to an actor from one server, and what came from the other one instead, if any."""

    script: Script
    left: Observation | None
    right: Observation | None

    @property
    def either(self) -> Observation:
        """What came from one of the two."""
        found = self.left or self.right
        assert found is not None
        return found

    @property
    def line(self) -> int:
        """The first line in the course of which it came."""
        return min(each.line for each in (self.left, self.right) if each is not None)

    @property
    def differs(self) -> bool:
        """Do they tell something else, or does one of them tell nothing?"""
        return self.left is None or self.right is None or self.left.told != self.right.told

    @property
    def is_a_step(self) -> bool:
        """Does the rest of the dialogue depend on it?"""
        return self.either.is_a_step

    @property
    def kind(self) -> Kind:
        """What it has in common with those in other scripts."""
        shapes = ["nothing" if each is None else each.shape for each in (self.left, self.right)]
        verb = [self.script[self.line].verb] if self.is_a_step else []
        return (*verb, self.either.about, *shapes)


@dataclass(frozen=True)
class Difference:
    """The shortest script in which two servers differ, what came of it, and in what they differ.

    `broken` tells for each server by its label which requirement it breaks in this dialogue.
    """

    script: Script
    labels: tuple[str, str]
    contrasts: tuple[Contrast, ...]
    seen: tuple[dict[Key, Observation], dict[Key, Observation]]
    broken: dict[str, Deviation]

    @property
    def judgement(self) -> str:
        """Who is wrong, if anybody is."""
        if not self.broken:
            return "the specification allows both"
        return "; ".join(
            f"{label} breaks {each.requirement}: {each.text}" for label, each in self.broken.items()
        )


def compare(
    machine: Machine, pair: Pair, version: str, examples: int, drawn_by: object
) -> Iterator[Difference]:
    """Play as many scripts on both servers, and tell each way in which they differ, once.

    `drawn_by` decides what is drawn. Raises NeverServed.
    """
    yield from Comparison(machine, pair, version, examples, drawn_by).differences()


def contrasts(script: Script, seen: tuple[dict[Key, Observation], ...]) -> list[Contrast]:
    """Where the two differ, in the order of the lines."""
    keys = dict.fromkeys([*seen[0], *seen[1]])
    found = [Contrast(script, seen[0].get(key), seen[1].get(key)) for key in keys]
    differing = [each for each in found if each.differs]
    return sorted(differing, key=lambda each: (each.line, not each.is_a_step))


@dataclass
class Comparison:
    """The search for differences, and what is known of them."""

    machine: Machine
    pair: Pair
    version: str
    examples: int
    drawn_by: object
    known: set[Kind] = field(default_factory=set)
    _shortest: tuple[Script, list[Contrast]] | None = None

    def differences(self) -> Iterator[Difference]:
        """All that are found."""
        left, turn = self.examples, 0
        while left > 0:
            left -= self._searches(left, turn)
            shortest, self._shortest, turn = self._shortest, None, turn + 1
            if shortest is None:
                return
            script, new = shortest
            difference = self._tells_of(script)
            self.known |= {each.kind for each in new}
            if difference is not None:
                yield difference

    def _searches(self, examples: int, turn: int) -> int:
        """Draw until something is found and has been shrunk; returns how many examples came before that."""
        good = 0

        @seed(f"{self.drawn_by}/{turn}")
        @searching(examples, several=False)
        @given(self.machine.strategy(self._ground()))
        def example(script: Script) -> None:
            nonlocal good
            new = self._news(contrasts(script, self._sees(script)))
            if new:
                if self._shortest is None or len(script) <= len(self._shortest[0]):
                    self._shortest = script, new
                raise Shown
            good += self._shortest is None

        with contextlib.suppress(Shown, Flaky):
            example()
        return good + 1

    def _ground(self) -> Ground:
        """What both of them offer."""
        one, other = (Ground.of(each.ready().facts, self.version) for each in self.pair)
        return Ground(
            self.version,
            one.websocket and other.websocket,
            {
                kind: tuple(name for name in names if name in other.extensions.get(kind, ()))
                for kind, names in one.extensions.items()
            },
        )

    def _news(self, found: list[Contrast]) -> list[Contrast]:
        """What is not known: of the first line with any, and not behind a step that is known to differ."""
        new: list[Contrast] = []
        for each in found:
            if new and each.line != new[0].line:
                break
            if each.kind not in self.known:
                new.append(each)
            elif each.is_a_step:
                break
        return new

    def _sees(self, script: Script) -> tuple[dict[Key, Observation], dict[Key, Observation]]:
        one, other = (self._plays(script, stages) for stages in self.pair)
        return observations(one), observations(other)

    def _plays(self, script: Script, stages: Stages) -> Recording:
        stage = stages.ready()
        with stage.waiting(stage.patience.must / HASTE), place(self.machine, stage) as held:
            recording = record(script, held, self.version, to_the_end=True)
        if recording.failures and not is_well(stage, stage.facts.start, self.version):
            stages.renewed()
        return recording

    def _tells_of(self, script: Script) -> Difference | None:
        """The same on fresh servers, with all the patience: who was only slow does not differ."""
        fresh = [each.renewed() for each in self.pair]
        recordings = []
        for stage in fresh:
            with place(self.machine, stage) as held:
                recordings.append(record(script, held, self.version, to_the_end=True))
        seen = observations(recordings[0]), observations(recordings[1])
        new = self._news(contrasts(script, seen))
        self.known |= {each.kind for each in new}
        labels = fresh[0].choice.label, fresh[1].choice.label
        return Difference(script, labels, tuple(new), seen, self._broken(script, new)) if new else None

    def _broken(self, script: Script, new: list[Contrast]) -> dict[str, Deviation]:
        found = {}
        for stages in self.pair:
            stage = stages.renewed()
            with place(self.machine, stage) as held:
                deviation = self._judges(script, held, new)
            if deviation is not None:
                found[stage.choice.label] = deviation
        return found

    def _judges(self, script: Script, stage: Stage, new: list[Contrast]) -> Deviation | None:
        """What is wrong in this dialogue, and has to do with what is new."""
        survival, others = self.machine.requirement.id, set[str]()
        while (deviation := play(script, stage, self.version, survival=survival, known=others)) is not None:
            if deviation.is_crash or _is_about(new, deviation.requirement):
                return deviation
            others.add(deviation.requirement)
        return None


def _is_about(found: list[Contrast], identifier: str) -> bool:
    """May this requirement be the one that is broken by whoever of the two is wrong?"""
    keys = [each.either.key for each in found if each.either.key]
    if any(f"scope.{key}" in identifier for key in keys):
        return True
    if "scope." in identifier:
        return False
    return len(keys) < len(found) or ("extensions" in keys and "extensions" in identifier)
