"""What servers do with each kind of lifespan, as a markdown table made of what the checks have recorded."""

from collections.abc import Iterator, Sequence

from asgi_conformance.dialogue.verdict import Verdict
from asgi_conformance.report.chapters import SIGNS
from asgi_conformance.report.markdown import plain, table
from asgi_conformance.report.results import Judgement, Results

INTRODUCTION = """\
What the application does with its lifespan, and what becomes of the server: whether it serves, whether it
prints why something failed, and how it ends. Where the specification demands something and a server does
otherwise, the sign of the verdict stands before what was seen; the rest is told without blame."""

ROWS = {
    "completes the startup": ("lifespan.startup.complete.serves",),
    "is at its startup, until it is told to complete it": ("lifespan.startup.complete.awaited",),
    "fails in the startup, with a message": (
        "lifespan.startup.failed.no_requests",
        "lifespan.startup.failed.message_logged",
        "lifespan.startup.failed.exits",
    ),
    "fails in the startup, without a message": ("lifespan.startup.failed.message.default",),
    "raises before it receives anything": (
        "lifespan.exception.on_call.continues",
        "lifespan.exception.no_events",
        "lifespan.exception.shutdown_clean",
    ),
    "raises after `lifespan.startup`": ("lifespan.exception.on_startup.continues",),
    "returns before it receives anything": ("lifespan.return_without_events",),
    "raises after the startup is complete": ("lifespan.exception.after_startup_complete",),
    "returns after the startup is complete": ("lifespan.return_before_shutdown",),
    "completes the shutdown": ("lifespan.shutdown.complete.terminates",),
    "never answers `lifespan.shutdown`": ("lifespan.shutdown.complete.awaited",),
    "raises after `lifespan.shutdown`": ("lifespan.exception.on_shutdown",),
    "fails in the shutdown, with a message": (
        "lifespan.shutdown.failed.message_logged",
        "lifespan.shutdown.failed.terminates",
    ),
    "fails in the shutdown, without a message": ("lifespan.shutdown.failed.message.default",),
    "runs in two workers": ("lifespan.call.per_process",),
}
"""What the application does, and the requirements whose checks have it do so."""


def lifespan_table(several: Sequence[Results]) -> str:
    """A row for what the application does, a column for each server that was judged by any of it."""
    judged = [results for results in several if any(_found(results))]
    if not judged:
        return ""
    head = ["the application", *(results.server.label for results in judged)]
    rows = [[what, *(_cell(results, ids) for results in judged)] for what, ids in ROWS.items()]
    return f"{INTRODUCTION}\n\n{table(head, rows)}\n"


def _found(results: Results) -> Iterator[Judgement]:
    """What was judged where a lifespan was called."""
    for identifiers in ROWS.values():
        for identifier in identifiers:
            judgement = results.requirements.get(identifier)
            if judgement is not None and judgement.worst is not Verdict.UNSUPPORTED:
                yield judgement


def _cell(results: Results, identifiers: Sequence[str]) -> str:
    """What was seen, the same only once; the sign of a verdict that is no pass before it."""
    told = [text for each in identifiers for text in _told(results.requirements.get(each))]
    return ", ".join(dict.fromkeys(told))


def _told(judgement: Judgement | None) -> Iterator[str]:
    if judgement is None:
        return
    for version, verdict in judgement.verdicts.items():
        notes = [part for line in judgement.note(version).splitlines() for part in line.split("; ")]
        if verdict is Verdict.PASS:
            yield from map(plain, notes)
        else:
            yield f"{SIGNS[verdict]} {plain('; '.join(notes))}".rstrip()
