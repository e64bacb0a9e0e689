"""What all tables share: the chapters in the catalogue's order, counts of verdicts, and their signs."""

from collections import Counter
from collections.abc import Iterable, Sequence

from asgi_conformance.dialogue.verdict import Verdict
from asgi_conformance.report.results import Results
from asgi_conformance.spec.requirement import CHAPTERS, requirements

SIGNS = {
    Verdict.PASS: "✓",
    Verdict.FAIL: "✗",
    Verdict.WARN: "!",
    Verdict.INFO: "i",
    Verdict.UNSUPPORTED: "-",
    Verdict.ERROR: "E",
    Verdict.FLAKY: "~",
}
"""In the order in which tables show them; each sign is one column wide in a terminal."""

LEGEND = "  ".join(f"{sign} {verdict}" for verdict, sign in SIGNS.items())


def chapter_of(requirement_id: str) -> str:
    """The chapter in the catalogue; of an id that is not in it, the first word."""
    known = requirements().get(requirement_id)
    return known.chapter if known else requirement_id.partition(".")[0]


def by_chapter(several: Iterable[Results]) -> dict[str, list[str]]:
    """The ids of all that was judged on any server, by chapter; ids that the catalogue lacks come last."""
    order = {identifier: number for number, identifier in enumerate(requirements())}
    chapters: dict[str, list[str]] = {chapter: [] for chapter in CHAPTERS}
    judged = {identifier for results in several for identifier in results.requirements}
    for identifier in sorted(judged, key=lambda each: (order.get(each, len(order)), each)):
        chapters.setdefault(chapter_of(identifier), []).append(identifier)
    return {chapter: identifiers for chapter, identifiers in chapters.items() if identifiers}


def count(results: Results, identifiers: Sequence[str]) -> Counter[Verdict]:
    """How many of these requirements have which verdict, the worst over the HTTP versions."""
    judged = results.requirements
    return Counter(judged[identifier].worst for identifier in identifiers if identifier in judged)
