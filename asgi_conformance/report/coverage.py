"""The page that tells what is put on trial: how much of each chapter, and why some of it is not."""

from collections.abc import Iterable, Iterator

from asgi_conformance.catalogue import Check, Coverage, coverage, reasons
from asgi_conformance.spec.requirement import requirement

INTRODUCTION = """\
# What is put on trial

For each chapter, how many of the requirements that are a server's duty have a check. Every other one is
listed below: with the reason why it has none, or as still to be done.

| chapter | must | should |
| ------- | ---- | ------ |
"""


def coverage_page(checks: Iterable[Check]) -> str:
    """The page as markdown."""
    chapters = coverage(checks)
    table = "".join(f"| {each.chapter} | {each.must} | {each.should} |\n" for each in chapters)
    return INTRODUCTION + table + "".join(_excused(chapters)) + "".join(_unchecked(chapters))


def _excused(chapters: Iterable[Coverage]) -> Iterator[str]:
    """The ids by their reason, in the order of the catalogue."""
    excused = [each for chapter in chapters for each in (*chapter.must.excused, *chapter.should.excused)]
    by_reason: dict[str, list[str]] = {}
    for identifier in excused:
        by_reason.setdefault(reasons()[identifier], []).append(identifier)
    if by_reason:
        yield "\n## Without a check, for a reason\n"
    for reason, identifiers in by_reason.items():
        yield f"\n{reason}\n\n{_listed(identifiers)}"


def _unchecked(chapters: Iterable[Coverage]) -> Iterator[str]:
    left = {each.chapter: (*each.must.unchecked, *each.should.unchecked) for each in chapters}
    if any(left.values()):
        yield "\n## Still to be done\n"
    for chapter, identifiers in left.items():
        if identifiers:
            yield f"\n{chapter}:\n\n{_listed(identifiers)}"


def _listed(identifiers: Iterable[str]) -> str:
    return "".join(f"- {identifier} ({requirement(identifier).level})\n" for identifier in identifiers)
