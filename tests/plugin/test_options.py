"""Mistakes in the options: one clear sentence, exit status 4, and nothing of how we found out."""

from pathlib import Path

import pytest
from running import METHOD, MINIMAL, PATH, Judge, faulty

UPPERCASE = f"-k={METHOD} or http.scope.method.uppercase"
ADAPTER = """
from asgi_conformance.servers import Adapter
ADAPTER = Adapter(name="mine", package="no-such-package", command="mine {app} --fd {fd}", install="mine[all]")
"""
NO_APP = """
from asgi_conformance.servers import Adapter
ADAPTER = Adapter(name="mine", command="mine --fd {fd}")
"""


@pytest.mark.parametrize(
    ("server", "said"),
    [
        ("uvicron", "there is no server 'uvicron', did you mean uvicorn?: known are anycorn, daphne, "),
        ("uvicorn:h12", "uvicorn has no variant 'h12', did you mean h11?: known are h11, httptools, "),
        ("mine --fd {fd}", "there is no server 'mine'"),
        ("missing.py", "there is no file missing.py"),
        ("mine.py", "no-such-package is not installed for "),
        ("no_app.py", "the command of mine has no {app} in it"),
        ("/no/such/program {app} --fd {fd}", "there is no program '/no/such/program'"),
        ("'", "cannot be split into words"),
        ("", "no server is named"),
    ],
)
def test_a_server_that_cannot_be_started(server: str, said: str, judge: Judge) -> None:
    (judge.folder / "mine.py").write_text(ADAPTER)
    (judge.folder / "no_app.py").write_text(NO_APP)
    run = judge(servers=[server])
    assert said in run.output
    assert run.output.startswith("ERROR: ")
    assert (run.status, run.output.strip().count("\n")) == (4, 0)


def test_what_is_not_installed_is_told_with_the_command_that_installs_it(judge: Judge) -> None:
    (judge.folder / "mine.py").write_text(ADAPTER)
    assert "pip install 'mine[all]'" in judge(servers=["mine.py"]).output


@pytest.mark.parametrize(
    ("argument", "said"),
    [
        ("--asgi-python=/no/python", "there is no interpreter that can be run at '/no/python'"),
        ("--asgi-python=/bin/true", "/bin/true is no Python: asked for its version, it printed ''"),
        ("--asgi-report=/dev/null/reports", "--asgi-report: /dev/null/reports cannot be written to: "),
        ("--asgi-patience=long", "argument --asgi-patience: invalid seconds value: 'long'"),
        ("--asgi-patience=-1", "argument --asgi-patience: invalid seconds value: '-1'"),
        ("--asgi-silence=nan", "argument --asgi-silence: invalid seconds value: 'nan'"),
        ("--asgi-level=may", "argument --asgi-level: invalid choice: 'may'"),
    ],
)
def test_an_option_that_makes_no_sense(argument: str, said: str, judge: Judge) -> None:
    run = judge(argument, servers=["uvicorn"])
    assert said in run.output
    assert "Traceback" not in run.output
    assert run.status == 4


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        ([f"-k={METHOD}"], 0),
        ([f"-k={PATH}"], 1),
        ([UPPERCASE], 0),
        ([UPPERCASE, "--asgi-level=should"], 1),
    ],
)
def test_the_level_says_what_fails_the_run(arguments: list[str], status: int, judge: Judge) -> None:
    run = judge(*arguments)
    assert run.status == status
    assert ("1 failed" in run.output) == bool(status)


def test_the_report_is_the_json_of_each_server_and_the_matrix(judge: Judge) -> None:
    run = judge(f"-k={METHOD}", "--asgi-report=deep/reports", servers=["uvicorn:h11", MINIMAL])
    folder = run.folder / "deep" / "reports"
    files = {"matrix.md", "uvicorn-h11.json", "python-minimal.py-app---fd-fd.json"}
    assert {file.name for file in folder.iterdir()} == files
    assert f"results written to {folder}" in run.output.replace("\n", "")


def test_two_servers_that_would_be_called_alike_are_told_apart(judge: Judge) -> None:
    Path(judge.folder, "minimal.py").write_text("raise SystemExit('another')")
    run = judge(f"-k={METHOD}", servers=[MINIMAL, f"{MINIMAL} ".replace(" --fd", "  --fd"), MINIMAL])
    assert run.output.count("judging") == 2
    assert "judging python minimal.py {app} --fd {fd} (2): minimal" in run.output


def test_the_same_server_twice_is_judged_once(judge: Judge) -> None:
    assert judge(f"-k={METHOD}", servers=[MINIMAL, MINIMAL]).output.count("judging") == 1


def test_a_server_named_in_the_configuration_is_judged(judge: Judge) -> None:
    (judge.folder / "pytest.ini").write_text(f"[pytest]\naddopts = --asgi-server='{faulty('minimal')}'\n")
    assert "1 passed" in judge(f"-k={METHOD}", servers=[]).output
