"""The servers of a run: each started once, the next one while the last is judged, and anew after a crash."""

import contextlib
import threading
from collections import Counter
from collections.abc import Sequence

import pytest

from asgi_conformance.dialogue.check import WITHOUT_VERSION, Check
from asgi_conformance.dialogue.introduction import NeverServed, introduce, introduce_over
from asgi_conformance.dialogue.performance import BREACH, Finding, forgive, look_after, perform
from asgi_conformance.dialogue.stage import Play, Stage
from asgi_conformance.dialogue.verdict import Verdict
from asgi_conformance.servers import ACCENTED, DEPLOYED, LEGACY, WORKERS, BadServer, Choice, NoSetting
from asgi_conformance.wire.connection import Patience

company_key = pytest.StashKey["Company"]()
ATTEMPTS = 2
"""How often a server that does not come to serve is started, before the rest of its checks is given up."""
AT_ONCE = 1.0
"""The grace in seconds of an interrupted run: somebody waits for the prompt."""
Place = tuple[str, *tuple[str, ...]]
"""The label of a server, and the settings it is in."""
OF_EACH_WORKER = ("lifespan.call.", "lifespan.state.", "lifespan.scope.state.")
"""How requirements begin that are judged of several workers; of all others it is only told what was seen."""
BLAMED = (ACCENTED, LEGACY)
"""The settings in which it is the answer to a check that a server never serves."""


