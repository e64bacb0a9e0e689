"""Batches of spoilers that are played at once: few plays, which prove what a play of each alone would.

A spoiler changes one verdict in one dialogue, that of the check of its requirement. Two things are to be
shown. That it does: in a batch with a few others, where the checks of their requirements are tried. And that
it changes nothing in any other dialogue: for this the spoiled requirements of a ground are numbered, and any
two numbers differ in some binary digit. For each digit, the spoilers of the numbers that have a 1 there are
played at once and the checks of those with a 0 are tried, and the other way round. So every dialogue is held,
without its own spoiler, behind each of the others; and no verdict may change. What nobody here spoils is
tried behind all of them at once.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from spoiled import checks_for
from spoiling import Spoiler

from asgi_conformance.dialogue.check import Check

CONVICTED_AT_ONCE = 8
"""Many convictions take all the patience there is: small parts are shared out better."""


@dataclass(frozen=True)
class Batch:
    """Spoilers that are played at once, and the checks that are tried behind them."""

    name: str
    spoilers: Sequence[Spoiler]
    checks: Sequence[Check]

    def __str__(self) -> str:
        return self.name

    @property
    def convicted(self) -> set[str]:
        """The requirements that are to be found broken by their own checks."""
        return {each.requirement for each in self.spoilers} & {each.requirement.id for each in self.checks}

    def allows(self, dialogue: str, requirement: str) -> bool:
        """May the verdict on a requirement change in the dialogue of this check?"""
        return any(
            each.requirement == requirement and (dialogue == requirement or each.alone)
            for each in self.spoilers
        )


def alone(spoiler: Spoiler) -> Batch:
    """The batch of one, behind which all is tried that it could touch."""
    return Batch(f"alone-{spoiler.culprit.__name__}", [spoiler], checks_for(spoiler))


def batches(spoilers: Iterable[Spoiler]) -> list[Batch]:
    """Batches that together prove everything about these spoilers; those that take longest come first."""
    grounds = defaultdict[str, list[Spoiler]](list)
    found = []
    for each in spoilers:
        if each.alone:
            found.append(alone(each))
        else:
            grounds[ground(each)].append(each)
    for name, members in grounds.items():
        found += layout(name, members, checks_for(members[0]))
    return sorted(found, key=lambda batch: len(batch.convicted), reverse=True)


def ground(spoiler: Spoiler) -> str:
    """Where a spoiler works. Not in the words of requirements, by which spoilers are asked for one by one."""
    lives = spoiler.culprit.__module__.startswith("lifespan")
    names = {
        None: "calls",
        "http": "requests",
        "websocket": "sockets",
        "legacy": "steps",
        "encrypted": "secrets",
        "ending": "endings",
        "proxied": "behind",
        "supervised": "kept",
    }
    place = "wire" if spoiler.is_a_lie else names[spoiler.meddles_with]
    return f"{spoiler.on}-{'lives-' * lives}{place}"


def layout(name: str, spoilers: Sequence[Spoiler], checks: Sequence[Check]) -> Iterator[Batch]:
    """The batches of one ground."""
    spoiled = list(dict.fromkeys(each.requirement for each in spoilers))
    numbers = {requirement: number for number, requirement in enumerate(spoiled)}

    def of(some: set[str]) -> list[Check]:
        return [each for each in checks if each.requirement.id in some]

    for number, some in enumerate(small(spoilers), 1):
        yield Batch(f"{name}-convicted-{number}", some, of({each.requirement for each in some}))
    for digit in range((len(spoiled) - 1).bit_length()):
        for value in (0, 1):
            others = {requirement for requirement in spoiled if numbers[requirement] >> digit & 1 != value}
            players = [each for each in spoilers if each.requirement not in others]
            yield Batch(f"{name}-digit-{digit}-is-{value}", players, of(others))
    yield Batch(f"{name}-all", spoilers, [each for each in checks if each.requirement.id not in numbers])


def small(spoilers: Iterable[Spoiler]) -> Iterator[list[Spoiler]]:
    """Parts without two spoilers of one requirement, who would hide each other."""
    left = list(spoilers)
    while left:
        part = list({each.requirement: each for each in reversed(left)}.values())[-CONVICTED_AT_ONCE:][::-1]
        yield part
        left = [each for each in left if each not in part]
