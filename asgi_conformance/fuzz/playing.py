"""How a script is played on a stage, and what it shows when a line of it fails."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.dialogue import Dialogue
from asgi_conformance.dialogue.expectation import Broken, Crash, Quiet, Unsupported
from asgi_conformance.dialogue.server import Server
from asgi_conformance.dialogue.stage import Stage
from asgi_conformance.fuzz.script import Actor, File, Line, Script
from asgi_conformance.spec.requirement import Level, requirement


@dataclass(frozen=True)
class Deviation:
    """What a script has shown: the requirement that was broken, why, and what was said.

    `lines` is how many lines of the script were said by then. `is_silence` tells that nothing came, and
    `is_crash` that the server ended.
    """

    requirement: str
    text: str
    transcript: str
    lines: int
    is_silence: bool = False
    is_crash: bool = False


class Cast:
    """The actors of a script, each of whom comes when his first line does."""

    def __init__(self, stage: Stage, version: str, script: Script) -> None:
        count = 1 + max((line.dialogue for line in script), default=0)
        self.dialogues = [self.dialogue(stage, version) for _ in range(count)]
        for each in self.dialogues:
            each.others = self.dialogues
        self._actors: dict[tuple[str, int], App | Client | Server] = {}

    def dialogue(self, stage: Stage, version: str) -> Dialogue:
        """One more dialogue, for those who come in it."""
        return Dialogue(stage, version)

    def actor(self, name: str, dialogue: int) -> App | Client | Server:
        """Who has this name in this dialogue."""
        if (name, dialogue) not in self._actors:
            role = name.rstrip("0123456789")
            self._actors[name, dialogue] = self.dialogues[dialogue].actor(role)
        return self._actors[name, dialogue]

    def says(self, line: Line) -> None:
        """Have this line said. Raises Broken or Unsupported."""
        arguments = [self._meant(each, line.dialogue) for each in line.arguments]
        getattr(self.actor(line.actor, line.dialogue), line.verb)(*arguments, **dict(line.said))

    def _meant(self, value: object, dialogue: int) -> object:
        """What stands for something that is there only when a script is played."""
        match value:
            case Actor():
                return self.actor(value.name, value.dialogue)
            case File():
                app = self.actor(value.actor, dialogue)
                assert isinstance(app, App)
                path = app.has_a_file(value.name, value.content)
                return app.opens(path) if value.is_open else path
            case dict():
                return {key: self._meant(held, dialogue) for key, held in value.items()}
        return value

    def settles(self) -> None:
        """What the applications began to send has been taken. Raises Broken."""
        for each in self.dialogues:
            each.settles()

    def leaves(self) -> None:
        """Everybody goes."""
        for each in self.dialogues:
            each.close()

    @property
    def transcript(self) -> str:
        """What was said, one dialogue after another."""
        return "\n\n".join(str(each.transcript) for each in self.dialogues)


def play(
    script: Script, stage: Stage, version: str, *, survival: str, known: Collection[str] = ()
) -> Deviation | None:
    """Have a script said on a stage; the first deviation from a must or should that is not known already.

    `survival` is the requirement that the server breaks when it ends. What is known to be broken is not asked
    for again: nothing is learnt by it, and to wait for what does not come takes long.
    """
    cast = Cast(stage, version, script)
    broken: Broken | None = None
    lines = 0
    try:
        for number, line in _up_to_the_known(script, {*known} - {survival}):
            lines = number
            cast.says(line)
        cast.settles()
    except Unsupported:
        pass
    except Broken as error:
        broken = error
    finally:
        cast.leaves()
    found = _deviations(cast, script[:lines], broken, survival)
    return next((each for each in found if _counts(each, cast, known)), None)


def _up_to_the_known(script: Script, known: Collection[str]) -> Iterator[tuple[int, Line]]:
    """The lines of each dialogue before the first about what is known, with their numbers.

    What only looks into a scope is left out instead.
    """
    called: set[str] = set()
    over: set[int] = set()
    for number, line in enumerate(script, 1):
        if line.dialogue in over:
            continue
        if line.blame not in known:
            yield number, line
        elif line.name not in called or line.verb != "is_called":
            over.add(line.dialogue)
        called.add(line.name)


def _deviations(cast: Cast, said: Script, broken: Broken | None, survival: str) -> list[Deviation]:
    """All that was wrong: what was overheard, and what is wrong with the last line, if that failed."""
    transcript, lines = cast.transcript, len(said)
    found = [
        Deviation(each.requirement, each.text, transcript, lines)
        for dialogue in cast.dialogues
        for each in dialogue.complaints
    ]
    # Of a server that is there for this script alone, the end is its answer to what was said.
    if isinstance(broken, Crash) and not cast.dialogues[0].stage.by_hand:
        return [Deviation(survival, str(broken), transcript, lines, is_crash=True)]
    if broken is not None:
        is_silence = isinstance(broken, Quiet)
        found.append(Deviation(said[-1].blame, str(broken), transcript, lines, is_silence=is_silence))
    return found


def _counts(deviation: Deviation, cast: Cast, known: Collection[str]) -> bool:
    demanded = requirement(deviation.requirement)
    level = demanded.silence if deviation.is_silence and demanded.silence else demanded.level
    first = cast.dialogues[0]
    announced = first.stage.facts.announced(demanded.chapter, first.http_version)
    is_judged = level is not Level.MAY and not first.blames_nobody
    return is_judged and deviation.requirement not in known and demanded.is_claimed_by(announced)
