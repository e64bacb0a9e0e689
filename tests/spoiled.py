"""Servers behind a spoiler, and what is judged there."""

import fcntl
import importlib
import pickle
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import lying
import spoiling

from asgi_conformance.dialogue.check import Check
from asgi_conformance.dialogue.performance import BREACH, Finding
from asgi_conformance.dialogue.stage import Play
from asgi_conformance.dialogue.verdict import Verdict, worst
from asgi_conformance.plugin.company import Company
from asgi_conformance.plugin.items import bundled, spoken_by
from asgi_conformance.servers import DEPLOYED, LEGACY, resolve
from asgi_conformance.servers._setting import ENCRYPTED
from asgi_conformance.spec.requirement import requirement
from asgi_conformance.wire.connection import Address, Patience

FOLDER = Path(__file__).parent.parent / "fixtures" / "spoilers"

for module in sorted(FOLDER.glob("*.py")):
    importlib.import_module(module.stem)

# More than ever needed: several of these tests share the machine.
PATIENCE = Patience(must=8.0)
PROXIES: list[lying.Proxy] = []
OF_REQUESTS = (
    "http",
    "wire_http",
    "wire_http1",
    "wire_http2",
    "pathsend",
    "zerocopysend",
    "debug",
    "early_hint",
    "trailers",
    "push",
)
OF_WEBSOCKET = ("websocket", "denial", "wire_websocket")
UNTOUCHED: dict[str | None, tuple[str, ...]] = {None: (), "http": OF_WEBSOCKET, "websocket": OF_REQUESTS}
UNTOUCHED |= {"legacy": (*OF_REQUESTS, *OF_WEBSOCKET), "encrypted": (), "ending": ()}
UNTOUCHED |= {"proxied": (), "supervised": ()}
"""The chapters that are not about the type of scope that a spoiler meddles with."""
CHECKS = [check for chapter in bundled().values() for check in chapter]
OF_ENDINGS = [check for check in CHECKS if check.requirement.chapter == "stopping"]
DEPLOYMENTS = [check for check in CHECKS if check.setting == DEPLOYED]
OF_DEPLOYMENTS, OF_LIFESPANS = (
    {own: [each for each in checks if each.needs_a_new_server is own] for own in (True, False)}
    for checks in (DEPLOYMENTS, [each for each in CHECKS if each not in (*OF_ENDINGS, *DEPLOYMENTS)])
)
"""The checks that start a server of their own, and those that do not: behind a proxy, and all others."""
OVER_TLS = [check for check in CHECKS if check.setting in ENCRYPTED]


def checks_for(spoiler: spoiling.Spoiler) -> tuple[Check, ...]:
    """The checks that this spoiler could touch.

    What sees nothing but requests changes nothing about WebSocket, nor the other way round.
    A server of its own is started for what is said in its lifespan: who does not meddle with lifespans cannot
    change that, nor who meddles with nothing else what is said in requests; and three hundred spoilers would
    start thousands of servers to show it. An application of two steps has spoilers of its own, as TLS has,
    as the end of a server that has guests has, and one that is deployed: they know it by its paths, which no
    other check asks for.
    Nobody stands in the middle where a server listens elsewhere.
    """
    meddles = spoiler.culprit.__module__.startswith("lifespan")
    two_steps = spoiler.meddles_with == LEGACY
    apart = {"encrypted": OVER_TLS, "ending": OF_ENDINGS}
    apart |= {"proxied": OF_DEPLOYMENTS[False], "supervised": OF_DEPLOYMENTS[True]}
    within_reach = apart.get(str(spoiler.meddles_with), OF_LIFESPANS[meddles])
    return tuple(
        check
        for check in within_reach
        if check.requirement.chapter not in UNTOUCHED[spoiler.meddles_with]
        and (check.setting == LEGACY) is two_steps
        and not (check.setting and spoiler.is_a_lie)
    )


@dataclass(frozen=True)
class Judged:
    """A verdict, why, and over which version of HTTP."""

    verdict: Verdict
    note: str
    version: str


Judgements = dict[tuple[str, str], Judged]
"""The worst verdict on each requirement in each dialogue: by the requirement of the check, and its own."""


