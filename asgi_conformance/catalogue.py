"""Every requirement by its id: explained in words, found by a part of it, matched with the checks there are.

It does not know how a check runs.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from textwrap import fill
from types import MappingProxyType
from typing import Protocol

from asgi_conformance.spec.requirement import (
    CHAPTERS,
    Level,
    Party,
    Requirement,
    nearest,
    requirement,
    requirements,
    rulings,
)

WIDTH = 100


class Check(Protocol):
    """What we have to know of a check: what it puts on trial, what it is called, where it is written."""

    @property
    def requirement(self) -> Requirement: ...

    @property
    def name(self) -> str: ...

    @property
    def source(self) -> str: ...


@dataclass(frozen=True)
class Share:
    """Ids of requirements: those that a check puts on trial, that none can, and that none does yet."""

    checked: tuple[str, ...]
    excused: tuple[str, ...]
    unchecked: tuple[str, ...]

    def __str__(self) -> str:
        return f"{len(self.checked)} of {len(self.checked) + len(self.excused) + len(self.unchecked)}"


@dataclass(frozen=True)
class Coverage:
    """Which of the requirements of one chapter that are a server's duty have a check."""

    chapter: str
    must: Share
    should: Share


def explain(
    identifier: str,
    checks: Iterable[Check] = (),
    results: Mapping[str, Mapping[str, str]] | None = None,
) -> str:
    """A requirement in words, with its checks and who keeps it.

    `results` gives for the label of each server its verdicts on this requirement by version key (`http/1.1`,
    `server`). Raises UnknownRequirement, which names the nearest ids.
    """
    on_trial = requirement(identifier)
    names = [f"{check.name} ({check.source})" for check in checks if check.requirement.id == identifier]
    found = [f"{label}: {_verdicts(verdicts)}" for label, verdicts in sorted((results or {}).items())]
    why = [reasons()[identifier]] if identifier in reasons() else []
    parts = (_section("no check", why), _section("checks", names), _section("servers", found))
    return "\n".join((*_statement(on_trial), *(line for part in parts for line in part)))


def find(text: str) -> tuple[str, ...]:
    """The ids that contain this text, in any letter case; the nearest ones, or (), where none does."""
    wanted = text.lower()
    return tuple(identifier for identifier in requirements() if wanted in identifier) or nearest(wanted)


@cache
def reasons() -> Mapping[str, str]:
    """Why a requirement has no check, by its id, where there is a reason."""
    text = files("asgi_conformance.checks").joinpath("reasons.toml").read_text(encoding="utf-8")
    tables = tomllib.loads(text)["without_check"]
    return MappingProxyType({identifier: table["reason"] for table in tables for identifier in table["ids"]})


def coverage(checks: Iterable[Check]) -> tuple[Coverage, ...]:
    """For each chapter, which musts and shoulds of a server have a check, a reason for none, or neither."""
    on_trial = {check.requirement.id for check in checks}
    return tuple(
        Coverage(chapter, _share(chapter, Level.MUST, on_trial), _share(chapter, Level.SHOULD, on_trial))
        for chapter in CHAPTERS
    )


def _share(chapter: str, level: Level, on_trial: set[str]) -> Share:
    duties = [
        each.id
        for each in requirements().values()
        if (each.chapter, each.level, each.party) == (chapter, level, Party.SERVER)
    ]
    return Share(
        tuple(each for each in duties if each in on_trial),
        tuple(each for each in duties if each not in on_trial and each in reasons()),
        tuple(each for each in duties if each not in on_trial and each not in reasons()),
    )


def _statement(on_trial: Requirement) -> Iterator[str]:
    yield f"{on_trial.id}: {_strictness(on_trial)}"
    yield _paragraph(on_trial.statement)
    yield f"  {on_trial.link}"
    if on_trial.since:
        yield f"  since version {on_trial.since}"
    if on_trial.http_versions:
        yield f"  over HTTP {', '.join(on_trial.http_versions)} only"
    if on_trial.extension:
        yield f"  where the scope lists the extension {on_trial.extension}"
    if on_trial.unclear:
        yield _paragraph(f"unclear: {on_trial.unclear}")
    if on_trial.ruling:
        ruling = rulings()[on_trial.ruling]
        yield _paragraph(f"judged by {ruling.id}: {ruling.question} {ruling.rule}")


def _strictness(on_trial: Requirement) -> str:
    words = [f"{on_trial.level} ({on_trial.party})"]
    if on_trial.silence:
        words.append(f"{on_trial.silence} where nothing comes at all")
    if on_trial.text_level is not on_trial.level:
        words.append(f"the text reads as {on_trial.text_level}")
    return ", ".join(words)


def _verdicts(verdicts: Mapping[str, str]) -> str:
    """The one verdict that all versions share, or each with its version."""
    shared = set(verdicts.values())
    if len(shared) == 1:
        return str(shared.pop())
    return ", ".join(f"{version} {verdict}" for version, verdict in sorted(verdicts.items())) or "not tried"


def _section(title: str, lines: list[str]) -> Iterator[str]:
    if lines:
        yield f"  {title}:"
        yield from (f"    {line}" for line in lines)


def _paragraph(text: str) -> str:
    return fill(text, WIDTH, initial_indent="  ", subsequent_indent="  ")
