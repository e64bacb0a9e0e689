"""Behind each spoiler its requirement fails, and it alone: so every check can fail, for the right reason."""

import pytest
import spoiled
from spoiled import CHECKS, Judged, checks_for, innocent, unspoiled, verdicts
from spoiling import SPOILERS as ALL
from spoiling import Spoiler

from asgi_conformance.dialogue.stage import Play
from asgi_conformance.dialogue.verdict import Verdict

GUILTY = (Verdict.FAIL, Verdict.WARN, Verdict.INFO)
SPOILERS = [each for each in ALL if not each.mends]
MENDERS = [each for each in ALL if each.mends]


def is_as(before: Judged | None, after: Judged) -> bool:
    """Is it the same verdict?"""
    return before is not None and before.verdict is after.verdict


@pytest.mark.parametrize("spoiler", SPOILERS, ids=lambda each: f"{each.requirement}-{each.culprit.__name__}")
def test_a_spoiler_convicts_its_requirement_and_no_other(spoiler: Spoiler) -> None:
    checks = checks_for(spoiler)
    before = unspoiled(spoiler.on, checks, through_a_proxy=isinstance(spoiler.culprit, type))
    after = verdicts(spoiler.on, spoiled.play(spoiler.culprit), innocent(before, checks))
    changed = {each: judged for each, judged in after.items() if not is_as(before.get(each), judged)}
    assert changed.keys() == {spoiler.requirement}, changed
    assert changed[spoiler.requirement].verdict in GUILTY, changed


@pytest.mark.parametrize("mender", MENDERS, ids=lambda each: f"{each.requirement}-{each.culprit.__name__}")
def test_a_check_that_a_server_fails_passes_behind_a_mender(mender: Spoiler) -> None:
    checks = [check for check in CHECKS if check.requirement.id == mender.requirement]
    before = verdicts(mender.on, Play(), checks)
    assert before[mender.requirement].verdict in GUILTY
    after = verdicts(mender.on, spoiled.play(mender.culprit), checks)
    assert after[mender.requirement].verdict is Verdict.PASS, after


@pytest.mark.parametrize("identifier", sorted({check.requirement.id for check in CHECKS}))
def test_every_check_has_a_spoiler_or_a_mender(identifier: str) -> None:
    assert any(spoiler.requirement == identifier for spoiler in ALL)
