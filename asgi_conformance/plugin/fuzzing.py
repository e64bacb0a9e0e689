"""What pytest collects of fuzzing: each machine on each server and version, in parts for several workers."""

import importlib
import pkgutil
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest

from asgi_conformance import fuzz
from asgi_conformance.dialogue.introduction import NeverServed
from asgi_conformance.dialogue.overheard import Overheard
from asgi_conformance.dialogue.performance import Finding
from asgi_conformance.dialogue.stage import Stage
from asgi_conformance.dialogue.verdict import Verdict
from asgi_conformance.fuzz.machine import Machine
from asgi_conformance.fuzz.reproduction.pasted import pasted
from asgi_conformance.fuzz.running import Campaign, Found
from asgi_conformance.plugin.company import Company, company_key
from asgi_conformance.plugin.items import CheckItem, versions_of
from asgi_conformance.plugin.verdicts import book_key
from asgi_conformance.servers import Choice

PART = 500
"""So many examples are drawn in one item: with several workers, each has some of the items."""


def machines() -> list[Machine]:
    """The machines that come with us."""
    found = []
    for module in pkgutil.iter_modules(fuzz.__path__, f"{fuzz.__name__}."):
        content = vars(importlib.import_module(module.name)).values()
        found += [each for each in content if isinstance(each, Machine)]
    return sorted(found, key=lambda each: each.requirement.id)


def seed_of(config: pytest.Config, part: int) -> str:
    """What decides what is drawn: the same in every run, without the option of Hypothesis' own plugin."""
    return f"{config.getoption('--hypothesis-seed', None) or ''}/{part}"


Thing = TypeVar("Thing")


def keep(item: pytest.Item, found: Iterable[Thing], kept: list[Thing]) -> None:
    """Add all that is found, or what was by the time of an interrupt: then the run stops when that is told.

    Raises KeyboardInterrupt where there is nothing to tell.
    """
    try:
        for each in found:
            kept.append(each)  # one by one, or an interrupt might lose some
    except KeyboardInterrupt as interrupt:
        if not kept:
            raise
        item.session.shouldstop = str(interrupt) or type(interrupt).__name__


class Fuzzing(pytest.Directory):
    """The machines, for each server and version."""

    def collect(self) -> Iterator["FuzzItem"]:
        """The parts of each machine."""
        wanted: int = self.config.getoption("asgi_examples")
        for machine in machines():
            examples = wanted if machine.most is None else min(wanted, machine.most)
            for choice in self.config.stash[company_key].choices:
                for version in machine.versions(versions_of(choice)):
                    for part, first in enumerate(range(0, examples, PART), 1):
                        name = f"{machine.requirement.id}[{choice.label}-{version}-{part}]"
                        yield FuzzItem.from_parent(
                            self,
                            name=name,
                            nodeid=f"{self.nodeid}::{name}",
                            check=machine,
                            choice=choice,
                            version=version,
                            part=part,
                            examples=min(PART, examples - first),
                        )


@dataclass(frozen=True)
class Servers:
    """The stages of a campaign, as the company of the run has them."""

    company: Company
    choice: Choice
    version: str

    def ready(self) -> Stage:
        """The stage whose server serves. Raises NeverServed."""
        return self.company.serves(self.choice, self.version)

    def renewed(self) -> Stage:
        """The same with a fresh server. Raises NeverServed."""
        return self.company.renews(self.choice, self.version)

    def serves_websocket(self) -> bool:
        """Does it serve WebSocket over this version? Raises NeverServed."""
        return self.ready().facts.websocket.get(self.version, False)


class FuzzItem(CheckItem):
    """A part of the examples of one machine on one server over one HTTP version."""

    def __init__(self, *, check: Machine, part: int, examples: int, **others: Any) -> None:
        super().__init__(check=check, **others)
        self.machine = check
        self.part = part
        self.examples = examples

    def finds(self) -> Finding:
        """Draw and play the examples, and tell what was found."""
        company = self.config.stash[company_key]
        servers = Servers(company, self.choice, self.version)
        known = company.convicted(self.choice, self.version)
        known.update(self.config.stash[book_key].baseline.broken_by(self.choice.label, self.version))
        campaign = Campaign(
            self.machine,
            servers,
            self.version,
            f"{self.machine.requirement.id}/{self.choice.label}/{self.version}",
            self.examples,
            seed_of(self.config, self.part),
            known,
            self._folder(),
        )
        found: list[Found] = []
        try:
            if self.machine.needs_websocket and not servers.serves_websocket():
                return self._finding(Verdict.UNSUPPORTED, "the server does not serve WebSocket")
            if self.machine.needs_a_new_server and not servers.ready().facts.lifespan:
                why = "the server does not call the application for lifespan"
                return self._finding(Verdict.UNSUPPORTED, why)
            keep(self, campaign.found(), found)
        except NeverServed as reason:
            return self._tells_of_a_part(found, str(reason), reason.transcript, reason.log)
        if self.session.shouldstop:
            return self._tells_of_a_part(found, f"interrupted after {campaign.played} scripts")
        return self._tells_of(found)

    def _folder(self) -> Path | None:
        """Where reproducers go: beside the report."""
        reports: Path | None = self.config.stash[book_key].folder
        if reports is None:
            return None
        words = (self.choice.label, self.version, self.machine.requirement.id)
        return reports.joinpath("reproducers", *(re.sub(r"[^\w.-]+", "-", word) for word in words))

    def _finding(self, verdict: Verdict, note: str = "") -> Finding:
        return Finding(self.check, self.version, verdict, note)

    def _tells_of_a_part(self, found: list[Found], why: str, transcript: str = "", log: str = "") -> Finding:
        """What was found before it was cut short, and if that is nothing of the machine's own, why it was."""
        finding = self._tells_of(found)
        if finding.verdict is Verdict.PASS:
            finding.verdict, finding.note, finding.tried = Verdict.ERROR, why, False
            finding.transcript, finding.log = transcript, log
        return finding

    def _tells_of(self, found: list[Found]) -> Finding:
        """What has no requirement of its own is the machine's; all else is told as overheard."""
        finding = self._finding(Verdict.PASS)
        for each in found:
            deviation = each.deviation
            told = f"{pasted(each.script, deviation.requirement)}\n{deviation.transcript}"
            if each.reproducer is not None:
                told += f"\n\nreproduced without us by app.py and client.py in {each.reproducer}"
            is_own = deviation.requirement == self.machine.requirement.id
            if is_own or (each.is_flaky and finding.verdict is Verdict.PASS):
                finding.verdict = Verdict.FLAKY if each.is_flaky else Verdict.FAIL
                finding.note = f"{deviation.requirement}: {deviation.text}"
                finding.transcript, finding.log = told, each.log
            elif not each.is_flaky:
                heard = (deviation.requirement, deviation.text, self.version, self.nodeid, told)
                finding.overheard.append(Overheard(*heard))
        return finding
