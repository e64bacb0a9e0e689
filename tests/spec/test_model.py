"""Events are declared once: they build messages, recognise them and say what is wrong with them."""

from asgi_conformance.spec import http, lifespan, websocket
from asgi_conformance.spec.model import APPLICATION, SERVER, Event, last, more, when


def test_an_event_builds_a_message_of_just_the_keys_given() -> None:
    assert http.response_start(status=200) == {"type": "http.response.start", "status": 200}


def test_an_event_recognises_its_messages() -> None:
    assert http.request.recognises(http.request())
    assert not http.request.recognises(http.disconnect())


def test_a_missing_key_counts_as_its_default() -> None:
    assert http.request.value(http.request(), "more_body") is False


def test_a_missing_key_without_a_default_is_complained_of() -> None:
    (complaint,) = websocket.disconnect.complaints(websocket.disconnect())
    assert complaint.requirement == "websocket.disconnect.code.present"
    assert complaint.text == "'code' is missing"


def test_a_wrong_type_is_complained_of_under_its_own_requirement() -> None:
    (complaint,) = http.request.complaints(http.request(body="text"))
    assert complaint.requirement == "http.request.body.type"


def test_a_message_that_holds_both_kinds_of_data_is_complained_of() -> None:
    said = websocket.receive(bytes=b"", text="")
    assert [each.requirement for each in websocket.receive.complaints(said)] == [
        "websocket.receive.exactly_one"
    ]


def test_guards_tell_the_last_event_from_the_others() -> None:
    assert last(http.request).admits(http.request())
    assert more(http.request).admits(http.request(more_body=True))
    assert not more(http.request).admits(http.request())
    assert not when(http.request).admits(http.disconnect())


def test_a_chapter_lists_the_events_of_a_party() -> None:
    assert http.CHAPTER.events(SERVER) == [http.request, http.disconnect]
    assert lifespan.CHAPTER.events(APPLICATION) == [
        lifespan.startup_complete,
        lifespan.startup_failed,
        lifespan.shutdown_complete,
        lifespan.shutdown_failed,
    ]


def test_an_extension_adds_what_may_be_said_in_a_state_that_is_known_or_new() -> None:
    hint = Event("http.hint", APPLICATION)
    hinted = when(hint)
    steps = {APPLICATION: {"start": {hinted: "hinted"}, "hinted": {when(http.response_start): "responding"}}}
    chapter = http.CHAPTER.with_steps(steps)
    before, after = (each.steps[APPLICATION]["start"] for each in (http.CHAPTER, chapter))
    assert after == {**before, hinted: "hinted"}
    assert hint in chapter.events(APPLICATION)
    assert hint not in http.CHAPTER.events(APPLICATION)
