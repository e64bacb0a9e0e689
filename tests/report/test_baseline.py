"""What is known of servers is read, told from what is not, and found to be over."""

from pathlib import Path

import pytest

from asgi_conformance.dialogue.verdict import Verdict
from asgi_conformance.report.baseline import BadBaseline, Baseline, Known, baseline
from asgi_conformance.report.results import Results, ServerFacts
from asgi_conformance.spec.requirement import Level

PATH, METHOD = "http.scope.path.percent_decoded", "http.scope.method.present"
ENTRY = f'[[deviation]]\nrequirement = "{PATH}"\nreason = "issue 1"\n'
FAIL, WARN, PASS, INFO, ERROR = Verdict.FAIL, Verdict.WARN, Verdict.PASS, Verdict.INFO, Verdict.ERROR


def read(text: str, folder: Path) -> Baseline:
    """The baseline of this text."""
    path = folder / "known.toml"
    path.write_text(text, encoding="utf-8")
    return Baseline.read(path)


def results(verdict: Verdict, label: str = "uvicorn", version: str = "http/1.1") -> Results:
    """Results with one verdict."""
    found = Results(ServerFacts(label, "uvicorn", "0.54.0", "3.11.7", "uvicorn {app}"))
    found.adds(PATH, version, verdict, level="must", note="no path")
    return found


def test_all_servers_and_versions_are_meant_where_none_is_named(tmp_path: Path) -> None:
    known = read(ENTRY, tmp_path)
    assert known.reason(PATH, "uvicorn", "http/2", FAIL) == "issue 1"
    assert known.reason(PATH, "daphne", "server", WARN) == "issue 1"
    assert known.reason(METHOD, "daphne", "server", WARN) is None
    assert known.broken_by("daphne", "http/3") == {PATH}


def test_others_than_those_named_are_not_meant(tmp_path: Path) -> None:
    known = read(ENTRY + 'servers = ["uvicorn:h11"]\nversions = ["http/1.1"]\n', tmp_path)
    assert known.reason(PATH, "uvicorn:h11", "http/1.1", FAIL) == "issue 1"
    assert known.reason(PATH, "uvicorn", "http/1.1", FAIL) is None
    assert known.reason(PATH, "uvicorn:h11", "http/2", FAIL) is None
    assert known.broken_by("uvicorn:h11", "http/2") == set()


def test_our_own_trouble_is_never_known() -> None:
    assert Baseline((Known(PATH, "issue 1"),)).reason(PATH, "uvicorn", "http/1.1", ERROR) is None


@pytest.mark.parametrize(
    ("verdicts", "is_stale"),
    [
        ([PASS], True),
        ([INFO], True),
        ([PASS, FAIL], False),
        ([WARN], False),
        ([ERROR], False),
        ([Verdict.UNSUPPORTED], False),
        ([], False),
    ],
)
def test_what_is_kept_by_all_who_are_meant_is_stale(verdicts: list[Verdict], is_stale: bool) -> None:
    several = [results(verdict, f"server {number}") for number, verdict in enumerate(verdicts)]
    known = Known(PATH, "issue 1")
    assert Baseline((known,)).stale(several) == [known] * is_stale


def test_who_is_not_meant_makes_nothing_stale() -> None:
    known = Known(PATH, "issue 1", servers=("daphne",), versions=("http/1.1",))
    assert not Baseline((known,)).stale([results(PASS), results(PASS, "daphne", "http/2")])


@pytest.mark.parametrize("text", [ENTRY + "drawn = true", ENTRY.replace(PATH, "fuzz.http")])
def test_what_only_fuzzing_finds_is_never_stale(text: str, tmp_path: Path) -> None:
    (known,) = read(text, tmp_path).known
    judged = results(PASS)
    judged.adds("fuzz.http", "http/1.1", PASS, level="must")
    assert known.drawn
    assert not Baseline((known,)).stale([judged])


def test_a_baseline_of_a_report_wants_its_reasons(tmp_path: Path) -> None:
    broken = [results(FAIL), results(FAIL, "daphne"), results(WARN, "granian")]
    text = baseline(broken, Level.MUST)
    assert "# daphne: no path\n" in text
    with pytest.raises(BadBaseline, match=f"deviation 1: {PATH}: it has no reason"):
        read(text, tmp_path)
    known = Known(PATH, "issue 1", servers=("uvicorn", "daphne"), versions=("http/1.1",))
    assert read(text.replace('""', '"issue 1"'), tmp_path).known == (known,)


def test_a_broken_should_is_told_where_it_counts() -> None:
    assert baseline([results(WARN)], Level.MUST) == ""
    assert PATH in baseline([results(WARN)], Level.SHOULD)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("deviation =", "known.toml is no baseline: Invalid value"),
        ("[deviations]", "all that may be there is [[deviation]], once for each"),
        ("deviation = 1", "all that may be there is [[deviation]], once for each"),
        ("deviation = [1]", "deviation 1: it is no table"),
        ("[[deviation]]", "deviation 1: it has no requirement"),
        (ENTRY.replace("path", "pth"), f"did you mean {PATH}"),
        (ENTRY.replace("issue 1", " "), f"deviation 1: {PATH}: it has no reason"),
        (ENTRY + "server = 'uvicorn'", "there is no server, only requirement, reason, servers, "),
        (ENTRY + "servers = 'uvicorn'", "servers is a list of texts"),
        (ENTRY + "versions = ['2']", "there is no version '2', only http/1.1, http/2, http/3, server"),
        (ENTRY + "drawn = 1", "drawn is true or false"),
    ],
)
def test_what_is_no_baseline_is_told_in_a_sentence(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(BadBaseline) as error:
        read(text, tmp_path)
    assert said in str(error.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadBaseline, match=r"none.toml cannot be read: No such file or directory$"):
        Baseline.read(tmp_path / "none.toml")
