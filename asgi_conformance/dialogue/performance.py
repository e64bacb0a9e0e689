"""A performance: one check on one stage, and what came of it."""

import traceback
from dataclasses import dataclass, field

from asgi_conformance.dialogue.check import Check
from asgi_conformance.dialogue.dialogue import Dialogue
from asgi_conformance.dialogue.expectation import Broken, Crash, Quiet, Trouble, Unsupported
from asgi_conformance.dialogue.introduction import is_well
from asgi_conformance.dialogue.overheard import Overheard
from asgi_conformance.dialogue.stage import Stage
from asgi_conformance.dialogue.verdict import Verdict
from asgi_conformance.servers import DEPLOYED, WORKERS
from asgi_conformance.spec.requirement import Level

UNSERVED = "h2ws.unsupported"
"""What is said of WebSocket to a server that does not serve it."""
BREACH = {Level.MUST: Verdict.FAIL, Level.SHOULD: Verdict.WARN, Level.MAY: Verdict.INFO}


@dataclass
class Finding:
    """What came of one check over one version: the verdict, why, and what was said.

    `overheard` are the complaints about other requirements that the judge noted meanwhile. `trouble` is the
    traceback of an error of ours. `ruined` says that the server does not serve any more, and `tried` that
    there was a server to hold a dialogue with. `printed` is where in the output of the server it began.
    """

    check: Check
    version: str
    verdict: Verdict
    note: str = ""
    transcript: str = ""
    log: str = ""
    trouble: str = ""
    overheard: list[Overheard] = field(default_factory=list)
    ruined: bool = False
    tried: bool = True
    printed: int = 0


def perform(check: Check, stage: Stage, version: str) -> Finding:
    """Hold the check's dialogue. The stage must have been introduced."""
    alone = check.needs_a_new_server
    dialogue = Dialogue(stage.spare() if alone else stage, version)
    printed = dialogue.stage.printed()
    try:
        finding = _judge(check, dialogue)
    finally:
        dialogue.close()
        if alone:
            stage.lets_go(dialogue.stage)
    own = [each for each in dialogue.complaints if each.requirement == check.requirement.id]
    if own and finding.verdict in (Verdict.PASS, Verdict.UNSUPPORTED):
        finding.verdict, finding.note = BREACH[check.level], own[0].text
    finding.overheard = [each for each in dialogue.complaints if each not in own]
    if finding.verdict in (Verdict.PASS, Verdict.INFO) and dialogue.recorded:
        finding.note = "; ".join(dialogue.recorded)
    if dialogue.blames_nobody:
        forgive(finding)
    finding.note = dialogue.stage.named(finding.note)
    finding.transcript = str(dialogue.transcript)
    finding.printed, finding.log = printed, dialogue.stage.log(printed)
    return finding


def look_after(stage: Stage, finding: Finding) -> None:
    """Does the server still serve after a check? If not, that is what has to be said about the check.

    It is asked after every one: what is met by the next check would be blamed on the wrong requirement.
    """
    if not finding.transcript or is_well(stage, stage.facts.start, finding.version):
        return
    finding.ruined = True
    try:
        stage.raises_if_the_server_died(stage.patience.silence)
    except Crash as crash:
        finding.verdict, finding.note = Verdict.FAIL, str(crash)
        finding.log = stage.log(finding.printed)
        return
    if finding.verdict is Verdict.FAIL:
        return
    # What is in doubt only costs another start; blame takes all the patience there is.
    finding.ruined = not is_well(stage, stage.patience.must, finding.version)
    if finding.ruined:
        finding.verdict, finding.note = Verdict.FAIL, "the server did not serve any more afterwards"


def forgive(finding: Finding, *, but: tuple[str, ...] = (), why: str = "") -> None:
    """Tell what was found, and blame nobody for it, nor for what was overheard.

    Requirements that begin like one of `but` are judged as ever. `why` is said before what was found.
    """
    finding.overheard = [each for each in finding.overheard if each.requirement.startswith(but)]
    is_blamed = finding.verdict in (Verdict.FAIL, Verdict.WARN)
    if is_blamed and not finding.check.requirement.id.startswith(but):
        finding.verdict, finding.note = Verdict.INFO, f"{why}{finding.note}"


def _judge(check: Check, dialogue: Dialogue) -> Finding:
    trouble = ""
    try:
        verdict, note = _play(check, dialogue)
    except (Trouble, Exception) as error:  # whatever goes wrong with us is never blamed on the server
        verdict, note = Verdict.ERROR, f"{type(error).__name__}: {error}"
        trouble = "".join(traceback.format_exception(error))
    return Finding(check, dialogue.version, verdict, note, trouble=trouble)


def _play(check: Check, dialogue: Dialogue) -> tuple[Verdict, str]:
    try:
        _demand(check, dialogue)
        cast = {name: dialogue.actor(name) for name in check.actors}
        check.function(**cast)
        dialogue.settles()
    except Unsupported as reason:
        return Verdict.UNSUPPORTED, str(reason)
    except Crash as crash:
        if check.needs_a_new_server:
            # Its end is its answer to what was said in its lifespan.
            return _unless_too_new(check, dialogue, BREACH[check.level], str(crash))
        return Verdict.FAIL, str(crash)
    except Quiet as quiet:
        return _unless_too_new(check, dialogue, BREACH[check.silence], str(quiet))
    except Broken as broken:
        return _unless_too_new(check, dialogue, BREACH[check.level], str(broken))
    return Verdict.PASS, ""


def _demand(check: Check, dialogue: Dialogue) -> None:
    """Raises Unsupported when the server does not offer what the check needs."""
    stage, chapter = dialogue.stage, check.requirement.chapter
    known = stage.facts
    of_websocket = chapter in ("websocket", "denial", "wire_websocket") and check.requirement.id != UNSERVED
    if of_websocket:
        dialogue.needs_websocket()
    if (chapter == "lifespan" or check.requirement.id.endswith("lifespan")) and not known.lifespan:
        raise Unsupported("the server does not call the application for lifespan")
    has_workers = known.workers > 1 or WORKERS in stage.choice.settings
    if check.needs_a_new_server and has_workers and check.setting not in (DEPLOYED, WORKERS):
        raise Unsupported("several workers have a lifespan each: this is judged with one worker")
    extension = check.requirement.extension
    if extension is not None and not known.announces(extension, dialogue.http_version):
        raise Unsupported(f"the extension {extension} is not announced")


def _unless_too_new(check: Check, dialogue: Dialogue, verdict: Verdict, note: str) -> tuple[Verdict, str]:
    announced = dialogue.stage.facts.announced(check.requirement.chapter, dialogue.http_version)
    if check.requirement.is_claimed_by(announced):
        return verdict, note
    claim = f"the server announces {announced or 'no version'}"
    return Verdict.UNSUPPORTED, f"{claim}, the requirement came with {check.requirement.since}: {note}"
