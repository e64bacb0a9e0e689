"""Checks in anybody's own test files."""

import textwrap

import pytest
from running import METHOD, PATH, Judge, faulty

OWN = f"""
    from asgi_conformance.dialogue.check import check
    from asgi_conformance.wire import request

    @check("{METHOD}")
    def the_method_is_mine(client, app):
        client.sends(request.get("/mine"))
        app.is_called(method="GET")

    @check("{PATH}")
    def the_path_is_mine(client, app):
        client.sends(request.get("/%20"))
        app.is_called(path="/ ")

    def test_an_ordinary_one():
        pass
"""


@pytest.fixture
def own(judge: Judge) -> Judge:
    """A folder with a file of two checks and a test."""
    (judge.folder / "mychecks.py").write_text(textwrap.dedent(OWN))
    return judge


def test_they_run_beside_ordinary_tests(own: Judge) -> None:
    run = own("mychecks.py", "--asgi-report=reports")
    assert "1 failed, 2 passed" in run.output
    assert f"mychecks.py::{PATH}[" in run.output
    assert (run.verdict(METHOD)[0], run.verdict(PATH)[0]) == ("pass", "fail")


def test_one_of_them_is_selected_by_its_node_id(own: Judge) -> None:
    run = own(f"mychecks.py::{METHOD}", "-v", servers=["uvicorn"])
    assert f"mychecks.py::{METHOD}[uvicorn-http/1.1] PASSED" in run.output


def test_they_are_shared_by_two_processes(own: Judge) -> None:
    assert "1 failed, 2 passed" in own("mychecks.py", "-n2").output


def test_without_a_server_they_are_left_out_and_this_is_said(own: Judge) -> None:
    run = own("mychecks.py", servers=[])
    assert "1 passed" in run.output
    assert "conformance checks left out: 2; --asgi-server names the server to judge" in run.output
    assert run.status == 0


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("def nobody(client, browser): ...", "nobody asks for 'browser', but the roles are app, client"),
        ("def nobody(", "SyntaxError"),
    ],
)
def test_a_check_that_cannot_be_cast_is_an_error_of_its_file(line: str, said: str, own: Judge) -> None:
    with (own.folder / "mychecks.py").open("a") as file:
        file.write(f"\n@check('{METHOD}')\n{line}\n")
    run = own("mychecks.py")
    assert said in run.output
    assert "ERROR collecting mychecks.py" in run.output
    assert run.status == 2


def test_an_unknown_requirement_is_told_with_the_nearest(own: Judge) -> None:
    (own.folder / "mychecks.py").write_text(textwrap.dedent(OWN.replace(METHOD, f"{METHOD}s")))
    run = own("mychecks.py")
    assert f"there is no requirement '{METHOD}s'; did you mean {METHOD}" in " ".join(run.output.split())


def test_our_own_trouble_is_an_error_with_a_traceback_and_not_blamed(own: Judge) -> None:
    text = textwrap.dedent(OWN.replace('method="GET"', "method=nobody_knows"))
    (own.folder / "mychecks.py").write_text(text)
    run = own(f"mychecks.py::{METHOD}", "--asgi-report=reports", servers=[faulty("minimal")])
    assert run.verdict(METHOD) == ("error", "NameError: name 'nobody_knows' is not defined")
    assert 'mychecks.py", line 8, in the_method_is_mine' in run.output
    assert run.status == 1
