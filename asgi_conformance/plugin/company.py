"""The servers of a run: each started once, the next one while the last is judged, and anew after a crash."""

import threading
from collections.abc import Sequence

import pytest

from asgi_conformance.dialogue.check import Check
from asgi_conformance.dialogue.introduction import NeverServed, introduce, is_well
from asgi_conformance.dialogue.performance import Finding, perform
from asgi_conformance.dialogue.stage import Play, Stage
from asgi_conformance.dialogue.verdict import Verdict
from asgi_conformance.servers import Choice
from asgi_conformance.wire.connection import Patience

company_key = pytest.StashKey["Company"]()
ATTEMPTS = 2
"""How often a server that does not come to serve is started, before the rest of its checks is given up."""


class Company:
    """One stage for each server, opened when it is needed or just before."""

    def __init__(self, choices: Sequence[Choice], patience: Patience, play: Play | None = None) -> None:
        self.choices = choices
        self.patience = patience
        self.play = play
        self._stages: dict[str, Stage] = {}
        self._introduced: set[str] = set()
        self._refusals: dict[str, list[str]] = {}
        self._leaving: list[threading.Thread] = []

    def performs(self, check: Check, choice: Choice, version: str) -> Finding:
        """Hold a check's dialogue on this server, which is started when it does not run."""
        try:
            stage = self._ready(choice)
        except NeverServed as reason:
            return Finding(check, version, Verdict.ERROR, str(reason), log=reason.log)
        finding = perform(check, stage, version)
        finding.overheard += stage.overheard
        stage.overheard.clear()
        if finding.verdict is not Verdict.PASS and not is_well(stage):
            self._drops(choice.label)
        return finding

    def looks_ahead(self, choice: Choice, following: Choice | None, *, anew: bool = False) -> None:
        """Start what the check after this one needs: the next server, or another one of the same kind."""
        label = choice.label
        if following is None or following.label != label:
            if label in self._stages:
                self._stages[label].drops_spares()
            if following is not None:
                self._opens(following)
        elif anew and label in self._introduced:
            self._stages[label].prepare_spare()

    def close(self) -> None:
        """Stop everything. May be repeated."""
        for label in list(self._stages):
            self._drops(label)
        while self._leaving:
            self._leaving.pop().join()

    def _opens(self, choice: Choice) -> Stage:
        if choice.label not in self._stages:
            self._stages[choice.label] = Stage(choice, self.patience, self.play).open()
        return self._stages[choice.label]

    def _ready(self, choice: Choice) -> Stage:
        refusals = self._refusals.setdefault(choice.label, [])
        if len(refusals) >= ATTEMPTS:
            raise NeverServed(
                f"not tried, the server did not come to serve {ATTEMPTS} times: {refusals[-1]}", ""
            )
        self._lets_others_go(choice.label)
        stage = self._opens(choice)
        if choice.label not in self._introduced:
            try:
                introduce(stage)
            except NeverServed as reason:
                refusals.append(str(reason))
                self._drops(choice.label)
                raise
            refusals.clear()
            self._introduced.add(choice.label)
        return stage

    def _lets_others_go(self, label: str) -> None:
        for other in [each for each in self._introduced if each != label]:
            self._drops(other)

    def _drops(self, label: str) -> None:
        self._introduced.discard(label)
        stage = self._stages.pop(label, None)
        if stage is not None:
            thread = threading.Thread(target=stage.close)
            thread.start()
            self._leaving.append(thread)
