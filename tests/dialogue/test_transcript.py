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


def test_lines_that_are_all_the_same_are_counted() -> None:
    transcript = Transcript()
    for _ in range(7):
        transcript.hears("app", "the same")
    transcript.hears("app", "something else")
    told = ["       app ← the same"] * 3 + ["             and 4 times more", "       app ← something else"]
    assert str(transcript).splitlines() == told


def test_of_a_flood_the_first_and_the_last_lines_are_told() -> None:
    transcript = Transcript()
    for number in range(10_000):
        transcript.hears("app", number)
    told = str(transcript).splitlines()
    assert (told[0], told[-1]) == ("       app ← 0", "       app ← 9999")
    assert told[200] == "             (9600 lines more)"
    assert len(told) == 401
