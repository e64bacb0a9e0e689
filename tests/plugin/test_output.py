"""What a person sees of a run."""

import pytest
from running import METHOD, MINIMAL, PATH, Judge, faulty

UPPERCASE = "http.scope.method.uppercase"
MIXED = f"-k={METHOD} or {PATH} or {UPPERCASE} or lifespan.scope.type"
LABEL = "python minimal.py {app} --fd {fd}"


def test_the_server_and_its_version_are_named_first(judge: Judge) -> None:
    run = judge(f"-k={METHOD}", servers=["uvicorn:h11"])
    assert "\njudging uvicorn:h11: uvicorn 0." in run.output
    assert run.output.index("judging") < run.output.index("[100%]")


def test_a_failure_tells_its_story(judge: Judge) -> None:
    story = judge(f"-k={PATH}").output.partition(" FAILURES ")[2]
    expected = [
        f"{PATH} on {LABEL} over http/1.1",
        "the path is percent decoded:\n\n    client → GET /a%20b",
        "       app ← called with http GET",
        "\nfail: the scope: path is '/a%20b",
        f"\n{PATH} (must): Percent-encoded bytes in the path are\ndecoded.\n",
        "\n  https://asgi.readthedocs.io/",
        "asgi_conformance/checks/http_scope.py:",
        f"FAILED http_scope::{PATH}[{LABEL}-http/1.1]",
    ]
    places = [story.find(text) for text in expected]
    assert -1 not in places
    assert places == sorted(places)


def test_the_end_of_the_log_is_of_that_check_alone(judge: Judge) -> None:
    output = judge(
        "-k=http.scope.query_string.raw or http.scope.path.plus_kept", servers=[faulty("floods")]
    ).output
    assert "printed meanwhile" not in output


def test_the_table_comes_last_and_shoulds_are_told_in_a_line(judge: Judge) -> None:
    last = judge(MIXED).output.partition("= conformance =")[2].splitlines()
    assert last[1:5] == [
        "python minimal.py {app} --…  pass  fail  warn  info  unsupported  error",
        "http                            1     1     1     .            .      .",
        "lifespan                        .     .     .     .            1      .",
        "all                             1     1     1     .            1      .",
    ]
    assert last[6:8] == [f"warn {UPPERCASE} (http/1.1): the scope: method is 'get', not", "  'GET'"]
    assert last[8].strip("= ").startswith("1 failed, 1 passed, ")


def test_nothing_is_wider_than_the_terminal_but_what_was_said(judge: Judge) -> None:
    ours = judge(MIXED).output.partition("judging")[2]
    # pytest tells the folder of the run, however long its name is.
    lines = [line for line in ours.splitlines() if LABEL not in line and not line.startswith("rootdir: ")]
    assert [line for line in lines if len(line) > 80] == []


def test_of_several_servers_there_is_a_matrix_and_one_is_on_after_the_other(judge: Judge) -> None:
    run = judge(MIXED, servers=[MINIMAL, "uvicorn:h11", faulty("exits")])
    progress, _, matrix = run.output.partition("= conformance =")
    assert f"\n{LABEL}\nhttp_scope" in progress
    assert "\nuvicorn:h11 0." in progress
    assert f"\n{PATH}  ✗ ✓ E\n" in matrix
    assert "\nB uvicorn:h11 0." in matrix


def test_the_same_remark_on_several_servers_is_made_once(judge: Judge) -> None:
    run = judge(f"-k={UPPERCASE}", servers=[MINIMAL, faulty("floods")])
    told = " ".join(run.output.split())
    assert told.count(f"{UPPERCASE} (http/1.1): the scope: method is 'get', not 'GET'") == 1
    assert "warn python minimal.py {app} --fd {fd}, python floods.py" in told


def test_what_was_overheard_is_told_with_where_and_fails_the_run(judge: Judge) -> None:
    run = judge(f"-k={METHOD}", "--asgi-report=reports", servers=[faulty("says_a_wrong_type")])
    story = run.output.partition("= overheard")[2]
    assert "_ http.scope.client.type on python says_a_wrong_type.py" in story
    assert "\nin the first request to the server, and in 1 more:\n" in story
    assert "\n    client → " in story
    assert "\nfail: 'client' is" in story
    assert "\n  https://asgi" in story
    assert "1 passed, " in run.output
    assert "1 overheard" in run.output
    assert run.status == 1
    assert run.verdict("http.scope.client.type")[0] == "fail"


def test_what_a_check_has_failed_for_is_not_called_overheard(judge: Judge) -> None:
    run = judge("-k=http.scope.client.type", servers=[faulty("says_a_wrong_type")])
    assert "overheard" not in run.output
    assert "1 failed" in run.output


def test_verbose_names_every_check_its_verdict_and_the_command(judge: Judge) -> None:
    run = judge(MIXED, "-v", servers=["uvicorn:h11"])
    assert f"http_scope::{METHOD}[uvicorn:h11-http/1.1] PASSED" in run.output
    assert "  uvicorn {app} --no-access-log" in run.output


def test_quiet_is_quiet(judge: Judge) -> None:
    lines = judge(f"-k={METHOD}", "-q").output.splitlines()
    assert "judging" not in lines[0]
    assert len(lines) <= 6


@pytest.mark.parametrize("style", ["no", "line", "short", "long", "native"])
def test_every_style_of_traceback_works(style: str, judge: Judge) -> None:
    output = judge(f"-k={PATH}", f"--tb={style}").output
    assert ("client → GET" in output) == (style not in ("no", "line"))
    assert "Traceback" not in output
    assert "INTERNALERROR" not in output


def test_reasons_of_what_is_unsupported_are_shown_on_demand(judge: Judge) -> None:
    run = judge("-k=lifespan.scope.type", "-rs")
    assert "the server does not call the application for lifespan" in " ".join(run.output.split())
    assert run.status == 0
