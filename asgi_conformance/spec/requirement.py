"""What the specification demands, statement by statement, read from one TOML file for each chapter.

It knows neither who is on trial nor whether anything was checked.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

_FILES = (
    "core",
    "http",
    "websocket",
    "lifespan",
    "stopping",
    "deployed",
    "addresses",
    "parity",
    "extensions/push",
    "extensions/denial",
    "extensions/early_hint",
    "extensions/trailers",
    "extensions/pathsend",
    "extensions/zerocopysend",
    "extensions/tls",
    "extensions/debug",
    "wire_http",
    "wire_http1",
    "wire_http2",
    "wire_websocket",
    "fuzz",
)

CHAPTERS = tuple(file.rpartition("/")[2] for file in _FILES)
"""The names of the chapters, in the order of the catalogue."""


FIRST_VERSIONS = {"http": "2.0", "websocket": "2.0", "lifespan": "1.0"}


class Level(StrEnum):
    """How strict a requirement is, from the strictest on."""

    MUST = "must"
    SHOULD = "should"
    MAY = "may"


class Party(StrEnum):
    """The two that talk ASGI with each other."""

    SERVER = "server"
    APPLICATION = "application"


class UnknownRequirement(KeyError):
    """An id that is not in the catalogue; the text names the nearest ones."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True)
class Requirement:
    """One statement of a specification that can be tested.

    `level` is the level we judge by: that of something wrong. Where nothing at all came within the patience,
    `silence` stands instead, if it is not None. `text_level` is how strict the specification itself reads.
    `party` is whose duty it is. `since` is the version of the document the statement came with, None for its
    first one. `http_versions` ("1.0", "1.1", "2", "3") are the only ones it applies to, () for all, and
    `extension` is the name that has to be in `scope["extensions"]`. `unclear` is what the text leaves open,
    and `ruling` the id of the ruling by which we judge it.
    """

    id: str
    level: Level
    party: Party
    chapter: str
    statement: str
    link: str
    since: str | None
    http_versions: tuple[str, ...]
    extension: str | None
    unclear: str | None
    ruling: str | None
    silence: Level | None
    text_level: Level

    def is_about(self, version: str) -> bool:
        """Does it apply to this version of HTTP (as "http/2")?"""
        if not self.http_versions:
            return True
        # One client speaks 1.0 and 1.1: what is about either is tried over its connection.
        numbers = ("1.0", "1.1") if version == "http/1.1" else (version.removeprefix("http/"),)
        return any(number in self.http_versions for number in numbers)

    def is_claimed_by(self, announced: str | None) -> bool:
        """Does a server that announces this spec_version claim to know the statement?

        A server that announces none claims the first version (www, Spec Versions); what is no version is
        taken as a claim.
        """
        if self.chapter not in FIRST_VERSIONS or self.since is None:
            return True
        wanted, claimed = map(_release, (self.since, announced or FIRST_VERSIONS[self.chapter]))
        return not (wanted and claimed) or wanted <= claimed


@dataclass(frozen=True)
class Ruling:
    """How a point is judged that the specification leaves open, or says in two ways."""

    id: str
    question: str
    rule: str


@cache
def requirements() -> Mapping[str, Requirement]:
    """Every requirement by its id, in the order of the chapters and of the specification."""
    return MappingProxyType({each.id: each for file in _FILES for each in _chapter(file)})


def requirement(identifier: str) -> Requirement:
    """The requirement with this id. Raises UnknownRequirement, which names the nearest ids."""
    try:
        return requirements()[identifier]
    except KeyError:
        raise UnknownRequirement(_unknown(identifier)) from None


@cache
def rulings() -> Mapping[str, Ruling]:
    """Every ruling that decides a requirement, by its id."""
    return MappingProxyType({table["id"]: Ruling(**table) for table in _tables("rulings", "ruling")})


def nearest(identifier: str) -> tuple[str, ...]:
    """The ids that look most like this one, the nearest first; () if none does."""
    return tuple(get_close_matches(identifier, requirements(), n=5))


def _unknown(identifier: str) -> str:
    near = nearest(identifier)
    hint = f"; did you mean {', '.join(near)}?" if near else ""
    return f"there is no requirement {identifier!r}{hint}"


def _chapter(file: str) -> Iterator[Requirement]:
    chapter = file.rpartition("/")[2]
    for table in _tables(file, "requirement"):
        yield _requirement(chapter, table)


def _requirement(chapter: str, table: Mapping[str, Any]) -> Requirement:
    return Requirement(
        id=table["id"],
        level=Level(table["level"]),
        party=Party(table["party"]),
        chapter=chapter,
        statement=table["statement"],
        link=table["link"],
        since=table.get("since"),
        http_versions=tuple(table.get("http_versions", ())),
        extension=table.get("extension"),
        unclear=table.get("unclear"),
        ruling=table.get("ruling"),
        silence=Level(table["silence"]) if "silence" in table else None,
        text_level=Level(table.get("text_level", table["level"])),
    )


def _release(version: str) -> tuple[int, ...]:
    numbers = version.split(".")
    return tuple(map(int, numbers)) if all(number.isdecimal() for number in numbers) else ()


def _tables(file: str, kind: str) -> list[dict[str, Any]]:
    path = files("asgi_conformance.spec").joinpath("requirements", *f"{file}.toml".split("/"))
    tables: list[dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))[kind]
    return tables
