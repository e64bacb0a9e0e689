"""Where the same exchanges differ between the versions of HTTP, the settings and the kinds of one server.

It is made of what the checks have recorded, see `dialogue.comparing`; nothing is judged anew.
"""

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from asgi_conformance.dialogue.verdict import Verdict, worst
from asgi_conformance.report.allowances import ALLOWANCES, JUDGED_BY, Allowance
from asgi_conformance.report.markdown import plain, table
from asgi_conformance.report.results import Results
from asgi_conformance.wire.request import cut

INTRODUCTION = """\
The same exchanges are held over every version of HTTP, over TLS, on a Unix socket and below a mount point, by
each implementation of a server. Here is where the application is told something else, or the client finds
something else; the usual way is HTTP/1.1 in the clear. Beside it stands the requirement that is broken on one
side only, or `info` if there is none. `answer.headers` are those of the application, `answer.added` the names
of those that the server adds. Left out is what a version or a setting really changes:"""

KINDS = ("http", "websocket")
MOUNTED = "mounted"
SETTINGS = {"": "usual", "tls": "TLS", "unix": "Unix socket", MOUNTED: "mounted"}
"""By the middle word of their requirements: how they are called."""
FIRST = "http/1.1"
BROKEN = (Verdict.FAIL, Verdict.WARN)
NOTHING = "nothing"
LONGEST = 120

Fields = Mapping[str, object]


@dataclass(frozen=True)
class Way:
    """How a server was asked: its results, the setting, and the version of HTTP."""

    results: Results
    setting: str
    version: str

    def exchanges(self, kind: str) -> dict[str, Fields]:
        """What was recorded, by the name of the exchange; of what is no record, nothing."""
        judgement = self.results.requirements.get(_identifier(self.setting, kind))
        lines = judgement.note(self.version).splitlines() if judgement else []
        return dict(each for line in lines if (each := _exchange(line)) is not None)

    def verdict(self, identifier: str) -> Verdict | None:
        """The verdict on a requirement over this version."""
        judgement = self.results.requirements.get(identifier)
        return judgement.verdicts.get(self.version) if judgement else None


@dataclass(frozen=True)
class Difference:
    """What is one way here and another way there, and the requirements that are broken on one side only."""

    key: str
    one: str
    other: str
    broken: str


def parity_table(several: Sequence[Results]) -> str:
    """What may differ, then what differs between versions and settings, then between implementations."""
    if not any(Way(each, "", FIRST).exchanges(kind) for each in several for kind in KINDS):
        return ""
    parts = [INTRODUCTION, "\n".join(f"- {each}" for each in ALLOWANCES)]
    for title, head, found in (
        ("Between versions and settings", ("server", "usually", "there"), _across_ways(several)),
        ("Between implementations", ("servers", "the first", "the other"), _across_implementations(several)),
    ):
        servers, one, other = head
        rows = _rows(found)
        parts.append(f"**{title}**{'' if rows else ': no difference'}")
        if rows:
            parts.append(table([servers, "where", "exchange", "of", one, other, ""], rows))
    return "\n\n".join(parts) + "\n"


Found = Iterator[tuple[str, Way, str, Difference]]
"""The labels, the way in which it is otherwise, the exchange, and what differs there."""


def _rows(found: Found) -> list[list[str]]:
    """A row for each difference: who has it shares it, and it is told once for all exchanges."""
    places: dict[tuple[str, Difference], list[tuple[Way, str]]] = {}
    for labels, way, exchange, difference in found:
        places.setdefault((labels, difference), []).append((way, exchange))
    sharing: dict[tuple[Difference, str, str], list[str]] = {}
    for (labels, difference), own in places.items():
        exchanges = ", ".join(dict.fromkeys(exchange for _, exchange in own))
        sharing.setdefault((difference, _where(way for way, _ in own), exchanges), []).append(labels)
    return [
        ["; ".join(labels), where, exchanges, each.key, plain(each.one), plain(each.other), each.broken]
        for (each, where, exchanges), labels in sharing.items()
    ]


def _where(ways: Iterable[Way]) -> str:
    """Each version with the settings in which it was spoken, unless that is the usual one alone."""
    settings: dict[str, list[str]] = {}
    for version, setting in dict.fromkeys((way.version, way.setting) for way in ways):
        settings.setdefault(version.upper(), []).append(SETTINGS[setting])
    return ", ".join(
        version if own == [SETTINGS[""]] else f"{version} ({', '.join(own)})"
        for version, own in settings.items()
    )


