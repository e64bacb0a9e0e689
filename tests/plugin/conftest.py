"""What the tests of the plugin share: runs of pytest, which must leave nothing behind."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from running import Judge


@pytest.fixture
def judge(tmp_path: Path) -> Iterator[Judge]:
    """Runs pytest in a folder of its own."""
    # Not below tmp_path: the path of a Unix socket has to be short.
    with tempfile.TemporaryDirectory() as scratch:
        judge = Judge(tmp_path, Path(scratch))
        yield judge
        assert judge.left_behind() == []
