"""How a machine runs: Hypothesis draws and shrinks, and what it finds is tried again on a fresh server."""

import contextlib
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import given, seed, settings
from hypothesis.database import ExampleDatabase
from hypothesis.errors import Flaky

from asgi_conformance.dialogue.expectation import Crash
from asgi_conformance.dialogue.introduction import is_well
from asgi_conformance.dialogue.stage import Stage
from asgi_conformance.fuzz.ending import RECENT, culprit
from asgi_conformance.fuzz.machine import Ground, Machine
from asgi_conformance.fuzz.playing import Deviation, play
from asgi_conformance.fuzz.reproduction.reproducer import NotReproducible, reproduce
from asgi_conformance.fuzz.script import Script
from asgi_conformance.fuzz.searching import HASTE, Shown, Stages, place, searching


@dataclass(frozen=True)
class Found:
    """The shortest script that shows a deviation, and whether it shows it again on a fresh server.

    `reproducer` is the folder with what shows it without us.
    """

    script: Script
    deviation: Deviation
    log: str
    reproducer: Path | None = None
    is_flaky: bool = False


class Enough(BaseException):
    """Nothing more is to be drawn for now. What is no Exception, Hypothesis lets through."""


class Shelf(ExampleDatabase):
    """The examples of one machine on one server, in a database that it shares with others."""

    def __init__(self, database: ExampleDatabase, name: str, *, forgets: bool) -> None:
        """`forgets` is false where what was found is passed over, and shows nothing for that reason alone."""
        super().__init__()
        self.database = database
        self.name = name.encode() + b"/"
        self.forgets = forgets

    def fetch(self, key: bytes) -> Iterator[bytes]:
        """All examples that were saved."""
        yield from self.database.fetch(self.name + key)

    def save(self, key: bytes, value: bytes) -> None:
        """Keep an example."""
        self.database.save(self.name + key, value)

    def delete(self, key: bytes, value: bytes) -> None:
        """Forget an example that shows nothing any more."""
        if self.forgets:
            self.database.delete(self.name + key, value)


