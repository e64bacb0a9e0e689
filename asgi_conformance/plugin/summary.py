"""What a person sees of a run: who is on trial, who is on now, what was found; it decides nothing."""

import textwrap
from collections.abc import Generator, Iterator
from typing import Any

import pytest

from asgi_conformance.dialogue.verdict import Verdict
from asgi_conformance.plugin.account import MARKUP, Account, demand, text_of
from asgi_conformance.plugin.company import company_key
from asgi_conformance.plugin.items import CheckItem
from asgi_conformance.plugin.verdicts import Heard, book_key
from asgi_conformance.report.chapters import by_chapter
from asgi_conformance.report.results import Results
from asgi_conformance.report.terminal import Line, chapters_table
from asgi_conformance.spec.requirement import requirement


class Told:
    """The story of a failed check, in the form that pytest's reporters ask for; `brief` shows one line."""

    def __init__(self, account: Account, *, brief: bool = False) -> None:
        self.account = account
        self.brief = brief
        self.reprcrash = Crash(account)

    def __str__(self) -> str:
        return text_of(self.account.story())

    def toterminal(self, writer: Any) -> None:
        """Write it, in colour where there is any."""
        for text, markup in () if self.brief else self.account.story(writer.fullwidth):
            writer.line(text, **markup)


class Crash:
    """Where and why, in one line."""

    def __init__(self, account: Account) -> None:
        self.message = account.note
        self.place = account.place

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


class Summary:
    """The hooks that write to the terminal."""

    def __init__(self, config: pytest.Config) -> None:
        self.book = config.stash[book_key]
        self.choices = config.stash[company_key].choices
        self.verbose = config.get_verbosity() > 0
        self.quiet = config.get_verbosity() < 0
        self.reasons = False
        self.current = ""

    def pytest_report_header(self) -> list[str]:
        """Who is on trial."""
        lines = []
        for each in self.choices:
            lines.append(f"judging {each.label}: {_title(each.name, each.version)}, Python {each.python}")
            if self.verbose:
                lines.append(f"  {each.command}")
        return lines

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> None:
        """Say who is on now, where there are several."""
        if not isinstance(item, CheckItem) or item.choice.label == self.current or len(self.choices) == 1:
            return
        self.current = item.choice.label
        reporter = item.config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None and not self.quiet:
            # Pytest goes to a new line before the next name, but not after the last one.
            reporter.ensure_newline()
            reporter.write(_title(self.current, item.choice.version), bold=True)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_terminal_summary(
        self, terminalreporter: pytest.TerminalReporter, config: pytest.Config
    ) -> Generator[None]:
        """After all that pytest tells: the tables, and what did not fail the run but is to be known."""
        yield
        if config.option.collectonly or not self.book.judged():
            return
        width = terminalreporter._tw.fullwidth
        self.reasons = "s" in terminalreporter.reportchars
        if config.option.tbstyle != "no":
            self._tells_overheard(terminalreporter, width)
        terminalreporter.section("conformance", sep="=")
        for text, markup in [
            *chapters_table(self.book.judged(), level=self.book.level.value),
            *self._remarks(width),
            *self._stale(width),
            *self._farewells(width),
        ]:
            terminalreporter.write_line(text, **markup)
        if self.book.folder is not None:
            terminalreporter.write_line(f"results written to {self.book.folder}")

    def _tells_overheard(self, reporter: pytest.TerminalReporter, width: int) -> None:
        grave = self.book.grave()
        if grave:
            # Counted in the last line, too, which would look as if all were well.
            reporter.stats["overheard"] = grave
            reporter.section("overheard while other requirements were on trial", sep="=")
        for each in grave:
            reporter.section(f"{each.requirement} on {each.label}", sep="_", red=True, bold=True)
            for text, markup in _overheard_story(each, width):
                reporter.write_line(text, **markup)

    def _remarks(self, width: int) -> Iterator[Line]:
        """A line or two for each broken should, with -v for what was seen, with -rs for what is missing."""
        told = [Verdict.FLAKY]
        if not self.book.fails_the_run(Verdict.WARN):
            told.append(Verdict.WARN)
        if self.verbose:
            told.append(Verdict.INFO)
        if self.reasons:
            told.append(Verdict.UNSUPPORTED)
        found: dict[tuple[Verdict, str], list[str]] = {}
        for results in self.book.judged():
            for verdict, text in self._noted(results):
                if verdict in told:
                    found.setdefault((verdict, text), []).append(results.server.label)
        if found:
            yield "", {}
        for verdict, text in sorted(found, key=lambda each: told.index(each[0])):
            who = f" {', '.join(found[verdict, text])}:" if len(self.choices) > 1 else ""
            markup = {name: on for name, on in MARKUP.get(verdict, {}).items() if name != "bold"}
            yield from _paragraph(f"{verdict}{who} {text}", width, markup)

    def _noted(self, results: Results) -> Iterator[tuple[Verdict, str]]:
        """All verdicts of a server with what is to be said about each, in the order of the catalogue."""
        heard = {(each.label, each.requirement, each.version) for each in self.book.overheard()}
        for identifier in (each for chapter in by_chapter([results]).values() for each in chapter):
            judgement = results.requirements[identifier]
            for version, verdict in sorted(judgement.verdicts.items()):
                where = "overheard: " if (results.server.label, identifier, version) in heard else ""
                note = "; ".join(judgement.note(version).splitlines())
                yield verdict, f"{identifier} ({version}): {where}{note}"

    def _stale(self, width: int) -> Iterator[Line]:
        """What stands in the baseline, and is not so."""
        for each in self.book.stale:
            of = ", ".join(each.servers) or "every server"
            text = f"stale in the baseline: {each.requirement} of {of} is not broken in this run"
            yield from _paragraph(f"{text} ({each.reason})", width, {"red": True})

    def _farewells(self, width: int) -> Iterator[Line]:
        for (label, text), count in self.book.farewells.items():
            often = f" ({count} times)" if count > 1 else ""
            yield from _paragraph(f"{label} {text}{often}", width, {"yellow": True})


def _overheard_story(heard: Heard, width: int) -> list[Line]:
    others = f", and in {len(heard.places) - 1} more" if len(heard.places) > 1 else ""
    lines: list[Line] = [(f"in {heard.places[0]}{others}:", {}), ("", {})]
    lines += [(line, {}) for line in [*heard.transcript.splitlines(), ""]]
    lines += [(f"{heard.verdict}: {heard.note}", MARKUP[heard.verdict]), ("", {})]
    return lines + demand(heard.requirement, str(requirement(heard.requirement).level), width, doubts=True)


def _paragraph(text: str, width: int, markup: dict[str, bool]) -> list[Line]:
    return [(line, markup) for line in textwrap.wrap(text, width, subsequent_indent="  ")]


def _title(name: str, version: str) -> str:
    return f"{name} {version}".rstrip()
