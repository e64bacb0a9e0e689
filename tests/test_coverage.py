"""Every must and should of a server that we claim to cover has a check, or a written reason to have none."""

from pathlib import Path

import pytest

from asgi_conformance.catalogue import coverage, reasons
from asgi_conformance.plugin.fuzzing import machines
from asgi_conformance.plugin.items import bundled
from asgi_conformance.report.coverage import coverage_page
from asgi_conformance.spec.requirement import Level, Party, requirement

CHECKS = [*(check for chapter in bundled().values() for check in chapter), *machines()]
COMPLETE = (
    "core",
    "http",
    "wire_http",
    "wire_http1",
    "wire_http2",
    "websocket",
    "denial",
    "wire_websocket",
    "tls",
    "early_hint",
    "trailers",
    "push",
    "pathsend",
    "zerocopysend",
    "debug",
    "lifespan",
    "stopping",
    "deployed",
    "addresses",
    "parity",
    "fuzz",
)
PAGE = Path(__file__).parents[1] / "reports" / "coverage.md"


@pytest.mark.parametrize("chapter", COMPLETE)
def test_every_duty_of_a_server_has_a_check_or_a_reason(chapter: str) -> None:
    covered = next(each for each in coverage(CHECKS) if each.chapter == chapter)
    assert covered.must.unchecked + covered.should.unchecked == ()


def test_no_requirement_has_two_checks() -> None:
    names = [check.requirement.id for check in CHECKS]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("identifier", sorted(reasons()))
def test_a_reason_is_for_a_duty_without_a_check(identifier: str) -> None:
    assert requirement(identifier).party is Party.SERVER
    assert requirement(identifier).level is not Level.MAY
    assert identifier not in {check.requirement.id for check in CHECKS}


def test_the_page_tells_what_is_covered_today() -> None:
    assert PAGE.read_text(encoding="utf-8") == coverage_page(CHECKS), "tox -e reports writes a fresh one"
