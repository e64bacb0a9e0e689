"""What servers announce against what they keep, over each version of HTTP, as a markdown table."""

from collections.abc import Iterable, Iterator, Sequence

from asgi_conformance.dialogue.verdict import Verdict, worst
from asgi_conformance.report.chapters import SIGNS
from asgi_conformance.report.markdown import table
from asgi_conformance.report.results import Results
from asgi_conformance.spec.requirement import FIRST_VERSIONS, Level, requirements

INTRODUCTION = """\
Over each version of HTTP: the version of the specification that the scopes announce, and behind an arrow the
last one of which a server keeps all that was added up to it; then each extension that it announces, with the
gravest verdict on what was measured of it, and how often. An empty cell: not announced."""

VERSIONS, EXTENSIONS = "www.spec_version.known_value", "asgi.extensions.dict"
"""The requirements whose checks record what is announced."""
KINDS = ("http", "websocket")
UNCLAIMED = "the server announces"
"""How a note begins that says a requirement is broken and was not claimed."""
BROKEN = (Verdict.FAIL, Verdict.WARN, Verdict.FLAKY, Verdict.ERROR)


def announced_table(several: Sequence[Results]) -> str:
    """A row for each server and version of HTTP that it was judged over; "" if none announced anything."""
    rows = [[*row] for results in several for row in _rows(results)]
    if not rows:
        return ""
    head = ["server", "over", "HTTP", "WebSocket", *(f"`{name}`" for name in _extensions())]
    return f"{INTRODUCTION}\n\n{table(head, rows)}\n"


def _rows(results: Results) -> Iterator[list[str]]:
    for over in _recorded(results):
        versions, extensions = (_announced(results, each, over) for each in (VERSIONS, EXTENSIONS))
        names = {name for told in extensions.values() for name in told.split(", ")}
        yield [
            results.server.label,
            over.removeprefix("http/"),
            *(_spec_version(results, kind, over, versions) for kind in KINDS),
            *(_measured(results, name, over, is_announced=name in names) for name in _extensions()),
        ]


def _recorded(results: Results) -> list[str]:
    judgement = results.requirements.get(VERSIONS)
    return sorted(judgement.notes) if judgement is not None else []


def _announced(results: Results, identifier: str, over: str) -> dict[str, str]:
    """What was recorded, by the type of the scope."""
    judgement = results.requirements.get(identifier)
    note = judgement.note(over) if judgement is not None else ""
    parts = [part.partition(": ") for part in note.split("; ")]
    return {kind: told for kind, separator, told in parts if separator and kind in KINDS and told != "none"}


def _spec_version(results: Results, kind: str, over: str, versions: dict[str, str]) -> str:
    if kind not in versions and not _is_served(results, kind, over):
        return ""
    return f"{versions.get(kind, 'none')} → {_kept(results, kind, over)}"


def _is_served(results: Results, kind: str, over: str) -> bool:
    """Was anything of this chapter more than not offered?"""
    found = (_verdicts(results, each.id, over) for each in requirements().values() if each.chapter == kind)
    return any(verdict is not Verdict.UNSUPPORTED for verdicts in found for verdict in verdicts)


def _kept(results: Results, kind: str, over: str) -> str:
    """The last version of which all that was added is kept."""
    kept = FIRST_VERSIONS[kind]
    of_kind = [each for each in requirements().values() if each.chapter == kind]
    duties = [each for each in of_kind if each.level is not Level.MAY]
    for version in sorted({each.since for each in duties if each.since}):
        if any(_is_broken(results, each.id, over) for each in duties if each.since == version):
            break
        kept = version
    return kept


def _is_broken(results: Results, identifier: str, over: str) -> bool:
    judgement = results.requirements.get(identifier)
    if judgement is None or over not in judgement.verdicts:
        return False
    return judgement.verdicts[over] in BROKEN or judgement.note(over).startswith(UNCLAIMED)


def _measured(results: Results, name: str, over: str, *, is_announced: bool) -> str:
    """The gravest verdict on an extension, and how often; its sign alone where nothing is broken."""
    verdicts = [
        verdict
        for each in requirements().values()
        if each.extension == name
        for verdict in _verdicts(results, each.id, over)
        if verdict is not Verdict.UNSUPPORTED
    ]
    broken = [verdict for verdict in verdicts if verdict in BROKEN]
    if broken:
        gravest = worst(broken)
        return f"{SIGNS[gravest]} {sum(verdict is gravest for verdict in broken)}"
    return SIGNS[Verdict.PASS] if is_announced or verdicts else ""


def _verdicts(results: Results, identifier: str, over: str) -> Iterable[Verdict]:
    judgement = results.requirements.get(identifier)
    return (
        [verdict for version, verdict in judgement.verdicts.items() if version == over] if judgement else []
    )


def _extensions() -> list[str]:
    """The names that scopes give them, in the order of the catalogue."""
    return list(dict.fromkeys(each.extension for each in requirements().values() if each.extension))
