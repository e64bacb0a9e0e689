"""Everything by which pytest users select, repeat and share checks."""

import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from running import METHOD, MINIMAL, PATH, Judge, Run, faulty

TWO = f"-k={METHOD} or {PATH}"


def counted(run: Run) -> str:
    """The counts in the last line of a run."""
    return run.output.splitlines()[-1].strip("= ").partition(" in ")[0]


@pytest.mark.parametrize(
    ("expression", "selected"),
    [
        (PATH, "http_scope::http.scope.path.percent_decoded["),
        ("the_path_is_percent_decoded", "http_scope::http.scope.path.percent_decoded["),
        ("core and once_per_connection", "core::asgi.call.once_per_connection["),
    ],
)
def test_an_expression_selects(expression: str, selected: str, judge: Judge) -> None:
    run = judge("--collect-only", "-q", f"-k={expression}")
    chosen = [line for line in run.output.splitlines() if "::" in line]
    assert any(line.startswith(selected) for line in chosen)
    assert len(chosen) < 4
    assert run.status == 0


def test_a_label_selects_a_server(judge: Judge) -> None:
    run = judge("--collect-only", "-q", f"-k={METHOD} and uvicorn:h11", servers=[MINIMAL, "uvicorn:h11"])
    assert [line for line in run.output.splitlines() if "::" in line] == [
        f"http_scope::{METHOD}[uvicorn:h11-http/1.1]"
    ]


def test_only_collecting_starts_no_server(judge: Judge) -> None:
    run = judge("--collect-only", TWO, servers=[faulty("floods")])
    assert "<CheckItem http.scope.method.present[" in run.output
    assert "conformance =" not in run.output
    assert run.status == 0


def test_a_node_id_as_it_is_printed_selects(judge: Judge) -> None:
    run = judge(
        f"http_scope::{METHOD}[python minimal.py {{app}} --fd {{fd}}-http/1.1]", f"http_scope::{PATH}"
    )
    assert counted(run).startswith("1 failed, 1 passed")


def test_a_chapter_selects(judge: Judge) -> None:
    chosen = [line for line in judge("--co", "-q", "http_scope").output.splitlines() if "::" in line]
    assert len(chosen) > 20
    assert {line.partition("::")[0] for line in chosen} == {"http_scope"}


def test_a_node_id_that_does_not_exist_is_an_error(judge: Judge) -> None:
    run = judge("http_scope::http.scope.colour")
    assert "ERROR: there is no check http_scope::http.scope.colour" in run.output
    assert run.status == 4


def test_nothing_selected_is_what_pytest_says_of_it(judge: Judge) -> None:
    assert judge("-k=nothing_like_this").status == 5


def test_the_first_failure_can_be_the_last_check(judge: Judge) -> None:
    run = judge("-x", "-k=http.scope.path", "--asgi-report=reports")
    assert counted(run).startswith("1 failed, ")
    assert PATH in run.results()
    assert "http.scope.path.utf8_decoded" not in run.results()


def test_what_failed_last_runs_again(judge: Judge) -> None:
    judge(TWO)
    run = judge(TWO, "--lf")
    assert counted(run).startswith("1 failed, ")
    assert "passed" not in counted(run)


def test_two_processes_find_what_one_finds(judge: Judge) -> None:
    selection = "-k=http.scope.path or lifespan.shutdown"
    servers = [faulty("says_a_wrong_type"), "uvicorn:h11"]
    alone = judge(selection, "--asgi-report=reports", servers=servers)
    shared = judge(selection, "--asgi-report=shared", "-n2", servers=servers)
    assert counted(alone).partition(", ")[0] == counted(shared).partition(", ")[0]
    assert shared.status == alone.status == 1
    for file in (judge.folder / "reports").iterdir():
        assert file.read_text() == (judge.folder / "shared" / file.name).read_text()


def test_two_processes_tell_stories_and_farewells_too(judge: Judge) -> None:
    run = judge(TWO, "-n2", "--asgi-patience=1", servers=[faulty("ignores_sigterm")])
    assert "client → GET" in run.output
    assert "did not end within 1 s of a SIGTERM, and was killed" in " ".join(run.output.split())
    assert "fail: the scope: path is" in run.output


def test_junit_has_the_story_and_the_verdict(judge: Judge) -> None:
    run = judge(f"{TWO} or lifespan.scope.type", "--junitxml=junit.xml")
    suite = ElementTree.parse(run.folder / "junit.xml").getroot()[0]
    failure = suite.find("testcase[@classname='http_scope'][2]/failure")
    assert failure is not None
    assert failure.get("message", "").startswith("the scope: path is")
    assert "client → GET" in (failure.text or "")
    verdicts = {each.get("value") for each in suite.iter("property") if each.get("name") == "verdict"}
    assert verdicts == {"pass", "fail", "unsupported"}


def test_plugins_may_be_missing_and_warnings_errors(judge: Judge) -> None:
    run = judge(f"-k={METHOD}", "-p", "no:cacheprovider", "-W", "error", "-q", servers=["uvicorn"])
    assert run.status == 0
    assert not Path(run.folder, ".pytest_cache").exists()
