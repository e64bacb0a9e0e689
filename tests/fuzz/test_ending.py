"""Of all that was said to a server that has ended, what it ended of."""

from collections.abc import Sequence

import pytest

from asgi_conformance.fuzz.ending import culprit
from asgi_conformance.fuzz.script import Actor, Script

app = Actor("app")
GOOD: Script = (app.is_called(), app.returns())
BAD: Script = (app.is_called(), app.raises("drawn"))


def ends(scripts: Sequence[Script]) -> bool:
    """As a server that does not survive an error."""
    return any(line.verb == "raises" for script in scripts for line in script)


@pytest.mark.parametrize("before", range(4))
@pytest.mark.parametrize("after", range(4))
def test_it_is_found_wherever_it_was_said(before: int, after: int) -> None:
    assert culprit([GOOD] * before + [BAD] + [GOOD] * after, ends) == BAD


def test_what_is_said_behind_it_does_not_count() -> None:
    assert culprit([GOOD, BAD + GOOD], ends) == BAD


def test_the_latest_of_several_is_told() -> None:
    assert culprit([BAD, (*GOOD, *BAD), GOOD], ends) == (*GOOD, *BAD)


def test_it_may_be_none_of_them() -> None:
    assert culprit([GOOD, GOOD], ends) is None
