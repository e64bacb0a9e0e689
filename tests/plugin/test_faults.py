"""Servers with a fault: it is told clearly, blamed on the check that met it, and the run goes on."""

import re
import signal
import textwrap
import time
from pathlib import Path

import pytest
from running import METHOD, MINIMAL, PATH, Judge, Run, faulty

import asgi_conformance

OURS = Path(asgi_conformance.__file__).parent
QUERY, AFTER = "http.scope.query_string.raw", "http.scope.query_string.empty"
TWO = f"-k={METHOD} or {PATH}"


def judged(judge: Judge, name: str, *arguments: str, place: str = "--fd {fd}") -> Run:
    """A run on a faulty server, with a report."""
    return judge("--asgi-report=reports", *arguments, servers=[faulty(name, place)])


def test_a_server_that_ends_at_once_is_told_with_what_it_printed(judge: Judge) -> None:
    run = judged(judge, "exits", TWO)
    assert "error: the server never served: the server ended with exit status 3" in run.output
    assert "\n  | no database\n" in run.output
    assert "1 failed" in run.output
    assert "1 not tried" in run.output
    assert {run.verdict(each) for each in (METHOD, PATH)} == {
        ("error", "the server never served: the server ended with exit status 3")
    }


@pytest.mark.parametrize(
    ("name", "place", "why"),
    [
        ("never_starts", "--fd {fd}", "the application was not called"),
        ("never_starts", "--port {port}", "nobody listens where the server should: Connection refused"),
        ("never_answers", "--fd {fd}", "the application was not called"),
    ],
)
def test_a_server_that_never_serves_is_waited_for_once(name: str, place: str, why: str, judge: Judge) -> None:
    begun = time.monotonic()
    run = judged(judge, name, "--asgi-patience=0.5", "-k=http.scope", place=place)
    assert time.monotonic() - begun < 15
    assert run.verdict(PATH) == ("error", f"the server never served in 2 s: {why}")
    assert run.status == 1
    assert re.search(r"1 failed, .* not tried", run.output)


@pytest.mark.parametrize(
    ("name", "heard"),
    [("talks_nonsense", "garbage (no response begins like this): b'\\x00\\x01"), ("never_calls", "200")],
)
def test_a_server_that_does_not_call_the_application(name: str, heard: str, judge: Judge) -> None:
    run = judged(judge, name, TWO)
    assert f"\n    client ← {heard}" in run.output
    assert run.verdict(PATH)[0] == "error"
    assert "and did not call the application" in run.verdict(PATH)[1]


def test_a_server_that_calls_twice_fails_the_check_of_that(judge: Judge) -> None:
    run = judged(judge, "calls_twice", f"-k=asgi.call.once_per_connection or {METHOD}", "--asgi-patience=1")
    assert run.verdict("asgi.call.once_per_connection")[0] == "fail"
    assert run.verdict(METHOD) == ("pass", "")


def test_a_death_is_blamed_on_the_check_that_met_it_and_the_run_goes_on(judge: Judge) -> None:
    run = judged(judge, "dies_of_a_query", f"-k={QUERY} or {AFTER} or {METHOD}")
    assert run.verdict(QUERY) == ("fail", "the server ended with exit status 9")
    assert (run.verdict(METHOD), run.verdict(AFTER)) == (("pass", ""), ("pass", ""))
    assert "fail: the server ended with exit status 9" in run.output
    assert "\n  | out of memory\n" in run.output


def test_who_dies_again_and_again_is_started_again_and_again_without_waiting(judge: Judge) -> None:
    begun = time.monotonic()
    run = judged(
        judge, "dies_of_a_query", "-k=http.scope.query_string or http.scope.path", "--asgi-patience=20"
    )
    assert time.monotonic() - begun < 20
    deaths = [each for each in run.results() if run.verdict(each)[1].endswith("status 9")]
    assert len(deaths) > 2


def test_a_hang_is_blamed_on_the_check_before_it(judge: Judge) -> None:
    run = judged(judge, "hangs_after_a_query", f"-k={QUERY} or {AFTER}", "--asgi-patience=1")
    assert run.verdict(QUERY) == ("fail", "the server did not serve any more afterwards")
    assert run.verdict(AFTER) == ("pass", "")


@pytest.mark.parametrize("name", ["leaves_a_daemon", "leaves_a_worker"])
def test_who_outlives_the_server_is_told_of_once_and_killed(name: str, judge: Judge) -> None:
    run = judged(judge, name, f"-k={METHOD}", "--asgi-patience=1")
    assert " ".join(run.output.split()).count("left a process behind when it ended, which was killed") == 1
    assert run.status == 0


