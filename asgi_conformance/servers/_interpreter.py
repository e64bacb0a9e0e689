"""The Python that has the server: ours, or a foreign one that we only ask two questions."""

import functools
import os
import platform
import shutil
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from asgi_conformance.servers._adapter import BadServer

PATIENCE = 15.0
GREETING = "asgi-conformance"
# Spelled for any Python that ever ran an ASGI server; 3.7 has no importlib.metadata.
QUESTIONS = f"""
import sys
try:
    from importlib.metadata import version
except ImportError:
    from pkg_resources import get_distribution
    version = lambda name: get_distribution(name).version
try:
    found = version(sys.argv[1])
except Exception:
    found = ""
print("{GREETING} %d.%d.%d %s" % (sys.version_info[:3] + (found,)))
"""


def find(python: str | None) -> str:
    """The path of an interpreter (ours for None), its links not followed. Raises BadServer."""
    if python is None:
        return sys.executable
    path = shutil.which(python)
    if path is None:
        raise BadServer(f"there is no interpreter that can be run at {python!r}")
    return os.path.abspath(path)


def ask(interpreter: str, package: str) -> tuple[str, str]:
    """The version of Python and of the package there, "" if that is not installed. Raises BadServer."""
    if interpreter != sys.executable:
        return _ask_foreign(interpreter, package)
    try:
        return platform.python_version(), version(package) if package else ""
    except PackageNotFoundError:
        return platform.python_version(), ""


@functools.cache
def _ask_foreign(interpreter: str, package: str) -> tuple[str, str]:
    command = [interpreter, "-c", QUESTIONS, package]
    try:
        answer = subprocess.run(
            command, capture_output=True, text=True, errors="replace", timeout=PATIENCE
        ).stdout
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BadServer(f"{interpreter} cannot be asked for its version: {error}") from error
    words = answer.split(maxsplit=2)
    if len(words) < 2 or words[0] != GREETING:
        raise BadServer(f"{interpreter} is no Python: asked for its version, it printed {answer[:60]!r}")
    return words[1], words[2].strip() if len(words) == 3 else ""


def executable(word: str, interpreter: str, *, module: bool) -> list[str]:
    """What the first word of a command means: `python`, a script beside it, a module of it, or a program.

    Raises BadServer where it means nothing.
    """
    if word in ("python", "{python}"):
        return [interpreter]
    beside = Path(interpreter).parent / word
    if beside.is_file():
        return [str(beside)]
    if module:
        return [interpreter, "-m", word]
    program = shutil.which(word)
    if program is None:
        raise BadServer(f"there is no program {word!r}, neither beside {interpreter} nor on the PATH")
    return [os.path.abspath(program)]
