"""The seven words of a judgement, and which of several stands; it does not know what was judged."""

from collections.abc import Iterable
from enum import StrEnum


class Verdict(StrEnum):
    """What came of one check, declared from the worst to the least."""

    FAIL = "fail"
    ERROR = "error"
    FLAKY = "flaky"
    WARN = "warn"
    INFO = "info"
    PASS = "pass"
    UNSUPPORTED = "unsupported"


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The gravest of them. Raises ValueError where there is none."""
    return min(verdicts, key=list(Verdict).index)
