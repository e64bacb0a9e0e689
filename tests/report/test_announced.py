"""The table of what is announced against what was measured."""

from asgi_conformance.dialogue.verdict import Verdict
from asgi_conformance.report.announced import EXTENSIONS, VERSIONS, announced_table
from asgi_conformance.report.results import Results, ServerFacts

TRAILERS, PUSH = "http.response.trailers.sent.h2", "http.response.push.path"
OF_2_3, OF_2_4 = "http.scope.raw_path.excludes_query", "http.send.after_disconnect.raises"


def judged(versions: str = "http: 2.3", extensions: str = "http: http.response.trailers") -> Results:
    """A server that announces this over HTTP/2."""
    results = Results(ServerFacts("one", "one", "1.0", "3.11.7", "one {app}"))
    results.adds(VERSIONS, "http/2", Verdict.PASS, level="should", note=versions)
    results.adds(EXTENSIONS, "http/2", Verdict.PASS, level="should", note=extensions)
    return results


def cells(results: Results) -> dict[str, str]:
    """The cells of the only row, by the head of their column."""
    lines = [line for line in announced_table([results]).splitlines() if line.startswith("|")]
    head, _, row = ([cell.strip() for cell in line.strip("|").split(" | ")] for line in lines)
    return dict(zip(head, row, strict=True))


def test_an_announced_extension_is_told_and_another_one_is_not() -> None:
    told = cells(judged())
    assert (told["over"], told["`http.response.trailers`"], told["`http.response.push`"]) == ("2", "✓", "")


def test_the_gravest_verdict_on_an_extension_is_told_and_counted() -> None:
    results = judged(extensions="http: http.response.push, http.response.trailers")
    results.adds(TRAILERS, "http/2", Verdict.FAIL, level="must")
    results.adds("http.response.trailers.head", "http/2", Verdict.WARN, level="should")
    results.adds(PUSH, "http/2", Verdict.PASS, level="must")
    told = cells(results)
    assert (told["`http.response.trailers`"], told["`http.response.push`"]) == ("✗ 1", "✓")


def test_a_version_is_kept_as_far_as_all_is_that_it_and_those_before_it_added() -> None:
    results = judged("http: 2.4; websocket: none")
    results.adds(OF_2_3, "http/2", Verdict.PASS, level="must")
    results.adds(OF_2_4, "http/2", Verdict.WARN, level="should")
    told = cells(results)
    assert (told["HTTP"], told["WebSocket"]) == ("2.4 → 2.3", "")


def test_what_is_broken_counts_where_it_was_not_claimed() -> None:
    results = judged("http: 2.1")
    results.adds(
        OF_2_3, "http/2", Verdict.UNSUPPORTED, level="must", note="the server announces 2.1, and so on"
    )
    assert cells(results)["HTTP"] == "2.1 → 2.2"


def test_nothing_is_told_of_servers_that_were_not_asked() -> None:
    assert announced_table([Results(ServerFacts("one", "one", "1.0", "3.11.7", "one {app}"))]) == ""
