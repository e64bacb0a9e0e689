"""Runs of pytest with the plugin, as a user starts them, and what they leave behind."""

import json
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FAULTY = Path(__file__).parent / "servers" / "faulty"
PATH, METHOD = "http.scope.path.percent_decoded", "http.scope.method.present"
DEADLINE = 180.0
# What other plugins there are takes longer to load than most of these runs.
ALONE = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_PLUGINS": "asgi_conformance.plugin,xdist.plugin"}


def faulty(name: str, place: str = "--fd {fd}") -> str:
    """What `--asgi-server` has to be for one of the servers in the folder `faulty`."""
    # The same interpreter goes by several names, and labels are made of them.
    python = Path(sys.executable).with_name("python")
    return f"{shlex.quote(str(python))} {shlex.quote(str(FAULTY / name))}.py {{app}} {place}"


MINIMAL = faulty("minimal")


@dataclass
class Run:
    """What a run of pytest printed, its exit status, and where it ran."""

    output: str
    status: int
    folder: Path

    def results(self, number: int = 0) -> dict[str, Any]:
        """The results of one server, in the order of the file names."""
        text = sorted((self.folder / "reports").glob("*.json"))[number].read_text()
        found: dict[str, Any] = json.loads(text)["requirements"]
        return found

    def verdict(self, requirement: str) -> tuple[str, str]:
        """The one verdict on a requirement, over all versions of HTTP, and its note over the first."""
        found = self.results()[requirement]
        (verdict,) = {*found["verdicts"].values()}
        return verdict, found["notes"].get(min(found["verdicts"]), "")


@dataclass
class Judge:
    """Starts pytest in a folder of its own; all that the run makes elsewhere is made in `scratch`."""

    folder: Path
    scratch: Path
    extra: dict[str, str] = field(default_factory=dict)

    def starts(self, *arguments: str, servers: Sequence[str] = (MINIMAL,)) -> subprocess.Popen[str]:
        """Start pytest, and do not wait for it."""
        command = [sys.executable, "-m", "pytest", "--color=no"]
        command += [f"--asgi-server={server}" for server in servers]
        environment = {**os.environ, "TMPDIR": str(self.scratch), "COLUMNS": "80", **ALONE, **self.extra}
        for name in ("PYTHONPATH", "PYTEST_ADDOPTS", "CI", "PYTEST_XDIST_WORKER"):
            environment.pop(name, None)
        return subprocess.Popen(
            [*command, *arguments],
            cwd=self.folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            # Whoever runs these tests in the background of a shell ignores what ends a run.
            preexec_fn=_heeds_signals,
            text=True,
        )

    def __call__(self, *arguments: str, servers: Sequence[str] = (MINIMAL,)) -> Run:
        """Run pytest to its end."""
        return self.awaits(self.starts(*arguments, servers=servers))

    def awaits(self, process: subprocess.Popen[str]) -> Run:
        """The end of a run."""
        with process:
            try:
                output, _ = process.communicate(timeout=DEADLINE)
            except subprocess.TimeoutExpired:
                # So that it ends its servers.
                process.terminate()
                process.communicate(timeout=DEADLINE)
                raise
            finally:
                process.kill()
        return Run(output, process.returncode, self.folder)

    def interrupts(self, process: subprocess.Popen[str], signum: signal.Signals, after: str) -> Run:
        """The end of a run that gets a signal as soon as it has printed this; all of it gets a Ctrl-C."""
        assert process.stdout is not None
        said = ""
        while after not in said:
            character = process.stdout.read(1)
            assert character, said
            said += character
        tell = os.killpg if signum == signal.SIGINT else os.kill
        tell(process.pid, signum)
        rest = self.awaits(process)
        return Run(said + rest.output, rest.status, rest.folder)

    def left_behind(self) -> list[str]:
        """Files in the scratch folder, and processes that were told to use it."""
        mark = f"TMPDIR={self.scratch}\0".encode()
        # Pytest keeps the temporary folders of the last runs.
        found = [path.name for path in self.scratch.iterdir() if not path.name.startswith("pytest-of-")]
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (entry / "environ").read_bytes() and b"Z" not in _state(entry):
                    found.append((entry / "cmdline").read_bytes().replace(b"\0", b" ").decode())
            except OSError:
                continue
        return found


def _state(entry: Path) -> bytes:
    return (entry / "stat").read_bytes().rpartition(b")")[2].split()[0]


def _heeds_signals() -> None:
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, signal.SIG_DFL)
