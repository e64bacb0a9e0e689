"""What pytest collects: each check, once for every server and HTTP version."""

import importlib
import pkgutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from asgi_conformance import checks
from asgi_conformance.dialogue.check import Check
from asgi_conformance.dialogue.performance import Finding
from asgi_conformance.dialogue.verdict import Verdict
from asgi_conformance.plugin.company import company_key
from asgi_conformance.plugin.told import told
from asgi_conformance.plugin.verdicts import book_key
from asgi_conformance.servers import Choice

CLIENTS = ("http/1.1",)
"""The HTTP versions that we have a client for."""


class CheckFailed(Exception):
    """Carries a finding through pytest; what is printed comes from the item."""


def bundled() -> dict[str, list[Check]]:
    """The checks that come with us, by the name of their module, in the order in which they are written."""
    found = {}
    for module in pkgutil.walk_packages(checks.__path__, f"{checks.__name__}."):
        content = vars(importlib.import_module(module.name)).values()
        own = [each for each in content if isinstance(each, Check)]
        if own:
            found[module.name.removeprefix(f"{checks.__name__}.")] = own
    return found


class Suite(pytest.Directory):
    """The bundled checks."""

    def collect(self) -> Iterator[pytest.Collector]:
        """One chapter for each module of checks."""
        for name, own in bundled().items():
            yield Chapter.from_parent(self, name=name, path=self.path, nodeid=name, checks=own)


class Chapter(pytest.Collector):
    """The checks of one module."""

    def __init__(self, *, checks: list[Check], path: Path, **others: Any) -> None:
        super().__init__(path=path, **others)
        self.checks = checks

    def collect(self) -> Iterator["CheckItem"]:
        """Each check for each server and version."""
        return items_for(self, self.checks)


def items_for(parent: pytest.Collector, found: Iterable[Check]) -> Iterator["CheckItem"]:
    """The items of these checks for every server of the run."""
    for each in found:
        for choice in parent.config.stash[company_key].choices:
            spoken = [version for version in CLIENTS if version in choice.adapter.speaks]
            for version in each.versions(spoken):
                name = f"{each.requirement.id}[{choice.label}-{version}]"
                yield CheckItem.from_parent(parent, name=name, check=each, choice=choice, version=version)


class CheckItem(pytest.Item):
    """One check on one server over one HTTP version."""

    def __init__(self, *, check: Check, choice: Choice, version: str, **others: Any) -> None:
        super().__init__(**others)
        self.check = check
        self.choice = choice
        self.version = version
        self.finding: Finding | None = None
        self.extra_keyword_matches.update((check.requirement.id, check.name, choice.label))

    def runtest(self) -> None:
        """Hold the dialogue."""
        self.finding = self.config.stash[company_key].performs(self.check, self.choice, self.version)
        if self.config.stash[book_key].fails_the_run(self.finding.verdict):
            raise CheckFailed

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where the check is written."""
        code = self.check.function.__code__
        return Path(code.co_filename), code.co_firstlineno - 1, self.name

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The transcript, the verdict, the requirement and its link, and what the server printed."""
        if self.finding is None or not isinstance(excinfo.value, CheckFailed):
            return super().repr_failure(excinfo, style)
        return told(self.finding, self.choice.label)

    def tells(self, report: pytest.TestReport) -> None:
        """Put the finding into pytest's report, in plain values that cross a process."""
        finding = self.finding
        assert finding is not None
        report.asgi = {  # type: ignore[attr-defined]  # a report carries what plugins give it
            "label": self.choice.label,
            "requirement": self.check.requirement.id,
            "version": self.version,
            "verdict": str(finding.verdict),
            "level": str(self.check.level),
            "note": finding.note,
            "overheard": [(each.requirement, each.text) for each in finding.overheard],
        }
        report.user_properties.append(("verdict", str(finding.verdict)))
        report.sections.append(("dialogue", told(finding, self.choice.label)))
        if finding.verdict is Verdict.UNSUPPORTED:
            report.outcome = "skipped"
            report.longrepr = (str(self.reportinfo()[0]), self.reportinfo()[1] + 1, finding.note)
