"""A run that judges servers: what is collected, what is kept, and how it ends. The hooks of pytest."""

import signal
import threading
from collections import Counter
from collections.abc import Generator, Iterable
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any

import pytest

from asgi_conformance.plugin.account import Account
from asgi_conformance.plugin.company import Company, company_key
from asgi_conformance.plugin.items import CHECKS, CheckItem, Suite, bundled, count_on
from asgi_conformance.plugin.summary import Summary, Told
from asgi_conformance.plugin.verdicts import Book, book_key, status_of
from asgi_conformance.report.baseline import BadBaseline, Baseline
from asgi_conformance.servers import BadServer, Choice, resolve, stop_everything
from asgi_conformance.spec.requirement import Level
from asgi_conformance.wire.connection import Patience

FAREWELLS = "asgi_farewells"
FUZZ = "fuzz"
"""The chapter of what is drawn."""
MACHINES = CHECKS.parent / "fuzz"
ENDING_SIGNALS = (signal.SIGTERM, signal.SIGHUP)


def begin(config: pytest.Config) -> None:
    """Resolve the servers and take part in the run. Raises UsageError."""
    if config.getoption("asgi_examples") and find_spec("hypothesis") is None:
        raise pytest.UsageError("--asgi-examples needs Hypothesis: pip install 'asgi-conformance[fuzz]'")
    _look_at_differential(config)
    try:
        texts = dict.fromkeys(config.getoption("asgi_server"))
        choices = _distinct(resolve(text, config.getoption("asgi_python")) for text in texts)
    except BadServer as error:
        raise pytest.UsageError(str(error)) from error
    patience = Patience(config.getoption("asgi_patience"), config.getoption("asgi_silence"))
    together = config.getoption("asgi_differential")
    config.stash[company_key] = Company(choices, patience, together=together)
    level = Level(config.getoption("asgi_level"))
    config.stash[book_key] = Book(choices, level, _report_folder(config), _baseline(config))
    config.pluginmanager.register(Judging(config), "asgi-conformance-judging")
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Summary(config), "asgi-conformance-summary")


def _look_at_differential(config: pytest.Config) -> None:
    """Two servers, and something to draw. Raises UsageError."""
    if not config.getoption("asgi_differential"):
        return
    if len({*config.getoption("asgi_server")}) != 2:
        raise pytest.UsageError("--asgi-differential compares two servers: give --asgi-server twice")
    if not config.getoption("asgi_examples"):
        raise pytest.UsageError("--asgi-differential plays what is drawn: --asgi-examples tells how much")


def _distinct(choices: Iterable[Choice]) -> list[Choice]:
    """The same choices, with a number in the label of those that would be called alike."""
    taken: Counter[str] = Counter()
    found = []
    for choice in choices:
        taken[choice.label] += 1
        number = taken[choice.label]
        found.append(choice if number == 1 else replace(choice, label=f"{choice.label} ({number})"))
    return found


def _report_folder(config: pytest.Config) -> Path | None:
    """The folder for the results, tried before anything runs. Raises UsageError."""
    folder: Path | None = config.getoption("asgi_report")
    if folder is None:
        return None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        trial = folder / ".asgi-conformance"
        trial.touch()
        trial.unlink(missing_ok=True)
    except OSError as error:
        raise pytest.UsageError(f"--asgi-report: {folder} cannot be written to: {error.strerror}") from error
    return folder.absolute()


def _baseline(config: pytest.Config) -> Baseline:
    """What is known of the servers. Raises UsageError."""
    path: Path | None = config.getoption("asgi_baseline")
    try:
        return Baseline() if path is None else Baseline.read(path)
    except BadBaseline as error:
        raise pytest.UsageError(f"--asgi-baseline: {error}") from error


