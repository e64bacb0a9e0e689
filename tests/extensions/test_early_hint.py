"""An early hint has its place before the start; its links are compared however they are spread."""

import pytest

from asgi_conformance.extensions import early_hint
from asgi_conformance.extensions.early_hint import SCRIPT, STYLE, joined
from asgi_conformance.spec import http
from asgi_conformance.spec.conversation import Conversation
from asgi_conformance.spec.model import APPLICATION

SCOPE = {"type": "http", "asgi": {"version": "3.0"}, "extensions": {early_hint.NAME: {}}}
HINT = early_hint.hint(links=[STYLE])


def test_early_hints_come_before_the_start_alone() -> None:
    conversation = Conversation(SCOPE)
    for _ in range(2):
        assert conversation.may_say(APPLICATION, HINT)
        conversation.says(APPLICATION, HINT)
    conversation.says(APPLICATION, http.response_start(status=200))
    assert not conversation.may_say(APPLICATION, HINT)


def test_links_may_stand_on_one_line_or_on_several() -> None:
    assert joined([STYLE, SCRIPT]) == joined([STYLE + b" ,  " + SCRIPT])
    assert joined([STYLE, SCRIPT]) != joined([SCRIPT])


def test_links_are_an_iterable_of_bytes() -> None:
    assert [each.text for each in early_hint.hint.complaints({"links": [STYLE]})] == []
    assert early_hint.hint.fields["links"].kind.strangers([b"a"]) == (5, ["a"], [5], [[b"a"]])


@pytest.mark.parametrize("extension", ["trailers", "push"])
def test_other_extensions_do_not_offer_it(extension: str) -> None:
    other = SCOPE | {"extensions": {f"http.response.{extension}": {}}}
    assert not Conversation(other).may_say(APPLICATION, HINT)