class Company:
    """One stage for each server and setting, opened when it is needed or just before.

    `farewells` counts, by label, what was odd about the ends of a server: a daemon left behind, or no end
    but by force.
    """

    def __init__(
        self,
        choices: Sequence[Choice],
        patience: Patience,
        play: Play | None = None,
        *,
        together: bool = False,
    ) -> None:
        """With `together` all servers run at the same time, and otherwise one after another."""
        self.together = together
        self.choices = choices
        self.patience = patience
        self.play = play
        self.farewells: Counter[tuple[str, str]] = Counter()
        self._stages: dict[Place, Stage] = {}
        self._introduced: set[Place] = set()
        self._given_up: dict[Place, NeverServed] = {}
        self._leaving: list[threading.Thread] = []
        self._convicted: dict[tuple[str, str], set[str]] = {}

    def performs(self, check: Check, choice: Choice, version: str) -> Finding:
        """Hold a check's dialogue on this server, which is started when it does not run."""
        try:
            finding = self._performs(check, choice, version)
        except NoSetting as reason:
            return Finding(check, version, Verdict.UNSUPPORTED, str(reason), tried=False)
        if check.setting == LEGACY:
            forgive(finding)
        elif WORKERS in choice.settings:
            forgive(finding, but=OF_EACH_WORKER, why="with several workers: ")
        return finding

    def _performs(self, check: Check, choice: Choice, version: str) -> Finding:
        wanted = choice.put_into(check.setting).over(version)
        places = {_place(choice), _place(wanted), (*_place(wanted), version)}
        tried = not places & self._given_up.keys()
        verdict = Verdict.ERROR
        try:
            # Whether it is the setting that a server cannot serve in is known of one that serves without.
            self._ready(choice)
            if check.setting in BLAMED:
                verdict = BREACH[check.level]
            stage = self._serving(wanted, version)
        except NeverServed as reason:
            return Finding(check, version, verdict, str(reason), reason.transcript, reason.log, tried=tried)
        finding = perform(check, stage, version)
        if not check.needs_a_new_server:
            look_after(stage, finding)
            # Some faults leave a server that answers well and is not well: no check is to suffer for another.
            # Behind a proxy nobody is blamed, and a start is dear.
            finding.ruined |= (
                finding.verdict is not Verdict.PASS and bool(finding.transcript) and check.setting != DEPLOYED
            )
        finding.overheard = [*stage.overheard, *finding.overheard]
        stage.overheard.clear()
        broken = [check.requirement.id] if finding.verdict in BREACH.values() else []
        self.convicted(choice, version).update(broken, (each.requirement for each in finding.overheard))
        if finding.ruined:
            self._drops(_place(wanted))
        return finding

    def serves(self, choice: Choice, version: str) -> Stage:
        """A stage whose server serves over this version. Raises NeverServed, or NoSetting."""
        self._ready(choice)
        return self._serving(choice.over(version), version)

    def renews(self, choice: Choice, version: str) -> Stage:
        """The same, with a server that nobody has spoken to."""
        self._drops(_place(choice.over(version)))
        return self.serves(choice, version)

    def convicted(self, choice: Choice, version: str) -> set[str]:
        """The ids of what a server was found to break over this version; may be added to."""
        return self._convicted.setdefault((choice.label, version), set())

    def _serving(self, choice: Choice, version: str) -> Stage:
        """The same in the setting that is wanted of it. Raises NeverServed, or NoSetting."""
        stage = self._ready(choice)
        if version != WITHOUT_VERSION:
            self._introduces_over(version, stage, choice)
        return stage

    def looks_ahead(self, *soon: tuple[Check, Choice, str]) -> None:
        """Start what is needed soon: by the check that is judged now, the first, and by the one after it."""
        wanted = [(check, choice, _wanted(check, choice, version)) for check, choice, version in soon]
        alone = Counter(_place(each) for check, _, each in wanted if each and check.needs_a_new_server)
        # What cannot be started is told by the check that needs it.
        with contextlib.suppress(BadServer, OSError):
            for place in self._introduced:
                self._stages[place].prepares_spares(alone[place])
            for _, choice, each in wanted[1:]:
                if _place(choice) not in self._given_up:
                    self._opens(choice)
                    if each and _place(each) not in self._given_up:
                        self._opens(each)

    def close(self, *, at_once: bool = False) -> None:
        """Stop everything. May be repeated."""
        for place in list(self._stages):
            self._drops(place, wanted=not at_once, grace=AT_ONCE if at_once else None)
        while self._leaving:
            self._leaving.pop().join()

    def _opens(self, choice: Choice) -> Stage:
        place = _place(choice)
        if place not in self._stages:
            self._stages[place] = Stage(choice, self.patience, self.play)
        return self._stages[place].open()

    def _ready(self, choice: Choice) -> Stage:
        """A stage whose server serves. Raises NeverServed, or NoSetting."""
        place = _place(choice)
        if place in self._given_up:
            raise self._given_up[place]
        for other in [each for each in self._introduced if each[0] != choice.label and not self.together]:
            self._drops(other, wanted=True)
        if place in self._introduced and not self._stages[place].is_open():
            self._drops(place)
        if place not in self._introduced:
            self._introduces(choice)
        return self._stages[place]

    def _introduces(self, choice: Choice) -> None:
        place = _place(choice)
        for attempt in range(1, ATTEMPTS + 1):
            try:
                introduce(self._opens(choice))
            except NeverServed as reason:
                # An early end may be bad luck; who was silent for so long needs no other chance.
                is_hopeless = attempt == ATTEMPTS or self._stages[place].is_open()
                self._drops(place)
                if is_hopeless:
                    self._given_up[place] = reason
                    raise
            except NoSetting:
                self._drops(place)
                raise
            except (BadServer, OSError) as error:
                self._drops(place)
                self._given_up[place] = NeverServed(f"the server cannot be started: {error}", "", "")
                raise self._given_up[place] from error
            else:
                self._introduced.add(place)
                return

    def _introduces_over(self, version: str, stage: Stage, choice: Choice) -> None:
        place = (*_place(choice), version)
        if place in self._given_up:
            raise self._given_up[place]
        try:
            introduce_over(version, stage)
        except NeverServed as reason:
            self._given_up[place] = reason
            raise

    def _drops(self, place: Place, *, wanted: bool = False, grace: float | None = None) -> None:
        """Stop a server while others go on; `wanted` if it had no reason to be slow about it."""
        self._introduced.discard(place)
        stage = self._stages.pop(place, None)
        if stage is not None:
            thread = threading.Thread(target=self._closes, args=(place[0], stage, wanted, grace))
            thread.start()
            self._leaving.append(thread)

    def _closes(self, label: str, stage: Stage, wanted: bool, grace: float | None) -> None:
        ending = stage.close(grace)
        if wanted and ending is not None and ending.how == "killed":
            seconds = self.patience.must if grace is None else grace
            self.farewells[label, f"did not end within {seconds:g} s of a SIGTERM, and was killed"] += 1
        for each in stage.endings:
            if each.survivors:
                self.farewells[label, "left a process behind when it ended, which was killed"] += 1


def _place(choice: Choice) -> Place:
    return choice.label, *choice.settings


def _wanted(check: Check, choice: Choice, version: str) -> Choice | None:
    """The server that a check is held on; None where there is no such setting."""
    try:
        return choice.put_into(check.setting).over(version)
    except NoSetting:
        return None
