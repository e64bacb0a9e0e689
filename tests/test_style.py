"""The style and the types of everything we write, so that one command tells the whole truth."""

import subprocess
import sys
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[1]


@pytest.mark.parametrize("habit", ["ruff format --check", "ruff check", "mypy"])
def test_everything_is_clean(habit: str) -> None:
    done = subprocess.run([sys.executable, "-m", *habit.split()], cwd=HOUSE, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
