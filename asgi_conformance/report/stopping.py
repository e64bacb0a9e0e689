"""How servers end while somebody is still there, as markdown made of what the checks have recorded."""

from collections.abc import Iterator, Sequence

from asgi_conformance.report.chapters import SIGNS
from asgi_conformance.report.markdown import plain, table
from asgi_conformance.report.results import Judgement, Results

INTRODUCTION = """\
What comes when the process of a server is told to stop by a signal while somebody is still there. The
specification says little about it: a ✓ is what users would wish for, an i is told without blame. The commands
of the servers give them a short grace, after which a call that hangs is cut off. What the application is told
stands in its order; what the client finds, and how the process ends, stands beside that and not after it."""

SIGNALS = ("SIGTERM", "SIGINT")
SITUATIONS = {
    "kept_alive": ("a connection is kept alive", "It was served, and is idle."),
    "silent": ("a connection is silent", "Nothing was asked on it."),
    "in_flight": (
        "a request is in flight",
        "The application answers it when the server shows that it has begun to stop.",
    ),
    "streaming": (
        "a response has begun",
        "The application ends it when the server shows that it has begun to stop.",
    ),
    "receive": (
        "a call waits",
        "It is in `receive`, has not answered, and returns when it is told something.",
    ),
    "websocket": ("a WebSocket is open", "The application is in `receive`, and returns when it is told."),
    "again": (
        "a call waits, and it comes twice",
        "The second signal finds a server that has heeded the first.",
    ),
}
"""By the last word of their requirements: a name for a row, and a sentence of what is going on."""
PARTIES = ("application", "client", "process")
ONCE, TWICE, SECOND = "receive", "again", "second signal"
Said = tuple[tuple[str, str], ...]
"""What was recorded, by party."""
Seen = tuple[str, Said]
"""The sign of a verdict, and that."""


def stopping_table(several: Sequence[Results]) -> str:
    """First which server does what users would wish for, then for each situation what comes of it."""
    judged = [results for results in several if any(_judgements(results))]
    if not judged:
        return ""
    head = ["at the signal", "", *(results.server.label for results in judged)]
    rows = [
        [name, signal, *(_sign(results, situation, signal) for results in judged)]
        for situation, (name, _) in SITUATIONS.items()
        for signal in SIGNALS
    ]
    blocks = [INTRODUCTION, table(head, rows)]
    for situation, (name, sentence) in SITUATIONS.items():
        blocks += [f"**At the signal {name}.** {sentence}", _courses(judged, situation)]
    return "\n\n".join(blocks) + "\n"


def _judgements(results: Results) -> Iterator[Judgement]:
    for situation in SITUATIONS:
        for signal in SIGNALS:
            judgement = _judgement(results, situation, signal)
            if judgement is not None:
                yield judgement


def _judgement(results: Results, situation: str, signal: str) -> Judgement | None:
    return results.requirements.get(f"stopping.{signal.lower()}.{situation}")


def _sign(results: Results, situation: str, signal: str) -> str:
    judgement = _judgement(results, situation, signal)
    return SIGNS[judgement.worst] if judgement else ""


def _courses(several: Sequence[Results], situation: str) -> str:
    """A row for each course that things took, with all the servers where they did."""
    found: dict[tuple[str, Seen], list[str]] = {}
    for results in several:
        for signals, seen in _seen(results, situation):
            found.setdefault((signals, seen), []).append(results.server.label)
    others = dict.fromkeys(party for _, (_, said) in found for party, _ in said if party not in PARTIES)
    parties = (*PARTIES, *others)
    rows = [
        [", ".join(labels), signals, sign, *(plain(dict(said).get(party, "")) for party in parties)]
        for (signals, (sign, said)), labels in found.items()
    ]
    return table(["server", "signal", "", *parties], rows)


def _seen(results: Results, situation: str) -> Iterator[tuple[str, Seen]]:
    """What was seen at which signal; only once where it was the same at both."""
    found: dict[Seen, list[str]] = {}
    for signal in SIGNALS:
        judgement = _judgement(results, situation, signal)
        if judgement is not None:
            said = tuple(_said(judgement))
            if situation == TWICE and (once := _judgement(results, ONCE, signal)) is not None:
                said = _compared(said, tuple(_said(once)))
            found.setdefault((SIGNS[judgement.worst], said), []).append(signal)
    for seen, signals in found.items():
        yield ", ".join(signals), seen


def _compared(twice: Said, once: Said) -> Said:
    """What was seen after two signals, and whether the second made a difference."""
    if SECOND in dict(twice):
        return twice
    return (*twice, (SECOND, "as after one" if twice == once else "makes a difference"))


def _said(judgement: Judgement) -> Iterator[tuple[str, str]]:
    """What was recorded of each party; a note of another kind is put where the application has its place."""
    note = "; ".join(judgement.note(version) for version in judgement.verdicts)
    parts = [part.partition(": ") for part in note.split("; ")]
    if {party for party, _, _ in parts} >= set(PARTIES):
        yield from ((party, text) for party, _, text in parts)
    else:
        yield PARTIES[0], note
