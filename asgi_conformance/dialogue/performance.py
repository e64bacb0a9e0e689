"""A performance: one check on one stage, and what came of it."""

from dataclasses import dataclass, field

from asgi_conformance.dialogue.check import Check
from asgi_conformance.dialogue.dialogue import Dialogue
from asgi_conformance.dialogue.expectation import Broken, Crash, Quiet, Trouble, Unsupported
from asgi_conformance.dialogue.stage import Stage
from asgi_conformance.dialogue.verdict import Verdict
from asgi_conformance.spec.model import Complaint
from asgi_conformance.spec.requirement import Level

BREACH = {Level.MUST: Verdict.FAIL, Level.SHOULD: Verdict.WARN, Level.MAY: Verdict.INFO}


@dataclass
class Finding:
    """What came of one check over one version: the verdict, why, and what was said.

    `overheard` are the complaints about other requirements that the judge noted meanwhile.
    """

    check: Check
    version: str
    verdict: Verdict
    note: str = ""
    transcript: str = ""
    log: str = ""
    overheard: list[Complaint] = field(default_factory=list)


def perform(check: Check, stage: Stage, version: str) -> Finding:
    """Hold the check's dialogue. The stage must have been introduced; it may be a ruin afterwards."""
    alone = check.needs_a_new_server
    dialogue = Dialogue(stage.spare() if alone else stage, version)
    try:
        verdict, note = _judge(check, dialogue)
    finally:
        dialogue.close()
        if alone:
            stage.lets_go(dialogue.stage)
    own = [each for each in dialogue.complaints if each.requirement == check.requirement.id]
    if own and verdict in (Verdict.PASS, Verdict.UNSUPPORTED):
        verdict, note = BREACH[check.level], own[0].text
    return Finding(
        check,
        version,
        verdict,
        note,
        str(dialogue.transcript),
        dialogue.stage.log(),
        [each for each in dialogue.complaints if each not in own],
    )


def _judge(check: Check, dialogue: Dialogue) -> tuple[Verdict, str]:
    try:
        _demand(check, dialogue.stage)
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
    except (Trouble, Exception) as trouble:  # whatever goes wrong with us is never blamed on the server
        return Verdict.ERROR, f"{type(trouble).__name__}: {trouble}"
    return Verdict.PASS, ""


def _demand(check: Check, stage: Stage) -> None:
    """Raises Unsupported when the server does not offer what the check needs."""
    known, chapter = stage.facts, check.requirement.chapter
    if chapter in ("websocket", "wire_websocket") and not known.websocket:
        raise Unsupported("the server does not serve WebSocket")
    if (chapter == "lifespan" or check.requirement.id.endswith(".lifespan")) and not known.lifespan:
        raise Unsupported("the server does not call the application for lifespan")
    extension = check.requirement.extension
    if extension is not None and not any(extension in names for names in known.extensions.values()):
        raise Unsupported(f"the extension {extension} is not announced")


def _unless_too_new(check: Check, dialogue: Dialogue, verdict: Verdict, note: str) -> tuple[Verdict, str]:
    announced = dialogue.stage.facts.spec_versions.get(check.requirement.chapter)
    if check.requirement.is_claimed_by(announced):
        return verdict, note
    claim = f"the server announces {announced or 'no version'}"
    return Verdict.UNSUPPORTED, f"{claim}, the requirement came with {check.requirement.since}: {note}"
