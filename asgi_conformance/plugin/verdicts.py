"""What became of the servers of a run: results are kept, counted, written and shown."""

from collections.abc import Sequence
from pathlib import Path

import pytest

import asgi_conformance
from asgi_conformance.dialogue.verdict import Verdict
from asgi_conformance.report.matrix import matrix
from asgi_conformance.report.results import Results, ServerFacts
from asgi_conformance.report.terminal import chapters_table
from asgi_conformance.servers import Choice
from asgi_conformance.spec.requirement import Level, requirement

book_key = pytest.StashKey["Book"]()
LETTERS = {
    Verdict.WARN: ("warn", "w", ("WARN", {"yellow": True})),
    Verdict.INFO: ("info", "i", ("INFO", {"cyan": True})),
    Verdict.UNSUPPORTED: ("unsupported", "u", ("UNSUPPORTED", {"light": True})),
    Verdict.FLAKY: ("flaky", "~", ("FLAKY", {"yellow": True})),
}
BREACHES = {Level.MUST: Verdict.FAIL, Level.SHOULD: Verdict.WARN, Level.MAY: Verdict.INFO}


def verdict_of(report: pytest.TestReport | pytest.CollectReport) -> tuple[str, str, str] | None:
    """Category, letter and word of a check's report, or None where pytest's own are right."""
    about = getattr(report, "asgi", None)
    if about is None or report.outcome == "failed":
        return None
    return LETTERS.get(Verdict(about["verdict"]))  # type: ignore[return-value]  # pytest takes markup beside the word


class Book:
    """The results of every server of a run."""

    def __init__(self, choices: Sequence[Choice], level: Level, folder: Path | None) -> None:
        self.level = level
        self.folder = folder
        self.results = {
            choice.label: Results(
                ServerFacts(choice.label, choice.name, choice.version, choice.python, choice.command)
            )
            for choice in choices
        }

    def header(self) -> list[str]:
        """A line for each server on trial."""
        lines = [f"asgi-conformance {asgi_conformance.__version__}"]
        for each in self.results.values():
            version = f" {each.server.version}" if each.server.version else ""
            lines.append(
                f"judging {each.server.label}: {each.server.name}{version}, Python {each.server.python}"
            )
        return lines

    def fails_the_run(self, verdict: Verdict) -> bool:
        """Does a check with this verdict count as failed?"""
        strict = (Verdict.WARN,) if self.level is Level.SHOULD else ()
        return verdict in (Verdict.FAIL, Verdict.ERROR, *strict)

    def takes(self, report: pytest.TestReport) -> None:
        """Keep what a report tells about a server."""
        about = getattr(report, "asgi", None)
        if about is None:
            return
        results, version = self.results[about["label"]], about["version"]
        results.adds(
            about["requirement"],
            version,
            Verdict(about["verdict"]),
            level=Level(about["level"]).value,
            note=about["note"],
        )
        for identifier, text in about["overheard"]:
            level = requirement(identifier).level
            results.adds(identifier, version, BREACHES[level], level=level.value, note=text)

    def is_broken(self) -> bool:
        """Is any requirement broken that makes the run fail?"""
        return any(results.broken(self.level.value) for results in self.results.values())

    def judged(self) -> list[Results]:
        """The results of the servers that anything is known of."""
        return [results for results in self.results.values() if results.requirements]

    def writes(self) -> None:
        """Write the JSON of each server, and the matrix, when a folder was given."""
        if self.folder is None:
            return
        for results in self.judged():
            results.write(self.folder)
        if self.judged():
            (self.folder / "matrix.md").write_text(matrix(self.judged()), encoding="utf-8")

    def summarises(self, reporter: pytest.TerminalReporter) -> None:
        """The table of verdicts by chapter, or the matrix of several servers."""
        if not self.judged():
            return
        reporter.section("conformance", sep="=")
        for text, markup in chapters_table(self.judged()):
            reporter.write_line(text, **markup)
        if self.folder is not None:
            reporter.write_line(f"results written to {self.folder}")
