"""Many servers in one table: markdown that reads on a page and in a terminal; it judges nothing."""

from collections.abc import Iterator, Sequence

from asgi_conformance.dialogue.verdict import Verdict
from asgi_conformance.report.announced import announced_table
from asgi_conformance.report.chapters import LEGEND, SIGNS, by_chapter, count
from asgi_conformance.report.lifespans import lifespan_table
from asgi_conformance.report.markdown import plain, table
from asgi_conformance.report.parity import parity_table
from asgi_conformance.report.results import Judgement, Results
from asgi_conformance.report.stopping import stopping_table
from asgi_conformance.spec.requirement import requirements

LIFESPAN = "lifespan"
TABLES = {"stopping": stopping_table, "parity": parity_table}
"""The chapters of which only a table is shown, of what was recorded."""
DEVIATIONS = (Verdict.FAIL, Verdict.ERROR, Verdict.FLAKY, Verdict.WARN)


def matrix(results: Sequence[Results]) -> str:
    """Who was judged, the verdicts counted by chapter, then each chapter: who keeps what, what was wrong."""
    chapters = by_chapter(results)
    blocks = [
        "# Which server keeps which requirement",
        "\n".join(dict.fromkeys(_made_by(each) for each in results)),
        table(["server", "package", "Python", "command"], map(_facts, results)),
        _summary(results, chapters),
        LEGEND.replace("  ", ", ") + ". An empty cell: not judged.",
    ]
    if told := announced_table(results):
        blocks += ["## What is announced, and what was measured of it", told.rstrip()]
    for chapter, identifiers in chapters.items():
        blocks += [f"## {chapter}", *_chapter(chapter, results, identifiers)]
    return "\n\n".join(blocks) + "\n"


def _chapter(chapter: str, results: Sequence[Results], identifiers: Sequence[str]) -> Iterator[str]:
    if chapter in TABLES:
        yield TABLES[chapter](results).rstrip()
        return
    yield _verdicts(results, identifiers)
    yield from _remarks("Deviations", results, identifiers, DEVIATIONS)
    yield from _remarks("Seen, and nobody's fault", results, identifiers, (Verdict.INFO,))
    if chapter == LIFESPAN and (told := lifespan_table(results)):
        yield from ("**What becomes of a server**", told.rstrip())


def _made_by(results: Results) -> str:
    versions = ", ".join(f"{document} {version}" for document, version in results.specification.items())
    return f"asgi-conformance {results.asgi_conformance}; specification: {versions}"


def _facts(results: Results) -> list[str]:
    server = results.server
    return [server.label, f"{server.name} {server.version}", server.python, f"`{server.command}`"]


def _summary(several: Sequence[Results], chapters: dict[str, list[str]]) -> str:
    everything = [identifier for identifiers in chapters.values() for identifier in identifiers]
    rows = [
        [chapter, *(_counted(results, identifiers) for results in several)]
        for chapter, identifiers in [*chapters.items(), ("**all**", everything)]
    ]
    return table(["chapter", *_labels(several)], rows)


def _counted(results: Results, identifiers: Sequence[str]) -> str:
    counts = count(results, identifiers)
    return ", ".join(f"{counts[verdict]} {verdict}" for verdict in SIGNS if counts[verdict])


def _verdicts(several: Sequence[Results], identifiers: Sequence[str]) -> str:
    rows = [
        [identifier, *(_cell(results.requirements.get(identifier)) for results in several)]
        for identifier in identifiers
    ]
    return table(["requirement", *_labels(several)], rows)


def _cell(judgement: Judgement | None) -> str:
    """The one sign that all versions share over which it is offered, or a sign for each: `1.1 ✓, 2 ✗`."""
    if judgement is None:
        return ""
    # What is not offered over one version is told once, where announcements are.
    offered = {
        key: verdict for key, verdict in judgement.verdicts.items() if verdict is not Verdict.UNSUPPORTED
    }
    if len(set(offered.values())) <= 1:
        return SIGNS[judgement.worst]
    return ", ".join(f"{_short(version)} {SIGNS[offered[version]]}" for version in sorted(offered))


def _remarks(
    title: str, several: Sequence[Results], identifiers: Sequence[str], verdicts: Sequence[Verdict]
) -> Iterator[str]:
    """What is behind these verdicts: the requirement and its link, one line for all that did the same."""
    entries = []
    for identifier in identifiers:
        servers: dict[str, list[str]] = {}
        for results in several:
            for remark in _remark(results.requirements.get(identifier), verdicts):
                servers.setdefault(remark, []).append(results.server.label)
        if servers:
            lines = [f"  - {', '.join(labels)}: {remark}" for remark, labels in servers.items()]
            entries.append("\n".join([_demand(identifier), *lines]))
    if entries:
        yield f"**{title}**"
        yield "\n".join(entries)


def _remark(judgement: Judgement | None, verdicts: Sequence[Verdict]) -> Iterator[str]:
    if judgement is None:
        return
    found: dict[tuple[Verdict, str], list[str]] = {}
    for version, verdict in sorted(judgement.verdicts.items()):
        if verdict in verdicts:
            found.setdefault((verdict, judgement.note(version)), []).append(version)
    for (verdict, note), versions in found.items():
        everywhere = len(versions) == len(judgement.verdicts)
        where = "" if everywhere else f" ({', '.join(map(_short, versions))})"
        why = f": {plain('; '.join(note.splitlines()))}" if note else ""
        yield f"{verdict}{where}{why}"


def _demand(identifier: str) -> str:
    known = requirements().get(identifier)
    if known is None:
        return f"- `{identifier}`"
    return f"- [`{identifier}`]({known.link}) ({known.level}): {plain(known.statement)}"


def _short(version: str) -> str:
    return version.removeprefix("http/")


def _labels(several: Sequence[Results]) -> list[str]:
    return [results.server.label for results in several]
