"""What became of the servers of a run: the findings are gathered, judged and written."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from asgi_conformance.dialogue.performance import BREACH
from asgi_conformance.dialogue.verdict import Verdict
from asgi_conformance.plugin.account import Account
from asgi_conformance.report.baseline import Baseline, Known
from asgi_conformance.report.matrix import matrix
from asgi_conformance.report.results import Results, ServerFacts
from asgi_conformance.servers import Choice
from asgi_conformance.spec.requirement import Level, requirement

book_key = pytest.StashKey["Book"]()
STATUS = {
    Verdict.WARN: ("warn", "w", ("WARN", {"yellow": True})),
    Verdict.INFO: ("info", "i", ("INFO", {"cyan": True})),
    Verdict.UNSUPPORTED: ("unsupported", "u", ("UNSUPPORTED", {"light": True})),
    Verdict.FLAKY: ("flaky", "~", ("FLAKY", {"yellow": True})),
    Verdict.ERROR: ("not tried", "n", ("NOT TRIED", {"red": True})),
}
"""Category, letter and word of what pytest does not call passed or failed."""


def status_of(report: object) -> tuple[str, str, Any] | None:
    """Category, letter and word of a check's report, or None where pytest's own are right."""
    account = Account.on(report)
    if account is None or getattr(report, "outcome", None) == "failed" or hasattr(report, "wasxfail"):
        return None
    return STATUS.get(Verdict(account.verdict))


@dataclass
class Heard:
    """A breach of a requirement that the checks who heard it were not about; `transcript` is of the first."""

    label: str
    requirement: str
    version: str
    transcript: str
    texts: set[str] = field(default_factory=set)
    places: list[str] = field(default_factory=list)

    @property
    def verdict(self) -> Verdict:
        """What it counts for."""
        return BREACH[requirement(self.requirement).level]

    @property
    def note(self) -> str:
        """One of the texts, whatever the order in which they came."""
        return min(self.texts)


class Book:
    """The results of every server of a run; it does not know how they are shown."""

    def __init__(
        self, choices: Sequence[Choice], level: Level, folder: Path | None, baseline: Baseline
    ) -> None:
        self.level = level
        self.folder = folder
        self.baseline = baseline
        self.farewells: Counter[tuple[str, str]] = Counter()
        self.results = {
            choice.label: Results(
                ServerFacts(choice.label, choice.name, choice.version, choice.python, choice.command)
            )
            for choice in choices
        }
        self._heard: dict[tuple[str, str, str], Heard] = {}
        self._convicted: set[tuple[str, str]] = set()
        self.stale: list[Known] = []

    def fails_the_run(self, verdict: Verdict) -> bool:
        """Does a check with this verdict count as failed?"""
        strict = (Verdict.WARN,) if self.level is Level.SHOULD else ()
        return verdict in (Verdict.FAIL, Verdict.ERROR, *strict)

    def forgives(self, identifier: str, label: str, version: str, verdict: Verdict) -> str | None:
        """Why this verdict does not fail the run although it would; None if it does, or would not."""
        if self.fails_the_run(verdict) or verdict is Verdict.FLAKY:
            return self.baseline.reason(identifier, label, version, verdict)
        return None

    def takes(self, account: Account, place: str) -> None:
        """Keep what a report tells about a server; `place` is the name of the check for the user."""
        verdict = Verdict(account.verdict)
        self.results[account.label].adds(
            account.requirement, account.version, verdict, level=account.level, note=account.note
        )
        if verdict in (Verdict.FAIL, Verdict.WARN):
            self._convicted.add((account.label, account.requirement))
        for identifier, text, version, scene, transcript in account.overheard:
            key = (account.label, identifier, version)
            heard = self._heard.setdefault(key, Heard(*key, transcript if scene else account.transcript))
            heard.texts.add(text)
            if (scene or place) not in heard.places:
                heard.places.append(scene or place)

    def says_farewell(self, farewells: Iterable[Sequence[Any]]) -> None:
        """Keep what was odd about the ends of servers: label, text and count of each."""
        for label, text, count in farewells:
            self.farewells[label, text] += count

    def overheard(self) -> list[Heard]:
        """The breaches that no check has failed for."""
        return [each for key, each in self._heard.items() if key[:2] not in self._convicted]

    def grave(self) -> list[Heard]:
        """Those that make the run fail."""
        return [
            each
            for each in self.overheard()
            if self.fails_the_run(each.verdict)
            and self.forgives(each.requirement, each.label, each.version, each.verdict) is None
        ]

    def closes(self, whole: Iterable[str]) -> None:
        """Count what was overheard, and write the JSON of each server and the matrix into the folder.

        `whole` are the labels of the servers on which every check was held.
        """
        for each in self._heard.values():
            level = requirement(each.requirement).level.value
            results = self.results[each.label]
            results.adds(each.requirement, each.version, each.verdict, level=level, note=each.note)
        self.stale = self.baseline.stale(self.results[label] for label in whole)
        judged = self.judged()
        if self.folder is not None and judged:
            for results in judged:
                results.write(self.folder)
            (self.folder / "matrix.md").write_text(matrix(judged), encoding="utf-8")

    def is_broken(self) -> bool:
        """Is any requirement broken that makes the run fail, or not broken that was known to be?"""
        return bool(self.stale) or any(
            self.forgives(identifier, label, version, judgement.verdicts[version]) is None
            for label, results in self.results.items()
            for identifier, judgement in results.requirements.items()
            for version in judgement.broken_over(self.level)
        )

    def judged(self) -> list[Results]:
        """The results of the servers that anything is known of."""
        return [results for results in self.results.values() if results.requirements]
