"""The committed reports are what the suite says today about every server that we support."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from asgi_conformance.report.baseline import baseline
from asgi_conformance.report.matrix import matrix
from asgi_conformance.report.results import Results
from asgi_conformance.servers import bundled
from asgi_conformance.spec.requirement import Level

FOLDER = Path(__file__).parents[1] / "reports"
UNBROKEN = "http.scope.type"
"""What every server keeps."""
REPORTS = sorted(FOLDER.glob("*.json"))


def judge(committed: Results, folder: Path) -> str:
    """Run the suite on one server, as a user does, and have the results written into `folder`.

    All that is broken is known, and one thing more; returns what the run printed.
    """
    label, known = committed.server.label, folder / "known.toml"
    text = baseline([committed], Level.MUST) + f"[[deviation]]\nrequirement = '{UNBROKEN}'\nreason = ''\n"
    known.write_text(re.sub("reason = .*", "reason = 'as in the report'", text), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", f"--asgi-server={label}", f"--asgi-report={folder}"]
    command.append(f"--asgi-baseline={known}")
    # Other tests may be running beside this one: listen longer where nothing must come.
    command.append("--asgi-silence=1")
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    # For what is known and not so.
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


def verdicts(results: Results) -> dict[str, str]:
    """Every verdict, by requirement and version key, as one reads it in a diff."""
    return {
        f"{identifier} over {version}": str(verdict)
        for identifier, judgement in results.requirements.items()
        for version, verdict in judgement.verdicts.items()
    }


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.stem)
def test_a_report_holds_the_verdicts_of_today(path: Path, tmp_path: Path) -> None:
    committed = Results.read(path)
    said = judge(committed, tmp_path)
    fresh = Results.read(tmp_path / path.name)
    versions = f"{committed.server.version} in the report, {fresh.server.version} installed"
    assert verdicts(fresh) == verdicts(committed), f"{versions}; tox -e reports writes fresh reports"
    assert re.findall("stale in the baseline: (\\S+)", said) == [UNBROKEN]
    assert " failed" not in said.splitlines()[-1]


def test_every_server_we_know_how_to_start_has_a_report() -> None:
    assert bundled().keys() == {Results.read(path).server.name for path in REPORTS}


def test_the_matrix_shows_the_reports_as_they_are() -> None:
    several = sorted(map(Results.read, REPORTS), key=lambda results: results.server.label)
    assert (FOLDER / "matrix.md").read_text(encoding="utf-8") == matrix(several)
