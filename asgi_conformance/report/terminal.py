"""The tables at the end of a run, as lines and how to colour them; it writes nothing itself.

A line is its text and the markup that pytest's terminal writer takes, such as `{"red": True}`.
"""

from collections import Counter
from collections.abc import Sequence
from string import ascii_letters

from asgi_conformance.dialogue.verdict import Verdict
from asgi_conformance.report.chapters import LEGEND, SIGNS, by_chapter, count
from asgi_conformance.report.results import Results

Line = tuple[str, dict[str, bool]]
NAME_WIDTH = 27
"""What eighty columns leave for the name of a row beside the counts of all seven verdicts."""


def chapters_table(several: Sequence[Results], *, level: str = "must") -> list[Line]:
    """Of one server the counts by chapter; of several what differs or is broken at `level`, and totals."""
    if len(several) == 1:
        return _one(several[0])
    return [*_differences(several, level), *_totals(several, level)]


def _one(results: Results) -> list[Line]:
    rows = [(chapter, count(results, identifiers)) for chapter, identifiers in by_chapter([results]).items()]
    rows.append(("all", sum((counts for _, counts in rows), Counter())))
    return _counts(_title(results), [(name, counts, _colour(counts)) for name, counts in rows])


def _totals(several: Sequence[Results], level: str) -> list[Line]:
    rows = []
    for letter, results in zip(_letters(several), several, strict=True):
        counts = count(results, list(results.requirements))
        rows.append(
            (f"{letter} {_title(results)}", counts, {"red" if results.broken(level) else "green": True})
        )
    return _counts("", rows)


def _differences(several: Sequence[Results], level: str) -> list[Line]:
    broken = {identifier for results in several for identifier in results.broken(level)}
    rows = {}
    for identifier in (each for chapter in by_chapter(several).values() for each in chapter):
        signs = [_sign(results, identifier) for results in several]
        if identifier in broken or len(set(signs)) > 1:
            rows[identifier] = " ".join(signs)
    if not rows:
        return []
    width = max(map(len, rows))
    lines: list[Line] = [
        (LEGEND, {}),
        ("", {}),
        (f"{'':{width}}  {' '.join(_letters(several))}", {"bold": True}),
    ]
    for identifier, signs_of_row in rows.items():
        lines.append((f"{identifier:{width}}  {signs_of_row}", {"red": True} if identifier in broken else {}))
    return [*lines, ("", {})]


def _counts(title: str, rows: Sequence[tuple[str, Counter[Verdict], dict[str, bool]]]) -> list[Line]:
    columns = [
        verdict
        for verdict in SIGNS
        if verdict is not Verdict.FLAKY or any(counts[verdict] for _, counts, _ in rows)
    ]
    names = [title, *(name for name, _, _ in rows)]
    width = max(len(_shortened(name)) for name in names)
    head = f"{_shortened(title):{width}}" + "".join(f"  {verdict:>4}" for verdict in columns)
    lines: list[Line] = [(head, {"bold": True})]
    for name, counts, markup in rows:
        cells = (f"  {counts[verdict] or '.':>{max(4, len(verdict))}}" for verdict in columns)
        lines.append((f"{_shortened(name):{width}}{''.join(cells)}", markup))
    return lines


def _colour(counts: Counter[Verdict]) -> dict[str, bool]:
    if counts[Verdict.FAIL] or counts[Verdict.ERROR]:
        return {"red": True}
    return {"yellow": True} if counts[Verdict.WARN] or counts[Verdict.FLAKY] else {"green": True}


def _sign(results: Results, identifier: str) -> str:
    judgement = results.requirements.get(identifier)
    return SIGNS[judgement.worst] if judgement else " "


def _letters(several: Sequence[Results]) -> list[str]:
    return [ascii_letters[number % len(ascii_letters)].swapcase() for number in range(len(several))]


def _title(results: Results) -> str:
    return f"{results.server.label} {results.server.version}".rstrip()


def _shortened(name: str) -> str:
    return name if len(name) <= NAME_WIDTH else f"{name[: NAME_WIDTH - 1]}…"
