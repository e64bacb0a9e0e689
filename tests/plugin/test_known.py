"""Runs with a baseline: what is known does not make them fail, and is told as what it is."""

import pytest
from running import PATH, Judge

KNOWN = f'[[deviation]]\nrequirement = "{PATH}"\nreason = "seen by everybody"\n'


def test_what_is_known_does_not_fail_the_run_and_is_told(judge: Judge) -> None:
    (judge.folder / "known.toml").write_text(KNOWN)
    run = judge("--asgi-baseline=known.toml", "--asgi-report=reports", "-rx", f"-k={PATH}")
    assert run.status == 0
    assert "1 xfailed" in run.output
    assert " - seen by everybody\n" in run.output
    assert run.verdict(PATH)[0] == "fail"


def test_what_is_known_of_others_fails_the_run(judge: Judge) -> None:
    (judge.folder / "known.toml").write_text(KNOWN + 'servers = ["another"]\n')
    assert judge("--asgi-baseline=known.toml", f"-k={PATH}").status == 1


def test_some_of_the_checks_make_nothing_stale(judge: Judge) -> None:
    (judge.folder / "known.toml").write_text(KNOWN)
    run = judge("--asgi-baseline=known.toml", f"-k={PATH}", servers=["uvicorn:h11"])
    assert run.status == 0
    assert "stale" not in run.output


def test_of_nothing_known_nothing_is_said(judge: Judge) -> None:
    (judge.folder / "known.toml").touch()
    assert judge("--asgi-baseline=known.toml", f"-k={PATH}", servers=["uvicorn:h11"]).status == 0


@pytest.mark.parametrize("text", [None, "[[deviation]]"])
def test_what_is_no_baseline_is_told_before_the_run(text: str | None, judge: Judge) -> None:
    if text is not None:
        (judge.folder / "known.toml").write_text(text)
    run = judge("--asgi-baseline=known.toml", f"-k={PATH}", servers=["uvicorn:h11"])
    assert run.output.startswith("ERROR: --asgi-baseline: known.toml ")
    assert (run.status, run.output.strip().count("\n")) == (4, 0)
