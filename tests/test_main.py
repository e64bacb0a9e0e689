"""The command line: tables of reports, requirements explained, servers listed."""

import subprocess
import sys
from pathlib import Path

import pytest

from asgi_conformance.__main__ import main
from asgi_conformance.dialogue.verdict import Verdict
from asgi_conformance.report.results import Results, ServerFacts

PATH = "http.scope.path.percent_decoded"


def report(folder: Path, label: str, verdict: Verdict) -> str:
    """The path of a report with one verdict in it."""
    results = Results(ServerFacts(label, label, "1.0", "3.11.7", f"{label} {{app}}"))
    results.adds(PATH, "http/1.1", verdict, level="must")
    return str(results.write(folder))


def test_the_matrix_of_two_reports(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reports = [report(tmp_path, "one", Verdict.PASS), report(tmp_path, "other", Verdict.FAIL)]
    assert main(["matrix", *reports]) == 0
    assert f"| {PATH} | ✓   | ✗     |" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["stopping", "parity"])
def test_a_table_of_which_nothing_was_judged(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([name, report(tmp_path, "one", Verdict.PASS)]) == 4
    assert capsys.readouterr().err == "asgi-conformance: nothing of this was judged in these reports\n"


@pytest.mark.parametrize("content", ["", "{}", "[1, 2]", '{"server": {}}', "\x00"])
def test_what_is_no_report_is_named_in_one_sentence(
    content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "broken.json"
    file.write_text(content)
    assert main(["matrix", str(file)]) == 4
    said = capsys.readouterr()
    assert said.err.startswith(f"asgi-conformance: {file} is not a file of results: ")
    assert (said.out, said.err.count("\n")) == ("", 1)


def test_differences_within_one_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    results = Results.read(Path(report(tmp_path, "one", Verdict.PASS)))
    for version, path in (("http/1.1", "/a b"), ("http/2", "/a%20b")):
        results.adds("parity.http", version, Verdict.PASS, level="may", note=f"get: {{'path': '{path}'}}")
    assert main(["parity", str(results.write(tmp_path))]) == 0
    assert "| one    | HTTP/2 | get      | path | '/a b'  | '/a%20b' | info |" in capsys.readouterr().out


def test_what_is_broken_is_listed_as_a_baseline(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reports = [report(tmp_path, "one", Verdict.PASS), report(tmp_path, "other", Verdict.FAIL)]
    assert main(["baseline", *reports]) == 0
    assert f'requirement = "{PATH}"\nreason = ""\nservers = ["other"]\n' in capsys.readouterr().out
    assert main(["baseline", reports[0]]) == 4
    assert capsys.readouterr().err == "asgi-conformance: no must is broken in these reports\n"


def test_a_missing_report_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["matrix", "missing.json"]) == 4
    assert (
        capsys.readouterr().err
        == "asgi-conformance: missing.json cannot be read: No such file or directory.\n"
    )


def test_a_requirement_is_explained_with_its_check_and_who_keeps_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", PATH, report(tmp_path, "other", Verdict.FAIL)]) == 0
    said = capsys.readouterr().out
    assert said.startswith(f"{PATH}: must (server)\n")
    assert "the_path_is_percent_decoded (" in said
    assert "    other: fail\n" in said


def test_a_part_of_an_id_that_only_one_has_will_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "HTTP.scope.path.percent"]) == 0
    assert capsys.readouterr().out.startswith(f"{PATH}: must")


def test_a_part_of_several_ids_lists_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "percent_decoded"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert (said[0], f"  {PATH} (must)" in said) == ("requirements with this in their ids: 2", True)


def test_of_a_mistyped_id_the_nearest_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "http.scope.path.percent_decodde"]) == 0
    assert f"  {PATH} (must)" in capsys.readouterr().out.splitlines()


def test_nothing_like_that(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "zzzzzz"]) == 4
    assert capsys.readouterr().err == "asgi-conformance: there is no requirement with 'zzzzzz' in its id\n"


def test_the_servers_that_can_be_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["servers"]) == 0
    said = capsys.readouterr().out
    assert "uvicorn" in said
    assert "hypercorn:trio" in said


@pytest.mark.parametrize("arguments", [[], ["matrix"], ["judge"]])
def test_bad_usage_ends_as_argparse_ends(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(arguments)
    assert capsys.readouterr().err.startswith("usage: asgi-conformance")


def test_whoever_reads_may_stop_reading() -> None:
    command = [sys.executable, "-m", "asgi_conformance", "explain", "http."]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_the_page_about_coverage_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["coverage"]) == 0
    assert capsys.readouterr().out.startswith("# What is put on trial\n")


def test_the_page_about_coverage_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["coverage", str(tmp_path / "coverage.md")]) == 0
    assert capsys.readouterr().out == f"{tmp_path / 'coverage.md'} is written\n"
    assert (tmp_path / "coverage.md").read_text().startswith("# What is put on trial\n")


def test_a_page_that_cannot_be_written_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["coverage", str(tmp_path)]) == 4
    assert capsys.readouterr().err == f"asgi-conformance: {tmp_path} cannot be written: Is a directory.\n"
