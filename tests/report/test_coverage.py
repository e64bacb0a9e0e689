"""The page about what is put on trial."""

from dataclasses import dataclass

from asgi_conformance.report.coverage import coverage_page
from asgi_conformance.spec.requirement import Requirement, requirement


@dataclass(frozen=True)
class Named:
    """A check as the catalogue sees one."""

    requirement: Requirement
    name: str = "the_path_is_percent_decoded"
    source: str = "checks/http_scope.py:12"


PATH = "http.scope.path.percent_decoded"


def test_what_has_a_check_is_counted_and_not_listed() -> None:
    page = coverage_page([Named(requirement(PATH))])
    assert "| http | 1 of 110 | 0 of 51 |\n" in page
    assert f"- {PATH} " not in page


def test_what_has_no_check_is_listed_as_still_to_be_done() -> None:
    _, _, left = coverage_page([]).partition("## Still to be done")
    assert f"- {PATH} (must)\n" in left


def test_a_reason_stands_above_the_ids_that_it_is_for() -> None:
    _, _, excused = coverage_page([]).partition("\nNobody can wait for as long as a startup")
    assert "- lifespan.startup.complete.no_time_limit (should)\n" in excused