@dataclass
class Campaign:
    """One machine on one server over one version: as many examples as were asked for.

    `name` tells its examples from those of others, `seed` decides what is drawn, and what breaks a
    requirement of `known` is passed over, and added to by what is found. Into `folder` go the reproducers.
    """

    machine: Machine
    stages: Stages
    version: str
    name: str
    examples: int
    seed: object
    known: set[str] = field(default_factory=set)
    folder: Path | None = None
    played: int = 0
    """How many scripts were played."""
    _shortest: dict[str, tuple[Script, Deviation]] = field(default_factory=dict)
    _silent: dict[str, Script] = field(default_factory=dict)
    """What is broken by a silence that lasts, and the script that has shown so."""
    _said: deque[Script] = field(default_factory=lambda: deque(maxlen=RECENT))
    """The last scripts that were said to the server that runs."""
    _kinds: dict[str, type[Shown]] = field(default_factory=dict)
    """Of each requirement: it is by their classes that Hypothesis tells faults apart."""

    def found(self) -> Iterator[Found]:
        """What is found, each requirement once."""
        left, turn = self.examples, 0
        while left > 0:
            played = self._searches(left, turn)
            if not self._shortest:
                return
            left, turn = left - played, turn + 1
            shortest, self._shortest = self._shortest, {}
            for script, deviation in shortest.values():
                self.known.add(deviation.requirement)
                sure = self._tries_again(script, deviation)
                if sure is None and deviation.requirement in self._silent:
                    sure = self._tries_again(self._silent[deviation.requirement], deviation)
                if sure is not None:
                    yield sure

    def _searches(self, examples: int, turn: int) -> int:
        """Draw, until something is found and has been shrunk; returns how many examples came before that."""
        ground = Ground.of(self.stages.ready().facts, self.version)
        good = 0

        @searching(examples, self._database())
        # Below the settings, or there would be no database.
        @seed(f"{self.seed}/{turn}")
        @given(self.machine.strategy(ground))
        def example(script: Script) -> None:
            nonlocal good
            deviation = self._plays(script)
            if deviation is not None:
                self._keeps(script, deviation)
                raise self._kind(deviation.requirement)
            good += not self._shortest

        try:
            example()
        except* (Shown, Flaky, Enough):
            # What Hypothesis calls flaky is tried again, and told as what it is.
            pass
        return good + 1

    def _database(self) -> ExampleDatabase | None:
        database = settings().database
        return None if database is None else Shelf(database, self.name, forgets=not self.known)

    def _plays(self, script: Script) -> Deviation | None:
        with self._stage() as stage, stage.waiting(self._wait(stage)):
            deviation = self._play(script, stage)
        self.played += 1
        if not stage.by_hand and not self._is_well(stage, deviation):
            if stage.running.process.ends(stage.patience.silence):
                # What a client finds of a server that is ending may look like anything.
                return self._looks_for_the_culprit([*self._said])
            self._stage(anew=True)
        if deviation is None or not deviation.is_silence or deviation.requirement in self._silent:
            return deviation
        return self._waits_for(script, deviation)

    def _is_well(self, stage: Stage, deviation: Deviation | None) -> bool:
        if deviation is None:
            return stage.is_open()
        return is_well(stage, stage.facts.start, self.version)

    def _looks_for_the_culprit(self, said: list[Script]) -> Deviation | None:
        """A server has ended, all this having been said to it: does it do so at once, of the last script?

        Raises Enough where it ended a while after one of them: nothing that is drawn shows when.
        """
        survival = self.machine.requirement.id
        with self._stage(anew=True) as stage:
            again = None if survival in self.known else self._play(said[-1], stage)
        if again is not None and again.is_crash:
            return again
        if survival in self.known or survival in self._shortest:
            return None
        script = culprit(said, self._is_ended_by) or said[-1]
        text = "the server ended a while after this was said"
        self._shortest[survival] = script, Deviation(survival, text, "", len(script), is_crash=True)
        raise Enough

    def _waits_for(self, script: Script, deviation: Deviation) -> Deviation | None:
        """The first silence of its kind: of who is only slow nobody asks for the shortest way to be slow."""
        with self._stage(anew=True) as stage:
            again = self._play(script, stage)
        if again is None or again.requirement != deviation.requirement:
            self.known.add(deviation.requirement)
            return again
        self._silent[deviation.requirement] = script
        return again

    def _wait(self, stage: Stage) -> float:
        """How long to wait while it is searched; to shrink a silence that is sure, one need not wait."""
        is_sure = not self._shortest.keys().isdisjoint(self._silent)
        return stage.patience.silence if is_sure else stage.patience.must / HASTE

    def _stage(self, *, anew: bool = False) -> AbstractContextManager[Stage]:
        if anew:
            self._said.clear()
        is_shared = not self.machine.needs_a_new_server
        return place(self.machine, self.stages.renewed() if anew and is_shared else self.stages.ready())

    def _play(self, script: Script, stage: Stage) -> Deviation | None:
        self._said.append(script)
        survival = self.machine.requirement.id
        return play(script, stage, self.version, survival=survival, known=self.known)

    def _keeps(self, script: Script, deviation: Deviation) -> None:
        # The last that Hypothesis tries is the shortest it knows; what is behind the fault nobody says.
        self._shortest[deviation.requirement] = script[: deviation.lines], deviation

    def _is_ended_by(self, scripts: Sequence[Script]) -> bool:
        """Does a fresh server end when all this is said, or in the time that there is for what must come?"""
        with self._stage(anew=True) as stage:
            for script in scripts:
                self._play(script, stage)
            return stage.running.process.ends(stage.patience.must)

    def _last_word(self, script: Script, stage: Stage, *, is_crash: bool) -> Deviation | None:
        """What comes of a script; of one that may end a server, the end is waited for."""
        found = self._play(script, stage)
        if not is_crash or (found is not None and found.is_crash):
            return found
        try:
            stage.raises_if_the_server_died(stage.patience.must)
        except Crash as crash:
            survival, text = self.machine.requirement.id, f"{crash}, after this was said"
            return Deviation(survival, text, "", len(script), is_crash=True)
        return None

    def _kind(self, identifier: str) -> type[Shown]:
        return self._kinds.setdefault(identifier, type("Shown", (Shown,), {}))

    def _tries_again(self, script: Script, deviation: Deviation) -> Found | None:
        """The same on a fresh server, with all patience: what is no silence then was a slow moment."""
        known, self.known = self.known, self.known - {deviation.requirement}
        try:
            with self._stage(anew=True) as stage:
                again = self._last_word(script, stage, is_crash=deviation.is_crash)
        finally:
            self.known = known
        if again is not None and again.requirement == deviation.requirement:
            return Found(script, again, stage.log(), self._reproduces(script, again))
        return None if deviation.is_silence else Found(script, deviation, stage.log(), is_flaky=True)

    def _reproduces(self, script: Script, deviation: Deviation) -> Path | None:
        """Write what shows the fault without us, where that is wanted and can be."""
        if self.folder is None:
            return None
        with self._stage(anew=True) as stage, contextlib.suppress(NotReproducible):
            return reproduce(script, stage, self.version, deviation, self.folder / deviation.requirement)
        return None
