"""Behind each spoiler its requirement fails, and it alone: so every check can fail, for the right reason."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
from batches import Batch, alone, batches
from spoiled import CHECKS, Judgements, Memory, changes, judgements, play
from spoiling import SPOILERS as ALL
from spoiling import Spoiler

from asgi_conformance.dialogue.stage import Play
from asgi_conformance.dialogue.verdict import Verdict

GUILTY = (Verdict.FAIL, Verdict.WARN, Verdict.INFO)
SPOILERS = [each for each in ALL if not each.mends]
MENDERS = [each for each in ALL if each.mends]


@pytest.fixture(scope="session")
def memory(tmp_path_factory: pytest.TempPathFactory) -> Memory:
    """What the processes of this run know of the good servers."""
    own: Path = tmp_path_factory.getbasetemp()
    return Memory(own.parent if "PYTEST_XDIST_WORKER" in os.environ else own)


@pytest.mark.parametrize("batch", batches(SPOILERS), ids=str)
def test_spoilers_convict_what_they_spoil_and_nothing_else(batch: Batch, memory: Memory) -> None:
    changed = changes(batch.spoilers, batch.checks, memory)
    idle = [each for each in batch.spoilers if each.requirement in batch.convicted - guilty(changed)]
    assert not idle, excuses(idle, batch, memory)
    surprising = {point: judged for point, judged in changed.items() if not batch.allows(*point)}
    assert not surprising, f"{surprising}, because of {culprits(batch, surprising, memory)}"


@pytest.mark.alone
@pytest.mark.parametrize("spoiler", SPOILERS, ids=lambda each: f"{each.requirement}-{each.culprit.__name__}")
def test_a_spoiler_convicts_its_requirement_and_no_other(spoiler: Spoiler, memory: Memory) -> None:
    batch = alone(spoiler)
    changed = changes(batch.spoilers, batch.checks, memory)
    assert {requirement for _, requirement in changed} == {spoiler.requirement}, changed
    assert guilty(changed), changed
    elsewhere = [dialogue for dialogue, requirement in changed if not batch.allows(dialogue, requirement)]
    assert not elsewhere, f"mark it with `alone`: its requirement is broken in the dialogues of {elsewhere}"


def guilty(changed: Judgements) -> set[str]:
    """The requirements that were broken in the dialogues of their own checks."""
    return {
        requirement
        for (dialogue, requirement), judged in changed.items()
        if dialogue == requirement and judged.verdict in GUILTY
    }


def excuses(idle: Iterable[Spoiler], batch: Batch, memory: Memory) -> str:
    """Why these spoilers convict nothing: they never do, or somebody in their batch disturbs them."""
    told = []
    for each in idle:
        own = [check for check in batch.checks if check.requirement.id == each.requirement]
        changed = changes([each], own, memory)
        disturbed = "is disturbed by others: narrow them, or mark them with `alone`"
        told.append(f"{each.place} {disturbed if guilty(changed) else 'convicts nothing'}")
    return "; ".join(told)


def culprits(batch: Batch, surprising: Judgements, memory: Memory) -> str:
    """Who it was: those who do the same without the others of their batch."""
    dialogues = {dialogue for dialogue, _ in surprising}
    checks = [each for each in batch.checks if each.requirement.id in dialogues]

    def search(suspects: Sequence[Spoiler]) -> list[str]:
        if changes(suspects, checks, memory).keys().isdisjoint(surprising):
            return []
        half = len(suspects) // 2
        return search(suspects[:half]) + search(suspects[half:]) if half else [suspects[0].place]

    return (
        ", ".join(search(batch.spoilers))
        or "nobody alone: narrow whoever disturbs others, or mark him with `alone`"
    )


@pytest.mark.parametrize("mender", MENDERS, ids=lambda each: f"{each.requirement}-{each.culprit.__name__}")
def test_a_check_that_a_server_fails_passes_behind_a_mender(mender: Spoiler) -> None:
    checks = [check for check in CHECKS if check.requirement.id == mender.requirement]
    point = (mender.requirement, mender.requirement)
    after = judgements(mender.on, play([mender]), checks)
    assert after[point].verdict is Verdict.PASS, after
    before = judgements(mender.on, Play(), checks, {mender.requirement: after[point].version})
    assert before[point].verdict in (*GUILTY, Verdict.UNSUPPORTED)


@pytest.mark.parametrize("identifier", sorted({check.requirement.id for check in CHECKS}))
def test_every_check_has_a_spoiler_or_a_mender(identifier: str) -> None:
    assert any(spoiler.requirement == identifier for spoiler in ALL)
