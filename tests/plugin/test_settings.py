"""Checks on servers in other settings: started once, judged like others, and ended with them."""

import signal
import textwrap
from pathlib import Path

from running import MINIMAL, Judge, faulty

from asgi_conformance.report.results import Results
from asgi_conformance.servers._setting import QUIC, WHOLE

GOOD = "uvicorn:h11"
IN_WHICH = [each for each in WHOLE if each != QUIC]
UNIX, LEGACY = "http.scope.server.unix", "asgi.legacy.supported"
MIXED = """
    from asgi_conformance.dialogue.check import check

    @check("http.scope.client.unix")
    def both_are_the_same(client, unix_client): ...
"""


def test_what_the_user_has_not_said_is_unsupported(judge: Judge) -> None:
    run = judge("--asgi-report=reports", "-k=client.unix or client.ipv6 or path_includes_root_path")
    assert run.verdict("http.scope.client.unix") == (
        "unsupported",
        "the adapter of minimal does not say how to listen on a Unix socket",
    )
    assert run.verdict("http.scope.client.ipv6")[0] == "unsupported"
    assert run.verdict("wsgi.path_includes_root_path")[0] == "unsupported"
    assert run.status == 0


def test_two_processes_find_the_same_on_several_servers(judge: Judge) -> None:
    run = judge(
        "--asgi-report=reports", "-k=http.scope.client or server.unix or legacy", "-n2",
        servers=["uvicorn:h11", "hypercorn"],
    )  # fmt: skip
    found = [{each["verdicts"]["http/1.1"] for each in run.results(number).values()} for number in (0, 1)]
    assert found == [{"pass", "info"}, {"pass"}]
    assert "killed" not in run.output


def test_nobody_is_blamed_for_applications_of_two_steps(judge: Judge) -> None:
    run = judge(
        "--asgi-report=reports", "--asgi-patience=0.5", "-k=legacy", servers=[faulty("dies_of_an_error")]
    )
    why = "the server with an application of two steps never served: the server ended with exit status 9"
    assert {run.verdict(each) for each in run.results()} == {("info", why)}
    assert run.status == 0


def test_a_server_that_never_serves_is_not_tried_in_other_settings(judge: Judge) -> None:
    run = judge("--asgi-report=reports", "-k=legacy", servers=[faulty("exits")])
    assert run.verdict(LEGACY) == ("error", "the server never served: the server ended with exit status 3")


def test_clients_of_two_servers_are_refused(judge: Judge) -> None:
    (judge.folder / "mixed.py").write_text(textwrap.dedent(MIXED))
    run = judge("mixed.py", servers=[MINIMAL])
    assert "both_are_the_same asks for clients of several servers: client, unix_client" in run.output


def test_an_interrupted_run_leaves_no_server_in_any_setting(judge: Judge) -> None:
    process = judge.starts("-v", "-k=server.unix or client.ipv6 or websocket", servers=["uvicorn:h11"])
    run = judge.interrupts(process, signal.SIGINT, after=f"{UNIX}[uvicorn:h11-http/1.1] PASSED")
    assert run.status == 2


def test_the_same_is_found_wherever_a_server_listens_and_whatever_it_speaks(judge: Judge) -> None:
    run = judge(
        "--asgi-report=reports", "-k=(http.scope.scheme or http.scope.path) and not https",
        servers=[GOOD, *(f"{GOOD}:{setting}" for setting in IN_WHICH)],
    )  # fmt: skip
    found = {path.stem: verdicts(path) for path in (run.folder / "reports").glob("*.json")}
    usual = found.pop("uvicorn-h11")
    assert found.keys() == {f"uvicorn-h11-{setting}" for setting in IN_WHICH}
    differs = {(name, *point) for name, each in found.items() for point in each - usual}
    clear = ("http.scope.scheme.http", "http/1.1", "unsupported")
    assert differs == {(f"uvicorn-h11-{setting}", *clear) for setting in ("tls", "mutual")}


def test_http3_is_judged_where_it_is_asked_for_and_nothing_else_there(judge: Judge) -> None:
    run = judge(
        "--asgi-report=reports", "-k=http.scope.method.present", servers=["hypercorn", "hypercorn:quic"]
    )
    found = [run.results(number)["http.scope.method.present"]["verdicts"].keys() for number in (0, 1)]
    assert found == [{"http/3"}, {"http/1.1", "http/2"}]


def test_of_several_workers_it_is_told_what_was_seen(judge: Judge) -> None:
    run = judge("--asgi-report=reports", "-k=te.and_content_length", servers=[f"{GOOD}:workers"])
    assert run.verdict("h1.te.and_content_length") == (
        "info",
        "with several workers: one more request was served on the connection",
    )
    assert run.status == 0


def verdicts(path: Path) -> set[tuple[str, str, str]]:
    """Requirement, version and verdict of all in a file of results."""
    found = Results.read(path).requirements
    return {(name, *each) for name, judged in found.items() for each in judged.verdicts.items()}
