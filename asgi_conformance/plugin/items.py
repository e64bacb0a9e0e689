"""What pytest collects: each check, once for every server and HTTP version."""

import importlib
import pkgutil
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from asgi_conformance import checks, extensions
from asgi_conformance.dialogue.check import WITHOUT_VERSION, Check
from asgi_conformance.dialogue.dialogue import ROLES, is_role
from asgi_conformance.dialogue.performance import Finding
from asgi_conformance.dialogue.verdict import Verdict
from asgi_conformance.dialogue.wire_end import WIRES
from asgi_conformance.plugin.account import Account, text_of
from asgi_conformance.plugin.company import company_key
from asgi_conformance.plugin.verdicts import book_key
from asgi_conformance.servers import QUIC, Choice, NoSetting

CHECKS = Path(checks.__path__[0])


def count_on(choice: Choice) -> int:
    """How many items the bundled checks are on this server."""
    spoken = versions_of(choice)
    return sum(len(list(each.versions(spoken))) for own in bundled().values() for each in own)


class CheckFailed(Exception):
    """Says that a finding makes the run fail; what is printed comes from the item."""


@cache
def bundled() -> dict[str, list[Check]]:
    """The checks that come with us, by the name of their module, in the order in which they are written."""
    found = {}
    for package in (checks, extensions):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            content = vars(importlib.import_module(module.name)).values()
            own = [each for value in content for each in _several(value) if isinstance(each, Check)]
            if own:
                found[module.name.removeprefix(f"{package.__name__}.")] = own
    return found


def _several(value: object) -> tuple[object, ...]:
    """What a module has made of declarations is in a tuple."""
    return value if isinstance(value, tuple) else (value,)


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
    """The items of these checks for every server of the run. Raises CollectError for an unknown role."""
    judged = [(choice, versions_of(choice)) for choice in parent.config.stash[company_key].choices]
    for each in found:
        for name in each.actors:
            if not is_role(name):
                raise parent.CollectError(
                    f"{each.source}: {each.name} asks for {name!r}, but the roles are {ROLES}"
                )
        if len(each.settings) > 1:
            asked = ", ".join(name for name in each.actors if name.endswith("client"))
            raise parent.CollectError(
                f"{each.source}: {each.name} asks for clients of several servers: {asked}"
            )
        for choice, spoken in judged:
            for version in each.versions(spoken):
                name = f"{each.requirement.id}[{choice.label}-{version}]"
                # Given whole, or pytest does not see the bracket in it, and --lf would find nothing again.
                nodeid = f"{parent.nodeid}::{name}"
                yield CheckItem.from_parent(
                    parent, name=name, nodeid=nodeid, check=each, choice=choice, version=version
                )


def versions_of(choice: Choice) -> list[str]:
    """The versions of HTTP over which a server is judged.

    HTTP/3 alone takes longer than all the rest, as little of what a server keeps open is closed there. So
    it is judged where it is asked for, in a setting of its own (`hypercorn:quic`), and nothing else there.
    """
    return [each for each in spoken_by(choice) if (each == "http/3") is (QUIC in choice.settings)]


def spoken_by(choice: Choice) -> list[str]:
    """The versions of HTTP that both of us speak."""
    return [version for version in WIRES if version in choice.speaks and _has_a_place(choice, version)]


def _has_a_place(choice: Choice, version: str) -> bool:
    try:
        choice.over(version)
    except NoSetting:
        return False
    return True


class CheckItem(pytest.Item):
    """One check on one server over one HTTP version."""

    def __init__(self, *, check: Check, choice: Choice, version: str, **others: Any) -> None:
        super().__init__(**others)
        self.check = check
        self.choice = choice
        self.version = version
        self.finding: Finding | None = None
        words = (check.requirement.id, check.requirement.chapter, check.name, choice.label)
        self.extra_keyword_matches.update(words)

    def runtest(self) -> None:
        """Hold the dialogue."""
        self.finding = self.finds()
        self.user_properties.append(("verdict", str(self.finding.verdict)))
        fails = self.config.stash[book_key].fails_the_run(self.finding.verdict)
        if fails and self._forgiven() is None:
            raise CheckFailed

    def finds(self) -> Finding:
        """What comes of it."""
        return self.config.stash[company_key].performs(self.check, self.choice, self.version)

    def _forgiven(self) -> str | None:
        """Why what was found need not fail the run, though it would."""
        assert self.finding is not None
        requirement, verdict = self.check.requirement.id, self.finding.verdict
        return self.config.stash[book_key].forgives(requirement, self.choice.label, self.version, verdict)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where the check is written, and its name as a headline."""
        code = self.check.function.__code__
        over = "" if self.version == WITHOUT_VERSION else f" over {self.version}"
        headline = f"{self.check.requirement.id} on {self.choice.label}{over}"
        return Path(code.co_filename), code.co_firstlineno - 1, headline

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The story of the check."""
        if self.finding is None or not isinstance(excinfo.value, CheckFailed):
            return super().repr_failure(excinfo, style)
        return text_of(Account.of(self.check, self.choice, self.finding).story())

    def tells(self, report: pytest.TestReport) -> None:
        """Put the finding into pytest's report, in plain values that cross a process."""
        if self.finding is None:
            return
        account = Account.of(self.check, self.choice, self.finding)
        report.asgi = account.carried()  # type: ignore[attr-defined]  # a report carries what plugins give it
        if self.finding.verdict is Verdict.UNSUPPORTED or not self.finding.tried:
            file, line, _ = self.reportinfo()
            report.outcome = "skipped"
            report.longrepr = (str(file), line + 1, f"Skipped: {account.note}")
        elif report.outcome != "failed":
            # Shown by -rP, and by -rx.
            report.sections.append(("dialogue", text_of(account.story())))
            if reason := self._forgiven():
                report.outcome, report.wasxfail = "skipped", reason  # as pytest tells what is known to fail
