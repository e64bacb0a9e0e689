"""The table of what servers do with each kind of lifespan."""

from asgi_conformance.dialogue.verdict import Verdict
from asgi_conformance.plugin.items import bundled
from asgi_conformance.report.lifespans import ROWS, lifespan_table
from asgi_conformance.report.results import Results, ServerFacts

EXITS, LOGGED = "lifespan.startup.failed.exits", "lifespan.startup.failed.message_logged"
CALLED = "lifespan.exception.on_call.continues"


def results_of(label: str) -> Results:
    """Nothing found out yet about a server of that label."""
    return Results(ServerFacts(label, label, "1.0", "3.11.7", f"{label} {{app}}"))


def cells(text: str, what: str) -> list[str]:
    """The cells beside the one that says what the application does."""
    (line,) = [line for line in text.splitlines() if line.startswith(f"| {what} ")]
    return [cell.strip() for cell in line.strip("|").split(" | ")][1:]


def test_what_was_recorded_stands_beside_what_the_application_does() -> None:
    results = results_of("one")
    results.adds(EXITS, "server", Verdict.PASS, level="should", note="exit status 3")
    results.adds(LOGGED, "server", Verdict.PASS, level="should", note="prints why")
    text = lifespan_table([results])
    assert cells(text, "fails in the startup, with a message") == ["prints why, exit status 3"]
    assert cells(text, "completes the startup") == [""]


def test_a_verdict_that_is_no_pass_has_its_sign() -> None:
    results = results_of("one")
    results.adds(CALLED, "server", Verdict.FAIL, level="must", note="the server ended with exit status 1")
    text = lifespan_table([results])
    assert cells(text, "raises before it receives anything") == ["✗ the server ended with exit status 1"]


def test_the_same_is_told_once() -> None:
    results = results_of("one")
    results.adds(CALLED, "server", Verdict.PASS, level="must", note="serves; prints why")
    results.adds("lifespan.exception.no_events", "server", Verdict.PASS, level="must", note="serves")
    text = lifespan_table([results])
    assert cells(text, "raises before it receives anything") == ["serves, prints why"]


def test_a_server_that_calls_no_lifespan_has_no_column() -> None:
    one, other = results_of("one"), results_of("other")
    one.adds(EXITS, "server", Verdict.PASS, level="should", note="exit status 3")
    other.adds(EXITS, "server", Verdict.UNSUPPORTED, level="should", note="no lifespan")
    assert "| the application " in lifespan_table([one, other])
    assert "other" not in lifespan_table([one, other]).partition("| the application")[2].splitlines()[0]
    assert lifespan_table([other]) == ""


def test_every_row_is_of_requirements_with_a_check() -> None:
    checked = {check.requirement.id for chapter in bundled().values() for check in chapter}
    assert {identifier for identifiers in ROWS.values() for identifier in identifiers} <= checked
