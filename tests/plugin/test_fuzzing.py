"""Runs that fuzz: what is drawn is a chapter beside the checks, and what it finds is told and kept."""

import pytest
from running import MINIMAL, Judge

FUZZ = "fuzz.http"
PROFILE = """
from hypothesis import settings
from hypothesis.database import DirectoryBasedExampleDatabase

settings.register_profile("shared", database=DirectoryBasedExampleDatabase("shared"))
settings.load_profile("shared")
"""
TAKEN = "http.response.body.more_body.wrong_type.raises"
"""What uvicorn takes for right."""


def test_a_good_server_is_found_to_be_one(judge: Judge) -> None:
    run = judge("--asgi-report=reports", "--asgi-examples=10", f"-k={FUZZ}", "fuzz", servers=["uvicorn:h11"])
    assert run.status == 0
    assert run.results()[FUZZ]["verdicts"] == {"http/1.1": "pass"}


def test_without_examples_nothing_is_drawn(judge: Judge) -> None:
    assert judge(f"-k={FUZZ}").status == pytest.ExitCode.NO_TESTS_COLLECTED


def test_two_processes_share_what_they_find(judge: Judge) -> None:
    (judge.folder / "conftest.py").write_text(PROFILE)
    for examples in (100, 1):
        run = judge(
            "--asgi-report=reports", f"--asgi-examples={examples}", "-n2", f"-k={FUZZ}", "fuzz",
            servers=["uvicorn"],
        )  # fmt: skip
        assert run.results()[TAKEN]["verdicts"] == {"http/1.1": "warn"}
    assert any((judge.folder / "shared").iterdir())
    assert any((judge.folder / "reports" / "reproducers").rglob("client.py"))


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
