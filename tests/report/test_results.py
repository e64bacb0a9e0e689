"""Findings become results, and results a file that can be read back."""

import json
from pathlib import Path

import pytest

from asgi_conformance import __version__
from asgi_conformance.dialogue.verdict import Verdict
from asgi_conformance.report.results import BadResults, Results, ServerFacts, merge

PATH = "http.scope.path.percent_decoded"
UVICORN = ServerFacts("uvicorn:h11", "uvicorn", "0.54.0", "3.11.7", "uvicorn {app} --http h11")


def found(*verdicts: Verdict, level: str = "must", note: str = "") -> Results:
    """Results with these verdicts on one requirement over HTTP/1.1."""
    results = Results(UVICORN)
    for verdict in verdicts:
        results.adds(PATH, "http/1.1", verdict, level=level, note=note)
    return results


def test_the_worst_finding_of_a_version_stands() -> None:
    results = found(Verdict.PASS, Verdict.WARN, Verdict.PASS)
    results.adds(PATH, "http/2", Verdict.PASS, level="must")
    assert results.requirements[PATH].verdicts == {"http/1.1": Verdict.WARN, "http/2": Verdict.PASS}
    assert results.requirements[PATH].worst is Verdict.WARN


def test_notes_are_joined_sorted_and_said_once() -> None:
    results = Results(UVICORN)
    for note in ("no  path", "a wrong path", "no path", ""):
        results.adds(PATH, "http/2", Verdict.FAIL, level="must", note=note)
    assert results.requirements[PATH].note("http/2") == "a wrong path\nno path"
    assert results.requirements[PATH].note("http/1.1") == ""


def test_the_strictest_level_stands() -> None:
    results = found(Verdict.PASS, level="may")
    results.adds(PATH, "http/2", Verdict.FAIL, level="must")
    assert results.requirements[PATH].level == "must"


@pytest.mark.parametrize(
    ("verdict", "level", "at_must", "at_should"),
    [
        (Verdict.FAIL, "must", True, True),
        (Verdict.ERROR, "may", True, True),
        (Verdict.WARN, "should", False, True),
        (Verdict.FLAKY, "must", True, True),
        (Verdict.FLAKY, "should", False, True),
        (Verdict.FLAKY, "may", False, False),
        (Verdict.INFO, "may", False, False),
        (Verdict.UNSUPPORTED, "must", False, False),
    ],
)
def test_what_makes_a_run_fail(verdict: Verdict, level: str, at_must: bool, at_should: bool) -> None:
    results = found(verdict, level=level)
    assert results.broken("must") == [PATH] * at_must
    assert results.broken("should") == [PATH] * at_should


def test_one_requirement_a_line_sorted_whatever_came_first() -> None:
    results = found(Verdict.FAIL, note="the path was «/caf%C3%A9»")
    results.adds("asgi.call.event_loop", "server", Verdict.PASS, level="must")
    assert results.text().splitlines() == [
        f'{{"asgi_conformance": "{__version__}", "specification": {{"asgi": "3.0", "www": "2.5",'
        ' "lifespan": "2.0", "tls": "0.2"},',
        ' "server": {"label": "uvicorn:h11", "name": "uvicorn", "version": "0.54.0", "python": "3.11.7",'
        ' "command": "uvicorn {app} --http h11"},',
        ' "requirements": {',
        '  "asgi.call.event_loop": {"level": "must", "verdicts": {"server": "pass"}, "notes": {}},',
        f'  "{PATH}": {{"level": "must", "verdicts": {{"http/1.1": "fail"}},'
        ' "notes": {"http/1.1": "the path was «/caf%C3%A9»"}}',
        "}}",
    ]


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    results = found(Verdict.FAIL, note="one\ntwo")
    path = results.write(tmp_path / "reports")
    assert path == tmp_path / "reports" / "uvicorn-h11.json"
    assert Results.read(path) == results
    assert json.loads(path.read_text(encoding="utf-8"))["requirements"][PATH]["notes"] == {
        "http/1.1": "one\ntwo"
    }


def test_results_without_a_requirement_are_written_too(tmp_path: Path) -> None:
    assert Results.read(Results(UVICORN).write(tmp_path)) == Results(UVICORN)


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("uvicorn", "uvicorn.json"),
        ("uvicorn --http=h11", "uvicorn---http=h11.json"),
        ("python -m mine {app} --port {port} …", "python--m-mine-app---port-port.json"),
        ("../../etc/passwd", "etc-passwd.json"),
        ("…", "server.json"),
        ("x" * 500, "x" * 120 + ".json"),
    ],
)
def test_any_label_makes_a_safe_file_name(label: str, name: str, tmp_path: Path) -> None:
    facts = ServerFacts(label, "uvicorn", "0.54.0", "3.11.7", "uvicorn {app}")
    assert Results(facts).write(tmp_path) == tmp_path / name


GOOD = json.loads(found(Verdict.PASS).text())
JUDGED = GOOD["requirements"][PATH]


@pytest.mark.parametrize(
    ("document", "why"),
    [
        ([], "it has no server"),
        (GOOD | {"server": {"label": "uvicorn"}}, "the server has no command, name, python, version"),
        (GOOD | {"server": {"label": 3}}, "label is not a text"),
        (GOOD | {"requirements": None}, "it has no requirements"),
        (GOOD | {"requirements": {PATH: "pass"}}, "it has no level"),
        (GOOD | {"requirements": {PATH: JUDGED | {"level": "shall"}}}, "unknown level 'shall'"),
        (
            GOOD | {"requirements": {PATH: JUDGED | {"verdicts": {"server": "good"}}}},
            "unknown verdict 'good'",
        ),
        (GOOD | {"requirements": {PATH: JUDGED | {"verdicts": {}}}}, f"{PATH} has no verdict"),
    ],
)
def test_a_malformed_document_is_refused_in_one_sentence(document: object, why: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(BadResults, match=why) as refusal:
        Results.read(path)
    assert str(refusal.value).startswith(f"{path} is not a file of results: ")
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff"])
def test_what_is_no_json_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "bad.json"
    path.write_bytes(content)
    with pytest.raises(BadResults, match="is not a file of results"):
        Results.read(path)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadResults, match="cannot be read: No such file"):
        Results.read(tmp_path / "none.json")


def test_results_of_parallel_workers_become_one() -> None:
    other = found(Verdict.FAIL, note="no path")
    other.adds("asgi.call.event_loop", "server", Verdict.PASS, level="must")
    first = found(Verdict.PASS)
    merged = merge([first, other])
    assert merged == other
    assert first == found(Verdict.PASS)


def test_results_of_two_servers_are_not_merged() -> None:
    daphne = Results(ServerFacts("daphne", "daphne", "4.2.3", "3.11.7", "daphne {app}"))
    with pytest.raises(ValueError, match="two servers: uvicorn:h11, daphne"):
        merge([found(Verdict.PASS), daphne])
