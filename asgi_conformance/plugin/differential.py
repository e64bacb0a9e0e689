"""What pytest collects in the differential mode: each machine on two servers at once."""

from collections.abc import Iterator
from typing import Any

import pytest

from asgi_conformance.dialogue.introduction import NeverServed
from asgi_conformance.fuzz.differential.comparison import Difference, compare
from asgi_conformance.fuzz.differential.side_by_side import side_by_side
from asgi_conformance.fuzz.machine import Machine
from asgi_conformance.plugin.company import company_key
from asgi_conformance.plugin.fuzzing import Servers, keep, machines, seed_of
from asgi_conformance.plugin.items import CheckFailed, versions_of
from asgi_conformance.plugin.verdicts import book_key
from asgi_conformance.spec.requirement import Level, requirement

WIDTH = 110
TOLD = "asgi_differences"


class Comparing(pytest.Directory):
    """The machines, for each version that both servers speak."""

    def collect(self) -> Iterator["Comparison"]:
        """One item for each machine and version."""
        left, right = self.config.stash[company_key].choices
        spoken = [version for version in versions_of(left) if version in versions_of(right)]
        for machine in machines():
            if machine.needs_a_new_server:
                continue  # What is said in lifespans has no answer that two servers would give alike.
            for version in machine.versions(spoken):
                name = f"{machine.requirement.id}[{left.label}|{right.label}-{version}]"
                yield Comparison.from_parent(
                    self, name=name, nodeid=f"{self.nodeid}::{name}", machine=machine, version=version
                )


class Comparison(pytest.Item):
    """The examples of one machine on both servers over one version."""

    def __init__(self, *, machine: Machine, version: str, **others: Any) -> None:
        super().__init__(**others)
        self.machine = machine
        self.version = version
        self.extra_keyword_matches.update((machine.requirement.id, machine.name))

    def runtest(self) -> None:
        """Find the shortest dialogues in which the two differ. One that breaks a must makes the run fail."""
        company = self.config.stash[company_key]
        left, right = (Servers(company, choice, self.version) for choice in company.choices)
        examples: int = self.config.getoption("asgi_examples")
        found: list[Difference] = []
        try:
            if self.machine.needs_websocket and not (left.serves_websocket() and right.serves_websocket()):
                pytest.skip("not both servers serve WebSocket")
            drawn_by = seed_of(self.config, 1)
            keep(self, compare(self.machine, (left, right), self.version, examples, drawn_by), found)
        except NeverServed as reason:
            pytest.fail(str(reason), pytrace=False)
        finally:
            self.user_properties += [(TOLD, side_by_side(each, WIDTH)) for each in found]
        if any(map(self._is_grave, found)):
            raise CheckFailed

    def reportinfo(self) -> tuple[Any, int | None, str]:
        """What is compared."""
        return self.path, None, f"{self.machine.name} over {self.version}"

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The differences are told below, be they faults or not."""
        if isinstance(excinfo.value, CheckFailed):
            return "the two differ, and one of them breaks a requirement: see below"
        return super().repr_failure(excinfo, style)

    def _is_grave(self, difference: Difference) -> bool:
        """Is a must broken that is not known to be?"""
        baseline = self.config.stash[book_key].baseline
        return any(
            requirement(each.requirement).level is Level.MUST
            and each.requirement not in baseline.broken_by(label, self.version)
            for label, each in difference.broken.items()
        )


def tell(reporter: pytest.TerminalReporter) -> None:
    """Print every difference that was found, in any process of the run."""
    reports = [each for key in ("passed", "failed") for each in reporter.stats.get(key, [])]
    for report in reports:
        texts = [text for name, text in report.user_properties if name == TOLD]
        for number, text in enumerate(texts, 1):
            reporter.section(f"{report.nodeid} ({number} of {len(texts)})", sep="_")
            reporter.write_line(str(text))
