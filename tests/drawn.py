"""What the tests of fuzzing share: how much is drawn, what a machine draws, and what it finds on a stage."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings

from asgi_conformance.dialogue.stage import Stage
from asgi_conformance.fuzz.machine import Ground, Machine
from asgi_conformance.fuzz.playing import play
from asgi_conformance.fuzz.script import Script

GROUND = Ground("http/1.1", websocket=True, extensions={"websocket": ("websocket.http.response",)})
REPORTS = Path(__file__).parent.parent / "reports"
SETTINGS = settings(database=None, deadline=None, suppress_health_check=list(HealthCheck))
FEW = settings(SETTINGS, max_examples=25, derandomize=True, phases=(Phase.generate,))
"""Enough for a machine to say what it is about."""
MANY = settings(FEW, max_examples=3000)
"""Enough for it to say everything that it can."""
Staged = Callable[[str], Stage]
"""The stage of a server, by its name; see the fixture `staged`."""


@dataclass(frozen=True)
class Always:
    """One server, whatever becomes of it."""

    stage: Stage

    def ready(self) -> Stage:
        """The server."""
        return self.stage

    def renewed(self) -> Stage:
        """The same one."""
        return self.stage


def drawn(machine: Machine, ground: Ground = GROUND, *, examples: int) -> list[Script]:
    """The same scripts each time."""
    scripts: list[Script] = []

    @seed(1)
    @settings(SETTINGS, max_examples=examples)
    @given(machine.strategy(ground))
    def draws(script: Script) -> None:
        scripts.append(script)

    draws()
    return scripts


def reported(server: str) -> set[str]:
    """What its report blames this server for, if there is one."""
    place = REPORTS / f"{server.replace(':', '-')}.json"
    if not place.exists():
        return set()
    report = json.loads(place.read_text())
    return {
        identifier
        for identifier, judged in report["requirements"].items()
        if {"fail", "warn"} & {*judged["verdicts"].values()}
    }


def found(machine: Machine, stage: Stage, *, examples: int) -> Iterator[str]:
    """What these examples show on a stage, but for what is known of its server."""
    known = reported(stage.choice.label)
    survival = machine.requirement.id
    for script in drawn(machine, Ground.of(stage.facts, "http/1.1"), examples=examples):
        deviation = play(script, stage, "http/1.1", survival=survival, known=known)
        if deviation is not None:
            yield deviation.requirement
