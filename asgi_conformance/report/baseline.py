"""Known deviations of servers, each with a reason: what a run need not fail for, as a TOML file.

    [[deviation]]
    requirement = "http.scope.path.percent_decoded"
    reason = "https://example.org/issues/1"
    servers = ["uvicorn"]     # their labels; all, if it is left out
    versions = ["http/1.1"]   # as in a report; all, if it is left out
    drawn = true              # only fuzzing finds it, so a run that does not is no news

It changes no verdict.
"""

import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from asgi_conformance.dialogue.check import WITHOUT_VERSION
from asgi_conformance.dialogue.verdict import Verdict
from asgi_conformance.dialogue.wire_end import WIRES
from asgi_conformance.report.results import Results
from asgi_conformance.spec.requirement import Level, UnknownRequirement, requirement

VERSIONS = (*WIRES, WITHOUT_VERSION)
DEVIATING = (Verdict.FAIL, Verdict.WARN, Verdict.FLAKY)
"""What may be known of a server. Our own trouble shows nothing of it."""
DRAWN = "fuzz"
"""The chapter of requirements that only fuzzing breaks."""


class BadBaseline(ValueError):
    """A file that is no baseline; the text is one sentence that names the file."""


@dataclass(frozen=True)
class Known:
    """One deviation: the id of a requirement, and why it may be broken; () stands for all."""

    requirement: str
    reason: str
    servers: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    drawn: bool = False

    def is_about(self, label: str, version: str) -> bool:
        """Does it say anything of this server, over this version?"""
        return label in (self.servers or (label,)) and version in (self.versions or (version,))

    def is_over(self, several: Iterable[Results]) -> bool:
        """Was it judged on these servers, and broken by none of them?"""
        found = {
            verdict
            for results in several
            if (judgement := results.requirements.get(self.requirement)) is not None
            for version, verdict in judgement.verdicts.items()
            if self.is_about(results.server.label, version)
        }
        return bool(found) and found <= {Verdict.PASS, Verdict.INFO}


@dataclass(frozen=True)
class Baseline:
    """All that is known of servers."""

    known: tuple[Known, ...] = ()

    def reason(self, identifier: str, label: str, version: str, verdict: Verdict) -> str | None:
        """Why this verdict on a server over this version need not fail a run; None if it has to."""
        if verdict not in DEVIATING:
            return None
        about = (each for each in self.known if each.is_about(label, version))
        return next((each.reason for each in about if each.requirement == identifier), None)

    def broken_by(self, label: str, version: str) -> set[str]:
        """The ids of what this server is known to break over this version."""
        return {each.requirement for each in self.known if each.is_about(label, version)}

    def stale(self, judged: Iterable[Results]) -> list[Known]:
        """What these servers, on each of which all checks were held, do not break, or do not any more."""
        several = list(judged)
        return [each for each in self.known if not each.drawn and each.is_over(several)]

    @classmethod
    def read(cls, path: Path) -> Self:
        """The deviations in a file. Raises BadBaseline."""
        try:
            return cls(tuple(_deviations(tomllib.loads(path.read_text(encoding="utf-8")))))
        except OSError as error:
            raise BadBaseline(f"{path} cannot be read: {error.strerror}") from error
        except ValueError as error:
            raise BadBaseline(f"{path} is no baseline: {error}") from error


def baseline(several: Sequence[Results], level: Level) -> str:
    """The file for what these servers break at `level`, with reasons still to be given; "" if nothing."""
    found: dict[tuple[str, tuple[str, ...]], dict[str, str]] = {}
    for results in several:
        for identifier, judgement in results.requirements.items():
            over = judgement.broken_over(level)
            broken = tuple(each for each in over if judgement.verdicts[each] in DEVIATING)
            notes = dict.fromkeys(line for each in broken for line in judgement.note(each).splitlines())
            if broken:
                found.setdefault((identifier, broken), {})[results.server.label] = "; ".join(notes)
    return "\n".join(_entry(*key, notes) for key, notes in sorted(found.items()))


def _entry(identifier: str, versions: Sequence[str], notes: Mapping[str, str]) -> str:
    lines = [f"# {label}: {note}" for label, note in notes.items() if note]
    lines += ["[[deviation]]", f"requirement = {json.dumps(identifier)}", 'reason = ""']
    lines += [f"servers = {json.dumps([*notes])}", f"versions = {json.dumps([*versions])}"]
    return "".join(f"{line}\n" for line in lines)


def _deviations(document: Mapping[str, Any]) -> Iterator[Known]:
    """Raises ValueError that says which part is wrong."""
    tables = document.get("deviation", [])
    if document.keys() - {"deviation"} or not isinstance(tables, list):
        raise ValueError("all that may be there is [[deviation]], once for each")
    for number, table in enumerate(tables, 1):
        try:
            yield _deviation(table)
        except (ValueError, UnknownRequirement) as error:
            raise ValueError(f"deviation {number}: {error}") from error


def _deviation(table: object) -> Known:
    if not isinstance(table, dict):
        raise ValueError("it is no table")
    if unknown := table.keys() - Known.__annotations__.keys():
        raise ValueError(f"there is no {', '.join(sorted(unknown))}, only {', '.join(Known.__annotations__)}")
    identifier = _text(table, "requirement")
    chapter = requirement(identifier).chapter
    drawn = table.get("drawn", chapter == DRAWN)
    if not isinstance(drawn, bool):
        raise ValueError(f"{identifier}: drawn is true or false")
    servers, versions = _texts(table, "servers"), _texts(table, "versions")
    if wrong := {*versions} - {*VERSIONS}:
        raise ValueError(f"{identifier}: there is no version {min(wrong)!r}, only {', '.join(VERSIONS)}")
    return Known(identifier, _text(table, "reason", f"{identifier}: "), servers, versions, drawn)


def _text(table: Mapping[str, Any], key: str, where: str = "") -> str:
    text = table.get(key)
    if not isinstance(text, str) or not text.strip():
        raise ValueError(f"{where}it has no {key}")
    return text


def _texts(table: Mapping[str, Any], key: str) -> tuple[str, ...]:
    found = table.get(key, [])
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise ValueError(f"{table['requirement']}: {key} is a list of texts")
    return tuple(found)
