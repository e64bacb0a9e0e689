"""What the judge noted of requirements that a check was not about."""

from collections.abc import Iterable
from dataclasses import dataclass

from asgi_conformance.dialogue.check import WITHOUT_VERSION
from asgi_conformance.spec.conversation import Conversation
from asgi_conformance.spec.model import Complaint
from asgi_conformance.spec.requirement import requirement


@dataclass(frozen=True)
class Overheard:
    """A requirement that was broken, what was wrong, and over which version of HTTP (or without any).

    `scene` tells where it was heard and `transcript` what was said there, "" if that was in the check itself.
    """

    requirement: str
    text: str
    version: str
    scene: str = ""
    transcript: str = ""


def overheard(conversation: Conversation, complaints: Iterable[Complaint], version: str) -> list[Overheard]:
    """The complaints about a conversation over this version, as far as the server claims to know the rule."""
    is_lifespan = conversation.chapter is not None and conversation.chapter.name == "lifespan"
    return [
        Overheard(each.requirement, each.text, WITHOUT_VERSION if is_lifespan else version)
        for each in complaints
        if requirement(each.requirement).is_claimed_by(conversation.spec_version)
    ]
