"""Servers behind a spoiler, and the verdicts on all checks there."""

import importlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import lying
import spoiling

from asgi_conformance.dialogue.check import Check
from asgi_conformance.dialogue.performance import BREACH
from asgi_conformance.dialogue.stage import Play
from asgi_conformance.dialogue.verdict import Verdict, worst
from asgi_conformance.plugin.company import Company
from asgi_conformance.plugin.items import CLIENTS, bundled
from asgi_conformance.servers import resolve
from asgi_conformance.spec.requirement import requirement
from asgi_conformance.wire.connection import Address, Patience

FOLDER = Path(__file__).parent.parent / "fixtures" / "spoilers"

for module in sorted(FOLDER.glob("*.py")):
    importlib.import_module(module.stem)

# More than ever needed: several of these tests share the machine.
PATIENCE = Patience(must=8.0)
PROXIES: list[lying.Proxy] = []
OF_REQUESTS = ("http", "wire_http", "wire_http1")
OF_WEBSOCKET = ("websocket", "wire_websocket")
UNTOUCHED = {None: (), "http": OF_WEBSOCKET, "websocket": OF_REQUESTS}
"""The chapters that are not about the type of scope that a spoiler meddles with."""
CHECKS = [check for chapter in bundled().values() for check in chapter]


def checks_for(spoiler: spoiling.Spoiler) -> tuple[Check, ...]:
    """The checks that this spoiler could touch.

    What sees nothing but requests changes nothing about WebSocket, nor the other way round.
    A server of its own is started for what is said in its lifespan: who does not meddle with lifespans cannot
    change that, nor who meddles with nothing else what is said in requests; and three hundred spoilers would
    start thousands of servers to show it.
    """
    meddles = spoiler.culprit.__module__.startswith("lifespan")
    return tuple(
        check
        for check in CHECKS
        if check.needs_a_new_server is meddles
        and check.requirement.chapter not in UNTOUCHED[spoiler.meddles_with]
    )


@dataclass
class Judged:
    """The worst verdict on a requirement, and why."""

    verdict: Verdict
    note: str


def innocent(before: dict[str, Judged], checks: Iterable[Check]) -> list[Check]:
    """The checks that the good server passes: nobody is convicted of what he was guilty of before."""
    return [check for check in checks if before[check.requirement.id].verdict is Verdict.PASS]


def verdicts(server: str, play: Play, checks: Iterable[Check]) -> dict[str, Judged]:
    """The worst verdict for each requirement, overheard ones included."""
    choice = resolve(server)
    company = Company([choice], PATIENCE, play)
    found: dict[str, Judged] = {}

    def judge(identifier: str, verdict: Verdict, note: str) -> None:
        known = found.setdefault(identifier, Judged(verdict, note))
        if worst([known.verdict, verdict]) is not known.verdict:
            found[identifier] = Judged(verdict, note)

    performances = [
        (check, version)
        for check in checks
        for version in check.versions([each for each in CLIENTS if each in choice.adapter.speaks])
    ]
    try:
        for number, (check, version) in enumerate(performances):
            soon = [each for each, _ in performances[number : number + 2]]
            spares = sum(each.needs_a_new_server for each in soon)
            company.looks_ahead(choice, choice if len(soon) > 1 else None, spares=spares)
            finding = company.performs(check, choice, version)
            judge(check.requirement.id, finding.verdict, finding.note)
            for each in finding.overheard:
                judge(each.requirement, BREACH[requirement(each.requirement).level], each.text)
    finally:
        company.close()
        while PROXIES:
            PROXIES.pop().close()
    return found


@cache
def unspoiled(server: str, checks: tuple[Check, ...], *, through_a_proxy: bool) -> dict[str, Judged]:
    """The verdicts on the good server, with an honest man in the middle if need be."""
    return verdicts(server, _play(lying.Lie) if through_a_proxy else Play(), checks)


def play(culprit: type | object) -> Play:
    """How a server is started with this spoiler."""
    if isinstance(culprit, type):
        return _play(culprit)
    place = next(each.place for each in spoiling.SPOILERS if each.culprit is culprit)
    files = tuple(path for path in FOLDER.glob("*.py") if path.stem != "lying")
    return Play("spoiling:spoiled", files, {spoiling.VARIABLE: place})


def _play(lie: type) -> Play:
    def through(address: Address) -> Address:
        PROXIES.append(lying.Proxy(address, lie))
        return PROXIES[-1].address

    return Play(through=through)
