"""The account of one check: all that a report tells of it, in plain values that can leave the process."""

import os
import textwrap
from collections.abc import Sequence
from dataclasses import asdict, astuple, dataclass
from typing import Any, Self

from asgi_conformance.dialogue.check import Check
from asgi_conformance.dialogue.performance import Finding
from asgi_conformance.dialogue.verdict import Verdict
from asgi_conformance.report.terminal import Line
from asgi_conformance.servers import Choice
from asgi_conformance.spec.requirement import requirement

MARKUP = {
    Verdict.FAIL: {"red": True, "bold": True},
    Verdict.ERROR: {"red": True, "bold": True},
    Verdict.WARN: {"yellow": True, "bold": True},
    Verdict.FLAKY: {"yellow": True, "bold": True},
    Verdict.INFO: {"cyan": True},
}
WIDTH = 80


@dataclass(frozen=True)
class Account:
    """What came of one check on one server over one version; see Finding.

    `place` is where the check is written, `overheard` has the fields of each Overheard.
    """

    label: str
    requirement: str
    version: str
    level: str
    verdict: str
    note: str
    claim: str
    place: str
    transcript: str
    log: str
    trouble: str
    tried: bool
    overheard: Sequence[Sequence[str]]

    @classmethod
    def of(cls, check: Check, choice: Choice, finding: Finding) -> Self:
        """What is to be told of a finding."""
        return cls(
            label=choice.label,
            requirement=check.requirement.id,
            version=finding.version,
            level=str(check.level),
            verdict=str(finding.verdict),
            note=finding.note,
            claim=check.claim,
            place=_nearby(check.source),
            transcript=finding.transcript,
            log=finding.log,
            trouble=finding.trouble,
            tried=finding.tried,
            overheard=[astuple(each) for each in finding.overheard],
        )

    @classmethod
    def on(cls, report: object) -> Self | None:
        """The account that a report of pytest carries, if it does."""
        carried: dict[str, Any] | None = getattr(report, "asgi", None)
        return cls(**carried) if carried is not None else None

    def carried(self) -> dict[str, Any]:
        """The values for a report to carry."""
        return asdict(self)

    def story(self, width: int = WIDTH) -> list[Line]:
        """What was said, the verdict, the requirement and its link, and what the server printed."""
        verdict = Verdict(self.verdict)
        lines: list[Line] = [(f"{self.claim}:", {}), ("", {})]
        lines += _block(self.transcript.splitlines())
        lines += _block([f"{verdict}: {self.note}".removesuffix(": ")], MARKUP.get(verdict))
        lines += _block(self.trouble.splitlines())
        lines += demand(self.requirement, self.level, width, doubts=verdict is not Verdict.PASS)
        if self.log:
            lines.append((f"the end of what {self.label} printed meanwhile:", {}))
            lines += _block([f"  | {line}" for line in self.log.splitlines()])
        return [*lines, (self.place, {})]


def demand(identifier: str, level: str, width: int, *, doubts: bool = False) -> list[Line]:
    """A requirement and its link, and with `doubts` what the specification leaves open."""
    demanded = requirement(identifier)
    lines = _block(textwrap.wrap(f"{identifier} ({level}): {demanded.statement}", width))
    if doubts and demanded.unclear:
        lines += _block(textwrap.wrap(f"unclear: {demanded.unclear}", width))
    return lines + _block([f"  {demanded.link}"])


def text_of(lines: Sequence[Line]) -> str:
    """The lines without their colours."""
    return "\n".join(text for text, _ in lines)


def _block(lines: Sequence[str], markup: dict[str, bool] | None = None) -> list[Line]:
    return [*((line, markup or {}) for line in lines), ("", {})] if lines else []


def _nearby(place: str) -> str:
    """A path as one would type it here, if it is below."""
    relative = os.path.relpath(place)
    return place if relative.startswith(os.pardir) else relative
