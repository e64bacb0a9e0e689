"""The pytest plugin: its options. All else is loaded only by a run that names a server."""

import sys
from pathlib import Path

import pytest

SKIPPED = pytest.StashKey[int]()
"""How many checks were found in test files while no server was named."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options, as `pytest --help` shows them."""
    group = parser.getgroup("asgi", "conformance of ASGI servers")
    _options_of_servers(group)
    _options_of_dialogues(group)


def _options_of_servers(group: pytest.OptionGroup) -> None:
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
        "--asgi-baseline",
        metavar="FILE",
        type=Path,
        help="known deviations, each with a reason, that do not make the run fail; one that is over does",
    )
    group.addoption(
        "--asgi-level",
        choices=["must", "should"],
        default="must",
        help="what makes the run fail: a broken must, or a broken should as well (default: must)",
    )


def _options_of_dialogues(group: pytest.OptionGroup) -> None:
    group.addoption(
        "--asgi-patience",
        type=seconds,
        default=5.0,
        metavar="SECONDS",
        help="how long to wait for what must come (default: 5)",
    )
    group.addoption(
        "--asgi-silence",
        type=seconds,
        default=0.3,
        metavar="SECONDS",
        help="how long to listen where nothing must come (default: 0.3)",
    )
    group.addoption(
        "--asgi-examples",
        type=number,
        default=0,
        metavar="N",
        help="fuzz: so many examples for each machine on each server (default: 0, no fuzzing)",
    )
    group.addoption(
        "--asgi-differential",
        action="store_true",
        help="play what is drawn on two servers, and tell the shortest dialogues in which they differ",
    )


def number(text: str) -> int:
    """A number of things, 0 or more. Raises ValueError."""
    value = int(text)
    if value < 0:
        raise ValueError(text)
    return value


def seconds(text: str) -> float:
    """A positive number. Raises ValueError."""
    value = float(text)
    if not 0 < value < float("inf"):
        raise ValueError(text)
    return value


def pytest_configure(config: pytest.Config) -> None:
    """Get ready to judge, if a server is named; every mistake in the options ends the run with status 4."""
    if config.getoption("asgi_server"):
        from asgi_conformance.plugin import judging

        judging.begin(config)


def pytest_pycollect_makeitem(collector: pytest.Collector, obj: object) -> object:
    """A check in anybody's own test file runs on the servers of this run."""
    # Where that module was not loaded there can be no check.
    known = sys.modules.get("asgi_conformance.dialogue.check")
    if known is None or not isinstance(obj, known.Check):
        return None
    if not collector.config.getoption("asgi_server"):
        collector.config.stash[SKIPPED] = collector.config.stash.get(SKIPPED, 0) + 1
        return []
    from asgi_conformance.plugin.items import items_for

    return list(items_for(collector, [obj]))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say what was left out, and in what two servers differ."""
    if config.getoption("asgi_differential"):
        from asgi_conformance.plugin import differential

        differential.tell(terminalreporter)
    if count := config.stash.get(SKIPPED, 0):
        terminalreporter.write_line(
            f"conformance checks left out: {count}; --asgi-server names the server to judge", yellow=True
        )