def _across_ways(several: Sequence[Results]) -> Found:
    """Every way with HTTP/1.1 in the clear, or with that below a mount point."""
    for results in several:
        for way in _ways(results):
            usual = Way(results, way.setting if way.setting == MOUNTED else "", FIRST)
            yield from _compared(results.server.label, usual, way)


def _across_implementations(several: Sequence[Results]) -> Found:
    """Each implementation with the first one of the same server."""
    firsts: dict[str, Results] = {}
    for results in several:
        first = firsts.setdefault(results.server.name, results)
        for way in _ways(results) if first is not results else ():
            labels = f"{first.server.label}, {results.server.label}"
            yield from _compared(labels, Way(first, way.setting, way.version), way)


def _ways(results: Results) -> Iterator[Way]:
    """All the ways in which exchanges were recorded."""
    for setting in SETTINGS:
        judged = [results.requirements.get(_identifier(setting, kind)) for kind in KINDS]
        versions = {version for each in judged if each for version in each.notes}
        yield from (Way(results, setting, version) for version in sorted(versions))


def _identifier(setting: str, kind: str) -> str:
    return ".".join(filter(None, ["parity", setting, kind]))


def _exchange(line: str) -> tuple[str, Fields] | None:
    """The name of an exchange, and what was recorded of it; None of a note that is no record."""
    name, _, record = line.partition(": ")
    try:
        fields = ast.literal_eval(record)
    except (SyntaxError, ValueError):
        return None
    return (name, fields) if isinstance(fields, dict) else None


def _compared(labels: str, one: Way, other: Way) -> Found:
    settings = {one.setting, other.setting}
    allowed = [
        each for each in ALLOWANCES if not each.setting or (each.setting in settings and len(settings) > 1)
    ]
    for kind in KINDS:
        theirs = other.exchanges(kind)
        for exchange, fields in one.exchanges(kind).items():
            there = theirs.get(exchange, fields)
            for key in sorted({*fields, *there}):
                values = [_but_for(allowed, key, each.get(key)) for each in (fields, there)]
                if values[0] != values[1]:
                    broken = _broken(kind, exchange, key, one, other)
                    yield labels, other, exchange, Difference(key, *_told(*values), broken)


def _but_for(allowed: Iterable[Allowance], key: str, value: object) -> object:
    """A value without what may differ; headers by name, as only the order within a name means anything."""
    for each in allowed:
        if each.key == key and not each.names:
            return None
        if each.key == key and isinstance(value, list):
            value = [part for part in value if _name(part) not in each.names]
    if key.endswith("headers") and isinstance(value, list):
        value = sorted(value, key=_name)
    return value or None


def _name(part: object) -> str:
    """The name of a header, alone or with its value, or of an extension."""
    name = part[0] if isinstance(part, list) and part else part
    return name.decode("latin-1") if isinstance(name, bytes) else str(name)


def _told(one: object, other: object) -> tuple[str, str]:
    """Both values in words; of lists what only one of them has, unless only the order differs."""
    if all(isinstance(each, list | None) for each in (one, other)):
        here, there = (each if isinstance(each, list) else [] for each in (one, other))
        alone = [each for each in here if each not in there], [each for each in there if each not in here]
        one, other = alone if any(alone) else (here, there)
    return _spelled(one), _spelled(other)


def _spelled(value: object) -> str:
    if not isinstance(value, list):
        return NOTHING if value is None else cut(repr(value), LONGEST)
    return cut(", ".join(map(_item, value)), LONGEST) or NOTHING


def _item(part: object) -> str:
    """An item of a list as it is, a header as on the wire."""
    if isinstance(part, list) and len(part) == 2 and isinstance(part[1], bytes):
        return f"{_name(part)}: {part[1].decode('latin-1')}"
    return str(part)


def _broken(kind: str, exchange: str, key: str, one: Way, other: Way) -> str:
    """The requirements that one keeps and the other does not, or "info" if there is none."""
    told = []
    # What breaks an exchange off is something that was told, or not told.
    keys = ("events", "answer") if key == "broken off" else (key,)
    judges = dict.fromkeys(each for name in (kind, exchange) for key in keys for each in _judges(name, key))
    for identifier in judges:
        verdicts = [each.verdict(identifier) for each in (one, other)]
        told += [f"`{identifier}` {worst(filter(None, verdicts))}"] if _differ(*verdicts) else []
    return ", ".join(told) or str(Verdict.INFO)


def _judges(name: str, key: str) -> tuple[str, ...]:
    return JUDGED_BY.get(f"{name} {key}", ())


def _differ(one: Verdict | None, other: Verdict | None) -> bool:
    return one is not other and not {one, other}.isdisjoint(BROKEN)
