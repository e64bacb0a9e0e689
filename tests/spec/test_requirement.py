"""The requirements we ship are sound, and can be asked for."""

import re
from collections import Counter

import pytest

from asgi_conformance.spec.requirement import (
    CHAPTERS,
    Level,
    Party,
    UnknownRequirement,
    nearest,
    requirement,
    requirements,
    rulings,
)

ALL = tuple(requirements().values())

SIZES = {
    "core": 109,
    "http": 243,
    "websocket": 176,
    "lifespan": 81,
    "stopping": 14,
    "deployed": 19,
    "addresses": 6,
    "parity": 8,
    "push": 20,
    "denial": 25,
    "early_hint": 16,
    "trailers": 23,
    "pathsend": 20,
    "zerocopysend": 22,
    "tls": 42,
    "debug": 8,
    "wire_http": 23,
    "wire_http1": 39,
    "wire_http2": 22,
    "wire_websocket": 49,
    "fuzz": 6,
}

EXTENSIONS = {
    "push": {"http.response.push"},
    "denial": {"websocket.http.response"},
    "early_hint": {"http.response.early_hint"},
    "trailers": {"http.response.trailers"},
    "pathsend": {"http.response.pathsend"},
    "zerocopysend": {"http.response.zerocopysend"},
    "tls": {"tls"},
    "debug": {"http.response.debug"},
}

VERSIONS = {
    "core": {"3.0"},
    "http": {"2.1", "2.2", "2.3", "2.4", "2.5"},
    "websocket": {"2.1", "2.2", "2.3", "2.4", "2.5"},
    "lifespan": {"2.0"},
}


def test_every_chapter_has_all_its_statements() -> None:
    assert Counter(each.chapter for each in ALL) == SIZES
    assert tuple(SIZES) == CHAPTERS


def test_no_id_is_used_twice() -> None:
    assert len(requirements()) == sum(SIZES.values())


def test_ids_are_words_with_dots() -> None:
    assert [each.id for each in ALL if not re.fullmatch(r"[a-z0-9]+(\.[a-z0-9_]+)+", each.id)] == []


def test_statements_and_doubts_are_sentences_on_one_line() -> None:
    told = [(each.id, text) for each in ALL for text in (each.statement, each.unclear) if text is not None]
    assert [identifier for identifier, text in told if not re.fullmatch(r"\S.*\S[.)]", text)] == []


def test_links_lead_to_a_section_of_the_specification() -> None:
    pages = r"https://asgi\.readthedocs\.io/en/latest/(specs/(main|www|lifespan|tls)|extensions)\.html"
    section = re.compile(rf"{pages}#[a-z0-9]+(-[a-z0-9]+)*")
    links = {each.link for each in ALL if not each.chapter.startswith("wire_")}
    assert [link for link in links if not section.fullmatch(link)] == []


def test_links_of_the_wire_lead_to_a_section_of_an_rfc() -> None:
    section = re.compile(r"https://www\.rfc-editor\.org/rfc/rfc\d{4}\.html#section-\d+(\.\d+)*")
    links = {each.link for each in ALL if each.chapter.startswith("wire_")}
    assert [link for link in links if not section.fullmatch(link)] == []


def test_a_version_is_told_only_where_it_is_a_later_one() -> None:
    for each in ALL:
        assert each.since is None or each.since in VERSIONS[each.chapter], each.id


def test_http_versions_are_spelled_as_in_the_scope() -> None:
    assert {version for each in ALL for version in each.http_versions} == {"1.0", "1.1", "2", "3"}


def test_a_chapter_of_an_extension_speaks_of_no_other_one() -> None:
    for each in ALL:
        if each.chapter in EXTENSIONS and each.extension:
            assert each.extension in EXTENSIONS[each.chapter], each.id


def test_the_wire_is_the_duty_of_servers() -> None:
    assert {each.party for each in ALL if each.chapter.startswith("wire_")} == {Party.SERVER}


def test_every_ruling_exists_and_decides_something() -> None:
    assert {each.ruling for each in ALL} - {None} == set(rulings())


def test_a_level_differs_from_the_text_only_by_a_ruling() -> None:
    for each in ALL:
        if each.silence or each.text_level is not each.level:
            assert each.ruling, each.id


def test_a_ruling_has_a_question_and_a_rule() -> None:
    for ruling in rulings().values():
        assert ruling.question.endswith("?")
        assert ruling.rule


def test_a_requirement_is_read_with_all_its_keys() -> None:
    found = requirement("http.disconnect.after_response")
    assert (found.chapter, found.party) == ("http", Party.SERVER)
    assert (found.level, found.silence, found.text_level) == (Level.MUST, Level.SHOULD, Level.MUST)
    assert found.link.endswith("/specs/www.html#disconnect-receive-event")
    assert found.ruling == "http.receive.after-complete"


def test_what_is_not_told_is_none() -> None:
    found = requirement("asgi.event.dict.application")
    assert (found.since, found.extension, found.unclear, found.ruling, found.silence) == (None,) * 5
    assert found.http_versions == ()


def test_a_ruling_stands_above_the_text() -> None:
    found = requirement("http.scope.method.uppercase")
    assert (found.level, found.text_level) == (Level.SHOULD, Level.MUST)


def test_an_unknown_id_names_the_nearest() -> None:
    with pytest.raises(UnknownRequirement, match=r"did you mean .*http\.scope\.path\.percent_decoded"):
        requirement("http.scope.path.percent_decode")


def test_an_id_like_no_other_has_no_neighbours() -> None:
    assert nearest("€€€") == ()
    with pytest.raises(UnknownRequirement, match=r"^there is no requirement '€€€'$"):
        requirement("€€€")


@pytest.mark.parametrize(
    ("identifier", "announced", "claimed"),
    [
        ("http.send.after_disconnect.raises", "2.4", True),
        ("http.send.after_disconnect.raises", "2.3", False),
        ("http.send.after_disconnect.raises", None, False),
        ("http.send.after_disconnect.raises", "two", True),
        ("http.scope.path.present", None, True),
        ("h1.host.missing", None, True),
    ],
)
def test_a_server_claims_what_its_version_knows(
    identifier: str, announced: str | None, claimed: bool
) -> None:
    assert requirement(identifier).is_claimed_by(announced) is claimed
