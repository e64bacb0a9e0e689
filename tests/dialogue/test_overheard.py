"""What is noted of requirements that a check is not about."""

import pytest

from asgi_conformance.dialogue.overheard import Overheard, overheard
from asgi_conformance.spec.conversation import Conversation
from asgi_conformance.spec.model import Complaint
from asgi_conformance.spec.requirement import requirements

NEW = next(each for each in requirements().values() if each.chapter == "http" and each.since == "2.4")


@pytest.mark.parametrize(("kind", "version"), [("http", "http/1.1"), ("lifespan", "server")])
def test_it_is_noted_under_the_version_that_was_spoken(kind: str, version: str) -> None:
    complaint = Complaint("asgi.call.event_loop", "why")
    assert overheard(Conversation({"type": kind}), [complaint], "http/1.1") == [
        Overheard("asgi.call.event_loop", "why", version)
    ]


@pytest.mark.parametrize(("announced", "noted"), [("2.3", 0), ("2.4", 1)])
def test_a_server_is_not_blamed_for_what_it_does_not_claim_to_know(announced: str, noted: int) -> None:
    conversation = Conversation({"type": "http", "asgi": {"version": "3.0", "spec_version": announced}})
    assert len(overheard(conversation, [Complaint(NEW.id, "why")], "http/1.1")) == noted
