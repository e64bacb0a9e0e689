"""What one server did, requirement by requirement, and its JSON file; it does not know how a check runs.

The file has one requirement a line, sorted, and nothing that changes from run to run, so that a change in a
server is a line in a diff. What has no HTTP version (lifespan, the process) is kept under the key `server`.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self, TypeVar

import asgi_conformance
from asgi_conformance.dialogue.verdict import Verdict, worst
from asgi_conformance.spec.requirement import Level

SPECIFICATION = {"asgi": "3.0", "www": "2.5", "lifespan": "2.0", "tls": "0.2"}
LONGEST_NAME = 120

Kind = TypeVar("Kind")


class BadResults(ValueError):
    """A file that is not one of our results; the text is one sentence that names the file."""


@dataclass(frozen=True)
class ServerFacts:
    """Who was judged: the user's label, the adapter, the versions of package and Python, and the command."""

    label: str
    name: str
    version: str
    python: str
    command: str


@dataclass
class Judgement:
    """What came of one requirement, by version key (`http/1.1`, `http/2`, `server`)."""

    level: Level
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    notes: dict[str, set[str]] = field(default_factory=dict)

    @property
    def worst(self) -> Verdict:
        """The verdict over all versions."""
        return worst(self.verdicts.values())

    def note(self, version_key: str) -> str:
        """All that was noted for that version, a line each; "" if nothing was."""
        return "\n".join(sorted(self.notes.get(version_key, ())))

    def adds(self, version_key: str, verdict: Verdict, note: str = "") -> None:
        """Take in one more finding: the worst verdict stands, and no note is said twice."""
        self.verdicts[version_key] = worst([verdict, self.verdicts.get(version_key, verdict)])
        lines = {" ".join(line.split()) for line in note.splitlines()} - {""}
        if lines:
            self.notes.setdefault(version_key, set()).update(lines)

    def broken_over(self, level: Level) -> list[str]:
        """The versions, sorted, for which this makes a run at `level` fail.

        Our own trouble does too, as nothing was then shown.
        """
        ranks = list(Level)
        breaking = {Verdict.FAIL, Verdict.ERROR}
        if level is not Level.MUST:
            breaking.add(Verdict.WARN)
        if ranks.index(self.level) <= ranks.index(level):
            breaking.add(Verdict.FLAKY)
        return sorted(version for version, verdict in self.verdicts.items() if verdict in breaking)

    def document(self) -> dict[str, Any]:
        """The value of this requirement in the JSON file."""
        versions = sorted(self.verdicts)
        return {
            "level": self.level,
            "verdicts": {version: str(self.verdicts[version]) for version in versions},
            "notes": {version: self.note(version) for version in versions if version in self.notes},
        }


@dataclass
class Results:
    """All that was found out about one server."""

    server: ServerFacts
    requirements: dict[str, Judgement] = field(default_factory=dict)
    specification: dict[str, str] = field(default_factory=lambda: dict(SPECIFICATION))
    asgi_conformance: str = asgi_conformance.__version__

    def adds(
        self, requirement_id: str, version_key: str, verdict: Verdict, *, level: str, note: str = ""
    ) -> None:
        """Take in one finding; of several for the same requirement and version the worst stands."""
        judgement = self.requirements.setdefault(requirement_id, Judgement(Level(level)))
        judgement.level = min(judgement.level, Level(level), key=list(Level).index)
        judgement.adds(version_key, verdict, note)

    def broken(self, level: str) -> list[str]:
        """The requirements that make a run fail where `level` is what counts, sorted."""
        bar = Level(level)
        return sorted(name for name, judgement in self.requirements.items() if judgement.broken_over(bar))

    def write(self, folder: Path) -> Path:
        """Write `<label>.json` into `folder`, which is made if need be; return the path."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / file_name(self.server.label)
        path.write_text(self.text(), encoding="utf-8")
        return path

    def text(self) -> str:
        """The JSON document, one requirement a line."""
        head = {"asgi_conformance": self.asgi_conformance, "specification": self.specification}
        lines = [
            f"{_json(name)}: {_json(found.document())}" for name, found in sorted(self.requirements.items())
        ]
        body = ",\n  ".join(lines)
        return (
            f'{_json(head)[:-1]},\n "server": {_json(asdict(self.server))},\n'
            f' "requirements": {{\n  {body}\n}}}}\n'
        )

    @classmethod
    def read(cls, path: Path) -> Self:
        """The results in a file that `write` wrote. Raises BadResults."""
        try:
            return cls.of(json.loads(path.read_text(encoding="utf-8")))
        except OSError as error:
            raise BadResults(f"{path} cannot be read: {error.strerror}.") from error
        except ValueError as error:
            raise BadResults(f"{path} is not a file of results: {error}.") from error

    @classmethod
    def of(cls, document: object) -> Self:
        """The results in a JSON document. Raises ValueError that says which part is wrong."""
        server = _texts(_part(document, "server", dict))
        if missing := ServerFacts.__annotations__.keys() - server:
            raise ValueError(f"the server has no {', '.join(sorted(missing))}")
        results = cls(
            server=ServerFacts(**{name: server[name] for name in ServerFacts.__annotations__}),
            specification=_texts(_part(document, "specification", dict)),
            asgi_conformance=_part(document, "asgi_conformance", str),
        )
        for name, judgement in _part(document, "requirements", dict).items():
            results.requirements[name] = _judgement(name, judgement)
        return results


def merge(several: Iterable[Results]) -> Results:
    """One from several results of the same server, as parallel workers have them. Raises ValueError."""
    first, *others = several
    merged = Results.of(json.loads(first.text()))
    for other in others:
        if other.server != first.server:
            raise ValueError(f"the results are of two servers: {first.server.label}, {other.server.label}")
        for name, judgement in other.requirements.items():
            for version, verdict in judgement.verdicts.items():
                merged.adds(name, version, verdict, level=judgement.level, note=judgement.note(version))
    return merged


def file_name(label: str) -> str:
    """The name of the file for the server of that label, safe on every file system."""
    safe = re.sub(r"[^A-Za-z0-9._+=@-]+", "-", label).strip("-.")
    return f"{safe[:LONGEST_NAME] or 'server'}.json"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _part(document: object, key: str, kind: type[Kind]) -> Kind:
    if not isinstance(document, dict) or not isinstance(document.get(key), kind):
        raise ValueError(f"it has no {key}")
    part: Kind = document[key]
    return part


def _texts(document: dict[str, Any]) -> dict[str, str]:
    for name, text in document.items():
        if not isinstance(text, str):
            raise ValueError(f"{name} is not a text")
    return document


def _judgement(name: str, document: object) -> Judgement:
    level = _part(document, "level", str)
    if level not in set(Level):
        raise ValueError(f"{name} has the unknown level {level!r}")
    judgement = Judgement(Level(level))
    notes = _texts(_part(document, "notes", dict))
    for version, verdict in _texts(_part(document, "verdicts", dict)).items():
        if verdict not in set(Verdict):
            raise ValueError(f"{name} has the unknown verdict {verdict!r}")
        judgement.adds(version, Verdict(verdict), notes.get(version, ""))
    if not judgement.verdicts:
        raise ValueError(f"{name} has no verdict")
    return judgement