def test_who_ignores_sigterm_is_killed(judge: Judge) -> None:
    run = judged(judge, "ignores_sigterm", f"-k={METHOD}", "--asgi-patience=1")
    assert "did not end within 1 s of a SIGTERM, and was killed" in " ".join(run.output.split())
    assert run.status == 0


def test_a_flood_of_output_drowns_nobody(judge: Judge) -> None:
    run = judged(judge, "floods", TWO)
    assert run.verdict(METHOD) == ("pass", "")
    assert run.verdict(PATH)[0] == "fail"
    assert len(run.output.splitlines()) < 60


WITHOUT_END = """
    from asgi_conformance.dialogue.check import check
    from asgi_conformance.wire import request

    @check("http.request.no_body")
    def a_body_has_an_end(client, app):
        client.sends(request.get("/?without-end"))
        app.receives_body(b"")
        app.sends({"type": "http.response.start", "status": 200, "headers": []})
        app.begins_to_end_with({"type": "http.response.body", "body": b"ok", "more_body": False})
        client.receives(body=b"ok")

    @check("http.scope.method.present")
    def others_are_served(client, app):
        client.sends(request.get("/"))
        app.is_called(method="GET")
"""


@pytest.mark.parametrize(
    ("name", "who"), [("gives_without_end", "the application"), ("writes_without_end", "the client")]
)
def test_nobody_waits_for_the_end_of_a_flood(name: str, who: str, judge: Judge) -> None:
    (judge.folder / "mychecks.py").write_text(textwrap.dedent(WITHOUT_END))
    run = judged(judge, name, "mychecks.py")
    assert len(run.output.splitlines()) < 500
    said = f"{who} was told more than 16384 messages or 256 MiB, with no end in sight"
    assert run.verdict("http.request.no_body") == ("fail", said)
    assert run.verdict(METHOD) == ("pass", "")


CALLED_FOR_OTHERS = """
    from asgi_conformance.dialogue.check import check
    from asgi_conformance.wire import request

    @check("http.scope.method.present")
    def somebody_is_served(client, app):
        client.sends(request.get("/?without-end"))
        app.answers(client)

    @check("asgi.call.once_per_connection")
    def somebody_else_is_served(client, app):
        client.sends(b"GET / HTTP/1.1")
        app.is_called()
"""


def test_nobody_is_deafened_by_calls_for_others(judge: Judge) -> None:
    (judge.folder / "mychecks.py").write_text(textwrap.dedent(CALLED_FOR_OTHERS))
    run = judged(judge, "calls_without_end", "mychecks.py", "--asgi-patience=1")
    verdict, said = run.verdict("asgi.call.once_per_connection")
    assert verdict == "fail"
    # The others may pause at just that moment.
    assert said in ("the application was called, but only for others", "the application was not called")


@pytest.mark.parametrize(
    ("signum", "workers"),
    [(signal.SIGINT, "-n0"), (signal.SIGINT, "-n2"), (signal.SIGTERM, "-n0"), (signal.SIGHUP, "-n0")],
)
def test_an_interrupted_run_writes_what_it_has_and_leaves_nothing(
    signum: signal.Signals, workers: str, judge: Judge
) -> None:
    server = faulty("hangs_after_a_query")
    arguments = ["-v", "--asgi-report=reports", "--asgi-patience=30", f"-k={METHOD} or {QUERY}", workers]
    process = judge.starts(*arguments, servers=[server])
    run = judge.interrupts(process, signum, after="PASSED")
    assert run.status == 2
    assert run.verdict(METHOD) == ("pass", "")
    assert QUERY not in run.results()
    # Python itself may tell of an interrupt that met it in a callback of its own: that is no trouble of ours.
    assert f'File "{OURS}' not in run.output


INTERRUPTED = """
    def test_it():
        raise KeyboardInterrupt

    no_line_for_eight_instructions = b"\\xff"
    test_it.__code__ = test_it.__code__.replace(co_linetable=no_line_for_eight_instructions * 8)
"""


def test_an_interrupt_may_meet_an_instruction_of_no_line(judge: Judge) -> None:
    (judge.folder / "test_own.py").write_text(textwrap.dedent(INTERRUPTED))
    run = judge("test_own.py", servers=[MINIMAL])
    assert run.status == 2
    assert "Traceback" not in run.output