def judgements(
    server: str, play: Play, checks: Iterable[Check], over: Mapping[str, str] | None = None
) -> Judgements:
    """What is found and overheard in the dialogues of these checks.

    Each is held over the first version of HTTP where it passes, or over the one that is told for it.
    """
    choice = resolve(server)
    company = Company([choice], PATIENCE, play)
    found: Judgements = {}
    spoken, known = spoken_by(choice), over or {}
    wanted = []
    for check in checks:
        name = check.requirement.id
        if versions := (known[name],) if name in known else _versions(check, spoken):
            wanted.append((check, versions))
    try:
        for number, (check, versions) in enumerate(wanted):
            company.looks_ahead(*((each, choice, soon[0]) for each, soon in wanted[number : number + 2]))
            for version in versions:
                heard = _heard(company.performs(check, choice, version))
                if heard[check.requirement.id].verdict is Verdict.PASS:
                    break
            found |= {(check.requirement.id, identifier): judged for identifier, judged in heard.items()}
    finally:
        company.close()
        while PROXIES:
            PROXIES.pop().close()
    return found


def _versions(check: Check, spoken: Sequence[str]) -> tuple[str, ...]:
    """Over which versions it is tried: over HTTP/3, which is slow, only what is about that alone."""
    return check.versions([each for each in spoken if each != "http/3"]) or check.versions(spoken)


def _heard(finding: Finding) -> dict[str, Judged]:
    """The worst verdict on each requirement in one dialogue, not in the introduction of its server."""
    heard = {finding.check.requirement.id: Judged(finding.verdict, finding.note, finding.version)}
    for each in (each for each in finding.overheard if not each.scene):
        judged = Judged(BREACH[requirement(each.requirement).level], each.text, finding.version)
        known = heard.setdefault(each.requirement, judged)
        if worst([known.verdict, judged.verdict]) is not known.verdict:
            heard[each.requirement] = judged
    return heard


def play(spoilers: Sequence[spoiling.Spoiler]) -> Play:
    """How a server is started with these spoilers, all of them middleware or all of them lies."""
    if lies := [each.culprit for each in spoilers if each.is_a_lie]:
        return through_a_proxy(*lies)
    files = tuple(path for path in FOLDER.glob("*.py") if path.stem != "lying")
    places = " ".join(each.place for each in spoilers)
    environment = {spoiling.VARIABLE: places}
    return Play("spoiling:spoiled", files=files, environment=environment, legacy="spoiling:legacy")


def through_a_proxy(*lies: type[lying.Lie]) -> Play:
    """How a server is started with these liars in the middle, or an honest man."""

    def through(address: Address) -> Address:
        PROXIES.append(lying.Proxy(address, lies))
        return PROXIES[-1].address

    return Play(through=through)


@dataclass(frozen=True)
class Memory:
    """What was judged on the good servers: a folder, which the processes of a run may share."""

    folder: Path

    def recalls(self, server: str, checks: Iterable[Check], *, proxied: bool) -> Judgements:
        """All that is known of this server, these checks included."""
        place = self.folder / f"{server} {'through a proxy' if proxied else 'itself'}"
        with place.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            known: Judgements = pickle.loads(place.read_bytes()) if place.exists() else {}
            unknown = [each for each in checks if (each.requirement.id, each.requirement.id) not in known]
            if unknown:
                known |= judgements(server, through_a_proxy() if proxied else Play(), unknown)
                place.write_bytes(pickle.dumps(known))
        return known


def changes(spoilers: Sequence[spoiling.Spoiler], checks: Iterable[Check], memory: Memory) -> Judgements:
    """What these spoilers together change in the dialogues of these checks.

    Nobody is convicted of what he was guilty of before: only checks that the good server passes are tried,
    and those of the spoiled requirements if it had no occasion to break them.
    """
    first = spoilers[0]
    before = memory.recalls(first.on, checks, proxied=first.is_a_lie)
    accused = {each.requirement for each in spoilers}
    innocent, over = [], {}
    for each in checks:
        # What is about another version of HTTP is not held on this server at all.
        judged = before.get((each.requirement.id,) * 2)
        if judged is None:
            continue
        has_no_occasion = judged.verdict is Verdict.UNSUPPORTED and each.requirement.id in accused
        if judged.verdict is Verdict.PASS or has_no_occasion:
            innocent.append(each)
            over[each.requirement.id] = judged.version
    after = judgements(first.on, play(spoilers), innocent, over)
    return {
        point: judged
        for point, judged in after.items()
        if point not in before or before[point].verdict is not judged.verdict
    }
