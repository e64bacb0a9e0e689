"""Runs that fuzz: what is drawn is a chapter beside the checks, and what it finds is told and kept."""

import signal

import pytest
from running import MINIMAL, Judge, Run

FUZZ = "fuzz.http"
PROFILE = """
from hypothesis import settings
from hypothesis.database import DirectoryBasedExampleDatabase

settings.register_profile("shared", database=DirectoryBasedExampleDatabase("shared"))
settings.load_profile("shared")
"""
TELLING = """
from hypothesis import settings
from hypothesis.database import InMemoryExampleDatabase


class Telling(InMemoryExampleDatabase):
    def fetch(self, key):
        for each in super().fetch(key):
            if not key.endswith(b".secondary"):
                print("what was found is tried first", flush=True)
            yield each


settings.register_profile("telling", database=Telling())
settings.load_profile("telling")
"""
"""It is searched on when all that was found before has been tried again."""
ENOUGH = 1000
"""So many examples, which two processes share, that something is found of what uvicorn takes for right."""


def warned_of(run: Run) -> list[str]:
    """What was found that is no must."""
    return [name for name, told in run.results().items() if "warn" in told["verdicts"].values()]


def test_a_good_server_is_found_to_be_one(judge: Judge) -> None:
    run = judge("--asgi-report=reports", "--asgi-examples=10", f"-k={FUZZ}", "fuzz", servers=["uvicorn:h11"])
    assert run.status == 0
    assert run.results()[FUZZ]["verdicts"] == {"http/1.1": "pass"}


def test_without_examples_nothing_is_drawn(judge: Judge) -> None:
    assert judge(f"-k={FUZZ}").status == pytest.ExitCode.NO_TESTS_COLLECTED


def test_two_processes_share_what_they_find(judge: Judge) -> None:
    (judge.folder / "conftest.py").write_text(PROFILE)
    for examples in (ENOUGH, 1):
        run = judge(
            "--asgi-report=reports", f"--asgi-examples={examples}", "-n2", f"-k={FUZZ}", "fuzz",
            servers=["uvicorn"],
        )  # fmt: skip
        assert warned_of(run)
    assert any((judge.folder / "shared").iterdir())
    assert any((judge.folder / "reports" / "reproducers").rglob("client.py"))


def test_what_is_known_is_not_looked_for_again(judge: Judge) -> None:
    (judge.folder / "conftest.py").write_text(PROFILE)
    arguments = ["--asgi-level=should", "--asgi-report=reports", f"-k={FUZZ}", "fuzz"]
    found = judge(f"--asgi-examples={ENOUGH}", *arguments, servers=["uvicorn"])
    assert (found.status, bool(warned_of(found))) == (1, True)
    known = [f"[[deviation]]\nrequirement = '{each}'\nreason = 'found'\n" for each in warned_of(found)]
    (judge.folder / "known.toml").write_text("".join(known))
    again = judge("--asgi-examples=1", "--asgi-baseline=known.toml", *arguments, servers=["uvicorn"])
    assert (again.status, warned_of(again)) == (0, [])


def test_what_was_found_before_an_interrupt_is_written(judge: Judge) -> None:
    (judge.folder / "conftest.py").write_text(TELLING)
    arguments = ["-s", "--asgi-report=reports", f"--asgi-examples={ENOUGH}", f"-k={FUZZ}", "fuzz"]
    process = judge.starts(*arguments, servers=["uvicorn"])
    run = judge.interrupts(process, signal.SIGINT, after="is tried first")
    assert run.status == 2
    assert run.results()[FUZZ]["verdicts"] == {"http/1.1": "error"}
    assert all(name in run.output for name in warned_of(run))
    assert warned_of(run)


def test_two_servers_are_compared(judge: Judge) -> None:
    run = judge("--asgi-differential", "--asgi-examples=60", f"-k={FUZZ}", servers=["uvicorn", "uvicorn:h11"])
    assert "the specification allows both." in run.output
    assert run.status == 0


@pytest.mark.parametrize(
    ("arguments", "servers", "said"),
    [
        (["--asgi-examples=many"], [MINIMAL], "argument --asgi-examples: invalid number value: 'many'"),
        (["--asgi-examples=-1"], [MINIMAL], "argument --asgi-examples: invalid number value: '-1'"),
        (["--asgi-differential", "--asgi-examples=5"], [MINIMAL], "give --asgi-server twice"),
        (["--asgi-differential"], [MINIMAL, "uvicorn"], "--asgi-examples tells how much"),
    ],
)
def test_an_option_that_makes_no_sense(
    arguments: list[str], servers: list[str], said: str, judge: Judge
) -> None:
    run = judge(*arguments, servers=servers)
    assert said in run.output
    assert run.status == 4
