"""What was said, line by line."""

from asgi_conformance.dialogue.transcript import Transcript, spelled


def test_arrows_tell_who_says_and_who_hears() -> None:
    transcript = Transcript()
    transcript.says("client", "GET /")
    transcript.hears("app", "called")
    assert str(transcript) == "    client → GET /\n       app ← called"


def test_a_message_is_its_type_and_what_else_it_holds() -> None:
    assert spelled({"type": "http.request", "body": b"x"}) == "http.request body=b'x'"
    assert spelled({"type": "lifespan.startup"}) == "lifespan.startup"


def test_what_is_no_message_is_shown_as_it_is() -> None:
    assert spelled(b"x") == "b'x'"
    assert spelled({"status": 200}) == "{'status': 200}"


def test_what_is_long_is_shortened() -> None:
    assert len(spelled({"type": "http.request", "body": b"x" * 10_000})) < 120
