"""The pytest plugin: options, what is collected, and what a run prints, writes and exits with."""

import signal
from collections.abc import Generator, Iterator
from pathlib import Path
from types import FrameType

import pytest

import asgi_conformance
from asgi_conformance.dialogue.check import Check
from asgi_conformance.plugin.company import Company, company_key
from asgi_conformance.plugin.items import CheckItem, Suite, items_for
from asgi_conformance.plugin.verdicts import Book, book_key, verdict_of
from asgi_conformance.servers import BadServer, resolve, stop_everything
from asgi_conformance.spec.requirement import Level
from asgi_conformance.wire.connection import Patience

CHECKS = Path(asgi_conformance.__file__).parent / "checks"


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options, as `pytest --help` shows them."""
    group = parser.getgroup("asgi", "conformance of ASGI servers")
    group.addoption(
        "--asgi-server",
        action="append",
        default=[],
        metavar="SERVER",
        help="judge this server (repeatable): a name, name:variant, a name with arguments, a command with "
        "{app} in it, or a file with an adapter; without test paths the bundled checks run",
    )
    group.addoption("--asgi-python", metavar="PATH", help="the interpreter that has the server")
    group.addoption(
        "--asgi-report",
        metavar="DIR",
        type=Path,
        help="write <label>.json for each server and matrix.md there",
    )
    group.addoption(
        "--asgi-level",
        choices=["must", "should"],
        default="must",
        help="what makes the run fail: a broken must, or a broken should as well (default: must)",
    )
    group.addoption(
        "--asgi-patience",
        type=_seconds,
        default=Patience.must,
        metavar="SECONDS",
        help=f"how long to wait for what must come (default: {Patience.must:g})",
    )
    group.addoption(
        "--asgi-silence",
        type=_seconds,
        default=Patience.silence,
        metavar="SECONDS",
        help=f"how long to listen where nothing must come (default: {Patience.silence:g})",
    )


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds < float("inf"):
        raise ValueError(text)
    return seconds


def pytest_configure(config: pytest.Config) -> None:
    """Resolve the servers; every mistake in the options ends the run here with exit status 4."""
    wanted: list[str] = config.getoption("asgi_server")
    if not wanted:
        return
    try:
        choices = [resolve(text, config.getoption("asgi_python")) for text in dict.fromkeys(wanted)]
    except BadServer as error:
        raise pytest.UsageError(str(error)) from error
    patience = Patience(config.getoption("asgi_patience"), config.getoption("asgi_silence"))
    config.stash[company_key] = Company(choices, patience)
    config.stash[book_key] = Book(choices, Level(config.getoption("asgi_level")), _writable(config))
    if config.args_source is not pytest.Config.ArgsSource.ARGS:
        config.args = [str(CHECKS)]
    # An end by SIGTERM is to be as orderly as one by Ctrl-C: results are written, servers are stopped.
    signal.signal(signal.SIGTERM, _interrupts)


def _interrupts(signum: int, _: FrameType | None) -> None:
    raise KeyboardInterrupt(signal.Signals(signum).name)


def _writable(config: pytest.Config) -> Path | None:
    folder: Path | None = config.getoption("asgi_report")
    if folder is None:
        return None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / ".asgi-conformance").touch()
        (folder / ".asgi-conformance").unlink()
    except OSError as error:
        raise pytest.UsageError(f"--asgi-report: {folder} cannot be written to: {error.strerror}") from error
    return folder.absolute()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing behind, however the run ended."""
    if company_key in config.stash:
        config.stash[company_key].close()
        stop_everything()


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Who is on trial."""
    if book_key not in config.stash:
        return []
    return config.stash[book_key].header()


def pytest_collect_directory(path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """The folder of the bundled checks is a suite, wherever it is installed."""
    if path == CHECKS and company_key in parent.config.stash:
        return Suite.from_parent(parent, path=path, nodeid="checks")
    return None


def pytest_pycollect_makeitem(collector: pytest.Module | pytest.Class, obj: object) -> object:
    """A check in anybody's own test file runs on the servers of this run."""
    if isinstance(obj, Check) and company_key in collector.config.stash:
        return list(items_for(collector, [obj]))
    return None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One server after another, each started once."""
    order = {label: number for number, label in enumerate(dict.fromkeys(_labels(items)))}
    items.sort(key=lambda item: order[item.choice.label] if isinstance(item, CheckItem) else -1)


def _labels(items: list[pytest.Item]) -> Iterator[str]:
    return (item.choice.label for item in items if isinstance(item, CheckItem))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(
    item: pytest.Item, nextitem: pytest.Item | None
) -> Generator[None, object, object]:
    """Start what the next check needs while this one is judged."""
    if isinstance(item, CheckItem):
        following = nextitem if isinstance(nextitem, CheckItem) else None
        item.config.stash[company_key].looks_ahead(
            item.choice,
            following.choice if following else None,
            anew=following is not None and following.check.needs_a_new_server,
        )
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """What came of a check, for the terminal, the results and other reporters."""
    report = yield
    if isinstance(item, CheckItem) and report.when == "call" and item.finding is not None:
        item.tells(report)
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_report_teststatus(report: pytest.TestReport | pytest.CollectReport) -> tuple[str, str, str] | None:
    """The letters of the verdicts that pytest has none for."""
    return verdict_of(report)


class _Listener:
    """Hears every report where the results are kept: in the one process, or where xdist gathers them."""

    def __init__(self, book: Book) -> None:
        self.book = book

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.book.takes(report)


def pytest_sessionstart(session: pytest.Session) -> None:
    """Begin to keep results, unless another process does."""
    config = session.config
    if book_key in config.stash and not hasattr(config, "workerinput"):
        config.pluginmanager.register(_Listener(config.stash[book_key]), "asgi-conformance-listener")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the results, also of a run that was cut short; a broken requirement decides the exit status."""
    config = session.config
    if company_key in config.stash:
        config.stash[company_key].close()
    if book_key not in config.stash or hasattr(config, "workerinput"):
        return
    book = config.stash[book_key]
    book.writes()
    if session.exitstatus == pytest.ExitCode.OK and book.is_broken():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """The verdicts by chapter, and the matrix when several servers were judged."""
    if book_key in config.stash and not config.option.collectonly:
        config.stash[book_key].summarises(terminalreporter)
