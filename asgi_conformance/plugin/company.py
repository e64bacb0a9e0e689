"""The servers of a run: each started once, the next one while the last is judged, and anew after a crash."""

import contextlib
import threading
from collections import Counter
from collections.abc import Sequence

import pytest

from asgi_conformance.dialogue.check import Check
from asgi_conformance.dialogue.introduction import NeverServed, introduce
from asgi_conformance.dialogue.performance import Finding, look_after, perform
from asgi_conformance.dialogue.stage import Play, Stage
from asgi_conformance.dialogue.verdict import Verdict
from asgi_conformance.servers import BadServer, Choice
from asgi_conformance.wire.connection import Patience

company_key = pytest.StashKey["Company"]()
ATTEMPTS = 2
"""How often a server that does not come to serve is started, before the rest of its checks is given up."""
AT_ONCE = 1.0
"""The grace in seconds of an interrupted run: somebody waits for the prompt."""


class Company:
    """One stage for each server, opened when it is needed or just before.

    `farewells` counts, by label, what was odd about the ends of a server: a daemon left behind, or no end
    but by force.
    """

    def __init__(self, choices: Sequence[Choice], patience: Patience, play: Play | None = None) -> None:
        self.choices = choices
        self.patience = patience
        self.play = play
        self.farewells: Counter[tuple[str, str]] = Counter()
        self._stages: dict[str, Stage] = {}
        self._introduced: set[str] = set()
        self._given_up: dict[str, NeverServed] = {}
        self._leaving: list[threading.Thread] = []

    def performs(self, check: Check, choice: Choice, version: str) -> Finding:
        """Hold a check's dialogue on this server, which is started when it does not run."""
        tried = choice.label not in self._given_up
        try:
            stage = self._ready(choice)
        except NeverServed as reason:
            self._given_up[choice.label] = reason
            return Finding(
                check, version, Verdict.ERROR, str(reason), reason.transcript, reason.log, tried=tried
            )
        finding = perform(check, stage, version)
        if not check.needs_a_new_server:
            look_after(stage, finding)
            # Some faults leave a server that answers well and is not well: no check is to suffer for another.
            finding.ruined |= finding.verdict is not Verdict.PASS and bool(finding.transcript)
        finding.overheard = [*stage.overheard, *finding.overheard]
        stage.overheard.clear()
        if finding.ruined:
            self._drops(choice.label)
        return finding

    def looks_ahead(self, choice: Choice, following: Choice | None, *, spares: int = 0) -> None:
        """Start what the check after this one needs: the next server, or another one of the same kind.

        `spares` is how many of the two checks need a server of this kind for themselves.
        """
        label = choice.label
        # What cannot be started is told by the check that needs it.
        with contextlib.suppress(BadServer, OSError):
            if label in self._introduced:
                self._stages[label].prepares_spares(spares)
            if following is not None and following.label not in (label, *self._given_up):
                self._opens(following)

    def close(self, *, at_once: bool = False) -> None:
        """Stop everything. May be repeated."""
        for label in list(self._stages):
            self._drops(label, wanted=not at_once, grace=AT_ONCE if at_once else None)
        while self._leaving:
            self._leaving.pop().join()

    def _opens(self, choice: Choice) -> Stage:
        if choice.label not in self._stages:
            self._stages[choice.label] = Stage(choice, self.patience, self.play)
        return self._stages[choice.label].open()

    def _ready(self, choice: Choice) -> Stage:
        """A stage whose server serves. Raises NeverServed."""
        label = choice.label
        if label in self._given_up:
            raise self._given_up[label]
        for other in [each for each in self._introduced if each != label]:
            self._drops(other, wanted=True)
        if label in self._introduced and not self._stages[label].is_open():
            self._drops(label)
        if label not in self._introduced:
            self._introduces(choice)
        return self._stages[label]

    def _introduces(self, choice: Choice) -> None:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                introduce(self._opens(choice))
            except NeverServed:
                # An early end may be bad luck; who was silent for so long needs no other chance.
                is_hopeless = attempt == ATTEMPTS or self._stages[choice.label].is_open()
                self._drops(choice.label)
                if is_hopeless:
                    raise
            except (BadServer, OSError) as error:
                self._drops(choice.label)
                raise NeverServed(f"the server cannot be started: {error}", "", "") from error
            else:
                self._introduced.add(choice.label)
                return

    def _drops(self, label: str, *, wanted: bool = False, grace: float | None = None) -> None:
        """Stop a server while others go on; `wanted` if it had no reason to be slow about it."""
        self._introduced.discard(label)
        stage = self._stages.pop(label, None)
        if stage is not None:
            thread = threading.Thread(target=self._closes, args=(label, stage, wanted, grace))
            thread.start()
            self._leaving.append(thread)

    def _closes(self, label: str, stage: Stage, wanted: bool, grace: float | None) -> None:
        ending = stage.close(grace)
        if wanted and ending is not None and ending.how == "killed":
            seconds = self.patience.must if grace is None else grace
            self.farewells[label, f"did not end within {seconds:g} s of a SIGTERM, and was killed"] += 1
        for each in stage.endings:
            if each.survivors:
                self.farewells[label, "left a process behind when it ended, which was killed"] += 1
