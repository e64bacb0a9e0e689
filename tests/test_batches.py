"""That batches prove what a play of each spoiler alone would."""

import pytest
from batches import Batch, batches, layout
from spoiled import CHECKS, checks_for
from spoiling import SPOILERS, Spoiler

ALL = batches([each for each in SPOILERS if not each.mends])
MANY = [Spoiler(f"requirement.{number}", "server", object()) for number in range(40)]


def tried(batch: Batch) -> set[str]:
    return {each.requirement.id for each in batch.checks}


@pytest.mark.parametrize(
    "spoiler", [each for each in SPOILERS if not each.mends], ids=lambda each: each.place
)
def test_every_spoiler_is_tried_on_everything_that_it_could_touch(spoiler: Spoiler) -> None:
    played = [batch for batch in ALL if spoiler in batch.spoilers]
    convicted = [batch for batch in played if spoiler.requirement in tried(batch)]
    assert [spoiler.requirement in batch.convicted for batch in convicted] == [True]
    others = {each.requirement.id for each in checks_for(spoiler)} - {spoiler.requirement}
    unspoiled = [tried(batch) - batch.convicted for batch in played]
    assert set().union(*unspoiled) >= others or spoiler.alone


@pytest.mark.parametrize("number", [1, 2, 3, 8, 9, 40])
def test_few_batches_are_enough(number: int) -> None:
    found = list(layout("here", MANY[:number], []))
    halves = [batch for batch in found if "digit" in batch.name]
    assert len(halves) == 2 * (number - 1).bit_length()


def test_two_spoilers_of_one_requirement_are_tried_one_by_one() -> None:
    first, second = (Spoiler(CHECKS[0].requirement.id, "server", object()) for _ in range(2))
    parts = [batch.spoilers for batch in layout("here", [first, second], CHECKS) if batch.convicted]
    assert parts == [[first], [second]]


def test_only_one_who_is_marked_may_be_heard_of_in_the_dialogues_of_others() -> None:
    narrow, loud = Spoiler("narrow", "server", object()), Spoiler("loud", "server", object(), alone="is loud")
    batch = Batch("both", [narrow, loud], [])
    assert batch.allows("narrow", "narrow")
    assert not batch.allows("other", "narrow")
    assert batch.allows("other", "loud")
