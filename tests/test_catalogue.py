"""The catalogue explains a requirement, finds it, and tells what is checked."""

from dataclasses import dataclass

import pytest

from asgi_conformance.catalogue import coverage, explain, find
from asgi_conformance.spec.requirement import CHAPTERS, Requirement, UnknownRequirement, requirement


@dataclass(frozen=True)
class Named:
    """A check as the catalogue sees one."""

    requirement: Requirement
    name: str = "the_path_is_percent_decoded"
    source: str = "checks/http_scope.py:12"


PATH = "http.scope.path.percent_decoded"
CHECK = Named(requirement(PATH))


def test_a_requirement_is_explained_with_its_link() -> None:
    lines = explain(PATH).splitlines()
    assert lines[0] == f"{PATH}: must (server)"
    assert lines[1].strip() == requirement(PATH).statement
    assert lines[2].strip() == requirement(PATH).link


def test_an_explanation_tells_what_is_unclear_and_how_it_is_judged() -> None:
    text = " ".join(explain("http.disconnect.after_response").split())
    assert "must (server), should where nothing comes at all" in text
    assert "unclear: Whether it comes at once" in text
    assert "judged by http.receive.after-complete: What does receive do" in text


def test_an_explanation_tells_where_the_ruling_differs_from_the_text() -> None:
    assert "should (server), the text reads as must" in explain("http.scope.method.uppercase")


def test_an_explanation_tells_where_a_requirement_applies() -> None:
    assert "since version 2.5" in explain("websocket.disconnect.reason.value")
    assert "over HTTP 1.0, 1.1, 2 only" in explain("http.response.date")
    assert "where the scope lists the extension tls" in explain("tls.tls_version.value")


def test_an_explanation_names_the_checks_of_that_requirement_alone() -> None:
    other = Named(requirement("http.request.first"), name="something_else")
    text = explain(PATH, [CHECK, other])
    assert text.endswith("  checks:\n    the_path_is_percent_decoded (checks/http_scope.py:12)")


def test_an_explanation_tells_who_passes() -> None:
    results = {
        "uvicorn:h11": {"http/1.1": "pass"},
        "hypercorn": {"http/1.1": "pass", "http/2": "fail"},
        "granian": {"http/1.1": "pass", "http/2": "pass"},
        "daphne": {},
    }
    assert explain(PATH, results=results).splitlines()[-4:] == [
        "    daphne: not tried",
        "    granian: pass",
        "    hypercorn: http/1.1 pass, http/2 fail",
        "    uvicorn:h11: pass",
    ]


def test_an_unknown_id_is_not_explained() -> None:
    with pytest.raises(UnknownRequirement, match="percent_decoded"):
        explain("http.scope.path.percent_decode")


def test_ids_are_found_by_a_part_of_them() -> None:
    assert find("Percent_Decoded") == (PATH, "websocket.scope.path.percent_decoded")


def test_the_nearest_ids_are_found_where_none_fits() -> None:
    assert PATH in find("http.scope.path.percent_decodet")
    assert find("€€€") == ()


def test_coverage_splits_each_chapter() -> None:
    by_chapter = {each.chapter: each for each in coverage([CHECK])}
    assert tuple(by_chapter) == CHAPTERS
    assert by_chapter["http"].must.checked == (PATH,)
    assert PATH not in by_chapter["http"].must.unchecked
    assert str(by_chapter["push"].must).startswith("0 of ")


def test_coverage_leaves_out_the_duties_of_applications() -> None:
    unchecked = {identifier for each in coverage([]) for identifier in each.must.unchecked}
    assert "http.response.start.type" not in unchecked
    assert "http.request.first" in unchecked
