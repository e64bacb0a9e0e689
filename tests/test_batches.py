"""That batches prove what a play of each spoiler alone would."""

from collections import Counter, defaultdict
from collections.abc import Iterable

import pytest
from batches import Batch, batches, layout
from spoiled import CHECKS, checks_for
from spoiling import SPOILERS as ALL
from spoiling import Spoiler

from asgi_conformance.dialogue.check import Check

SPOILERS = [each for each in ALL if not each.mends]
MANY = [Spoiler(f"requirement.{number}", "server", object()) for number in range(40)]


def ids(checks: Iterable[Check]) -> set[str]:
    return {each.requirement.id for each in checks}


def test_every_spoiler_is_convicted_once() -> None:
    convicting = [
        each for batch in batches(SPOILERS) for each in batch.spoilers if each.requirement in batch.convicted
    ]
    assert Counter(convicting) == Counter(SPOILERS)


def test_every_spoiler_is_tried_on_everything_that_it_could_touch() -> None:
    touched = defaultdict[Spoiler, set[str]](set)
    for batch in batches(SPOILERS):
        tried = ids(batch.checks)
        for each in batch.spoilers:
            touched[each] |= tried
    assert [each.place for each in SPOILERS if touched[each] < ids(checks_for(each))] == []


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
