"""A server in another environment, of another Python, in which nothing of ours is installed."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from running import METHOD, Judge

VERSIONS = [f"3.{minor}" for minor in (8, 9, 10, 12, 13, 14) if minor != sys.version_info.minor]
# What these wrote would not run on a newer Python, where the newest has to do.
OLD = {"uvicorn": "uvicorn==0.13.4", "hypercorn": "hypercorn==0.11.2"}


def interpreters() -> Iterator[tuple[str, str]]:
    """Other Pythons, the oldest first: version and path."""
    homes = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions")
    for version in VERSIONS:
        on_path = shutil.which(f"python{version}")
        found = [*([on_path] if on_path else []), *map(str, homes.glob(f"{version}.*/bin/python{version}"))]
        # What is on the PATH may be the shim of a version that is not there.
        yield from ((version, each) for each in found if answers(each, "-c", "import venv, ensurepip"))


def answers(*command: str) -> bool:
    return subprocess.run(command, capture_output=True).returncode == 0


@pytest.fixture(scope="session")
def foreign() -> tuple[str, str]:
    """Version and path of another Python."""
    found = next(interpreters(), None)
    if found is None:
        pytest.skip(f"none of the Pythons {', '.join(VERSIONS)} is installed here")
    return found


@pytest.mark.slow
@pytest.mark.parametrize("server", ["uvicorn", "hypercorn"])
def test_an_old_server_is_judged_where_it_lives(
    server: str, foreign: tuple[str, str], tmp_path: Path, judge: Judge
) -> None:
    version, interpreter = foreign
    python = tmp_path / "old" / "bin" / "python"
    subprocess.run([interpreter, "-m", "venv", tmp_path / "old"], check=True)
    wanted = OLD[server] if version in ("3.8", "3.9") else server
    if not answers(str(python), "-m", "pip", "install", "--quiet", wanted):
        pytest.skip(f"pip cannot install {wanted} here")
    selection = f"-k={METHOD} or lifespan.startup.type"
    run = judge(selection, "--asgi-report=reports", f"--asgi-python={python}", servers=[server])
    about = json.loads((judge.folder / "reports" / f"{server}.json").read_text())["server"]
    assert f"{about['name']}=={about['version']}".startswith(wanted)
    assert about["python"].startswith(f"{version}.")
    assert {run.verdict(each)[0] for each in (METHOD, "lifespan.startup.type")} == {"pass"}