class Judging:
    """What happens between pytest and the servers of a run, in every process of it."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.company = config.stash[company_key]
        self.book = config.stash[book_key]
        self.wanted: list[str] = []
        self.held: Counter[tuple[str, str]] = Counter()
        self._handlers: dict[signal.Signals, Any] = {}
        self._choose_checks()
        self._be_orderly()

    @property
    def keeps_the_book(self) -> bool:
        """Is this the process where the reports of all come together?"""
        return not hasattr(self.config, "workerinput")

    def _choose_checks(self) -> None:
        """Without test paths the bundled checks run; a node id of theirs may stand for a path."""
        own = [str(MACHINES)] if self.config.getoption("asgi_examples") else []
        if not self.config.getoption("asgi_differential"):
            own.insert(0, str(CHECKS))
        if self.config.args_source is not pytest.Config.ArgsSource.ARGS:
            self.config.args = own
            return
        chapters = [*bundled(), FUZZ]
        given = self.config.args
        self.wanted = [each for each in given if each.partition("::")[0] in chapters and not _exists(each)]
        if self.wanted:
            self.config.args = [*(each for each in given if each not in self.wanted), *own]

    def _be_orderly(self) -> None:
        """An end by signal is to be like one by Ctrl-C: results are written, servers are stopped."""
        if threading.current_thread() is not threading.main_thread():
            return
        for signum in ENDING_SIGNALS:
            if signal.getsignal(signum) is signal.SIG_DFL:
                self._handlers[signum] = signal.signal(signum, _interrupts)

    def pytest_unconfigure(self) -> None:
        """Leave nothing behind, however the run ended."""
        self.company.close(at_once=True)
        stop_everything()
        for signum, handler in self._handlers.items():
            signal.signal(signum, handler)

    # What is collected

    def pytest_collect_directory(self, path: Path, parent: pytest.Collector) -> pytest.Collector | None:
        """The folder of the bundled checks is a suite, wherever it is installed, and that of the machines."""
        if path == CHECKS:
            return Suite.from_parent(parent, path=path, nodeid="checks")
        if path == MACHINES and self.config.getoption("asgi_differential"):
            # Hypothesis is there when it is asked for.
            from asgi_conformance.plugin.differential import Comparing

            return Comparing.from_parent(parent, path=path, nodeid=FUZZ)
        if path == MACHINES and self.config.getoption("asgi_examples"):
            from asgi_conformance.plugin.fuzzing import Fuzzing

            return Fuzzing.from_parent(parent, path=path, nodeid=FUZZ)
        return None

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Those that were asked for, one server after another, each started once."""
        labels = [choice.label for choice in self.company.choices]
        items.sort(key=lambda item: labels.index(item.choice.label) if isinstance(item, CheckItem) else -1)
        if self.wanted:
            missing = [each for each in self.wanted if not any(_is_meant(item, [each]) for item in items)]
            if missing:
                raise pytest.UsageError(f"there is no check {', '.join(missing)}")
            items[:] = [item for item in items if not _is_bundled(item) or _is_meant(item, self.wanted)]

    # What is judged

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(
        self, item: pytest.Item, nextitem: pytest.Item | None
    ) -> Generator[None, object, object]:
        """Start what the next check needs while this one is judged."""
        if isinstance(item, CheckItem):
            soon = [each for each in (item, nextitem) if isinstance(each, CheckItem)]
            self.company.looks_ahead(*((each.check, each.choice, each.version) for each in soon))
        return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """What came of a check, for the terminal, the results and other reporters."""
        report = yield
        if isinstance(item, CheckItem) and report.when == "call":
            item.tells(report)
        return report

    @pytest.hookimpl(tryfirst=True)
    def pytest_report_teststatus(
        self, report: pytest.TestReport | pytest.CollectReport
    ) -> tuple[str, str, Any] | None:
        """The letters of the verdicts that pytest has none for."""
        return status_of(report)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep what is told, where the reports of all processes come together."""
        account = Account.on(report)
        if account is not None and self.keeps_the_book:
            self.book.takes(account, report.nodeid)
            self.held[account.label, report.nodeid.partition("::")[0]] += 1
            if report.failed:
                # What crossed a process is plain text; this is told as well as it can be.
                report.longrepr = Told(  # type: ignore[assignment]  # it can all that reporters ask for
                    account, brief=self.config.option.tbstyle == "line"
                )

    # The end

    @pytest.hookimpl(tryfirst=True)
    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Let an interrupt be told that met an instruction of no line: pytest counts on a line everywhere."""
        excinfo.value.__suppress_context__ = True  # what was handled just then is not why we end
        excinfo.traceback = type(excinfo.traceback)(_with_lines(excinfo.tb))

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write the results, also of a run that was cut short; what is broken decides the exit status."""
        if self.keeps_the_book:
            # Without a baseline nobody asks, and where workers judge, no check need be loaded here.
            judged = self.company.choices if self.book.baseline.known else ()
            self.book.closes(each.label for each in judged if self._is_whole(each))
            if session.exitstatus == pytest.ExitCode.OK and self.book.is_broken():
                session.exitstatus = pytest.ExitCode.TESTS_FAILED
        self.company.close(at_once=session.exitstatus == pytest.ExitCode.INTERRUPTED)
        farewells = [[*key, count] for key, count in self.company.farewells.items()]
        if self.keeps_the_book:
            self.book.says_farewell(farewells)
        else:
            self.config.workeroutput[FAREWELLS] = farewells  # type: ignore[attr-defined]

    def _is_whole(self, choice: Choice) -> bool:
        """Was every bundled check held on this server?"""
        return sum(self.held[choice.label, chapter] for chapter in bundled()) == count_on(choice)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """What a worker of xdist has to say at its end."""
        self.book.says_farewell(getattr(node, "workeroutput", {}).get(FAREWELLS, []))


def _interrupts(signum: int, _: FrameType | None) -> None:
    raise KeyboardInterrupt(signal.Signals(signum).name)


def _with_lines(places: TracebackType) -> TracebackType:
    """The same places, where one that has no line is told by the first one of its code."""
    chain = [places]
    while (further := chain[-1].tb_next) is not None:
        chain.append(further)
    told: TracebackType | None = None
    for each in reversed(chain):
        line = each.tb_lineno or each.tb_frame.f_code.co_firstlineno
        told = TracebackType(told, each.tb_frame, each.tb_lasti, line)
    assert told is not None
    return told


def _exists(argument: str) -> bool:
    return Path(argument.partition("::")[0]).exists()


def _is_bundled(item: pytest.Item) -> bool:
    return isinstance(item, CheckItem) and not isinstance(item.parent, pytest.Module)


def _is_meant(item: pytest.Item, wanted: Iterable[str]) -> bool:
    """Is this the check, or does it belong to the chapter, that one of these node ids names?"""
    own = {item.nodeid, item.nodeid.partition("[")[0], item.nodeid.partition("::")[0]}
    return not own.isdisjoint(wanted)
