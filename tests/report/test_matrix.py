"""The matrix of many servers, as markdown."""

from asgi_conformance.dialogue.verdict import Verdict
from asgi_conformance.report.matrix import matrix
from asgi_conformance.report.results import Results, ServerFacts
from asgi_conformance.spec.requirement import requirement

PATH = "http.scope.path.percent_decoded"
LOOP = "asgi.call.event_loop"


def results_of(label: str) -> Results:
    """Nothing found out yet about a server of that label."""
    return Results(ServerFacts(label, label, "1.0", "3.11.7", f"{label} {{app}}"))


def two_servers() -> list[Results]:
    """One keeps both requirements, the other breaks one of them over HTTP/2."""
    good, bad = results_of("good"), results_of("bad")
    for results in (good, bad):
        results.adds(PATH, "http/1.1", Verdict.PASS, level="must")
        results.adds(LOOP, "server", Verdict.PASS, level="must")
    bad.adds(PATH, "http/2", Verdict.FAIL, level="must", note="path was '/a_b|<c>'\nno __path__")
    return [good, bad]


def rows(text: str, name: str) -> list[list[str]]:
    """The cells of every row of a table that begins with this name."""
    lines = [line for line in text.splitlines() if line.startswith(f"| {name} ")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def test_the_servers_come_first() -> None:
    assert rows(matrix(two_servers()), "bad") == [["bad", "bad 1.0", "3.11.7", "`bad {app}`"]]


def test_the_verdicts_are_counted_by_chapter_and_in_all() -> None:
    text = matrix(two_servers())
    assert rows(text, "core") == [["core", "1 pass", "1 pass"]]
    assert rows(text, "http") == [["http", "1 pass", "1 fail"]]
    assert rows(text, "**all**") == [["**all**", "2 pass", "1 pass, 1 fail"]]


def test_the_versions_are_told_apart_only_where_they_differ() -> None:
    text = matrix(two_servers())
    assert rows(text, PATH) == [[PATH, "✓", "1.1 ✓, 2 ✗"]]
    assert rows(text, LOOP) == [[LOOP, "✓", "✓"]]


def test_chapters_come_in_the_order_of_the_catalogue_and_unknown_ones_last() -> None:
    several = two_servers()
    several[0].adds("mine.own", "server", Verdict.WARN, level="should")
    text = matrix(several)
    assert [line for line in text.splitlines() if line.startswith("## ")] == ["## core", "## http", "## mine"]
    assert rows(text, "mine.own") == [["mine.own", "!", ""]]


def test_a_deviation_tells_the_requirement_its_link_and_what_was_seen() -> None:
    deviations = matrix(two_servers()).partition("**Deviations**")[2]
    demand, remark = deviations.strip().splitlines()
    assert demand.startswith(f"- [`{PATH}`]({requirement(PATH).link}) (must): ")
    assert remark == r"  - bad: fail (2): no \__path_\_; path was '/a_b|\<c>'"


def test_servers_that_did_the_same_share_a_line() -> None:
    several = [results_of("one"), results_of("two")]
    for results in several:
        results.adds(PATH, "http/1.1", Verdict.FAIL, level="must", note="no path")
    assert "\n  - one, two: fail: no path\n" in matrix(several)


def test_what_we_saw_is_told_apart_from_deviations() -> None:
    results = results_of("one")
    results.adds(PATH, "http/1.1", Verdict.INFO, level="may", note="decoded twice")
    text = matrix([results])
    assert "Deviations" not in text
    assert "info: decoded twice" in text.partition("**Seen, and nobody's fault**")[2]


def test_a_pipe_does_not_end_a_cell() -> None:
    assert r"`cat \| {app}`" in matrix([Results(ServerFacts("cat", "cat", "", "3.11.7", "cat | {app}"))])


def test_no_results_make_an_empty_matrix() -> None:
    assert "## " not in matrix([])


def test_lifespans_and_stops_have_tables_of_what_was_recorded() -> None:
    results, serves, told = results_of("one"), "lifespan.startup.complete.serves", "stopping.sigterm.silent"
    results.adds(serves, "server", Verdict.PASS, level="must", note="serves")
    results.adds(
        told, "server", Verdict.INFO, level="may", note="application: -; client: cut; process: exit 0"
    )
    text = matrix([results])
    assert rows(text, "completes the startup") == [["completes the startup", "serves"]]
    assert rows(text, "one")[-1] == ["one", "SIGTERM", "i", "-", "cut", "exit 0"]


def test_differences_between_versions_have_a_table_and_their_records_are_not_told_whole() -> None:
    results = results_of("one")
    for version, path in (("http/1.1", "/a"), ("http/2", "/b")):
        record = f"get: {{'path': '{path}'}}"
        results.adds("parity.http", version, Verdict.INFO, level="may", note=record)
    text = matrix([results])
    assert rows(text, "one")[-1] == ["one", "HTTP/2", "get", "path", "'/a'", "'/b'", "info"]
    assert "info: get" not in text


def test_a_version_over_which_something_is_not_offered_is_passed_over() -> None:
    results = results_of("one")
    results.adds(PATH, "http/1.1", Verdict.PASS, level="must")
    results.adds(PATH, "http/2", Verdict.UNSUPPORTED, level="must")
    assert rows(matrix([results]), PATH) == [[PATH, "✓"]]
