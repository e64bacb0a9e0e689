"""The table of what differs between versions, settings and implementations."""

import pytest

from asgi_conformance.dialogue.verdict import Verdict
from asgi_conformance.plugin.items import bundled
from asgi_conformance.report.allowances import ALLOWANCES, JUDGED_BY
from asgi_conformance.report.parity import KINDS, SETTINGS, parity_table
from asgi_conformance.report.results import Results, ServerFacts
from asgi_conformance.spec.requirement import requirement

PATH = "http.scope.path.percent_decoded"


def results_of(label: str, **told: dict[str, object]) -> Results:
    """A server of that label, and what was recorded of its exchange `get`, by a name of the way."""
    results = Results(ServerFacts(label, label.partition(":")[0], "1.0", "3.11.7", f"{label} {{app}}"))
    ways = {
        "one": ("", "http/1.1"),
        "two": ("", "http/2"),
        "tls": ("tls.", "http/1.1"),
        "unix": ("unix.", "http/1.1"),
    }
    for name, fields in told.items():
        setting, version = ways[name]
        results.adds(f"parity.{setting}http", version, Verdict.PASS, level="may", note=f"get: {fields}")
    return results


def rows(text: str) -> list[list[str]]:
    """The cells of all rows of differences, without what stands above them."""
    lines = [line for line in text.splitlines() if line.startswith("| ") and " get " in line]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def test_a_difference_between_versions_is_told() -> None:
    text = parity_table([results_of("server", one={"path": "/a b"}, two={"path": "/a%20b"})])
    assert rows(text) == [["server", "HTTP/2", "get", "path", "'/a b'", "'/a%20b'", "info"]]


def test_the_requirement_that_is_broken_there_is_told_beside_it() -> None:
    results = results_of("server", one={"path": "/a b"}, two={"path": "/a%20b"})
    results.adds(PATH, "http/1.1", Verdict.PASS, level="must")
    results.adds(PATH, "http/2", Verdict.FAIL, level="must")
    assert rows(parity_table([results]))[0][-1] == f"`{PATH}` fail"


def test_what_breaks_an_exchange_off_is_judged_like_what_was_told() -> None:
    silent: dict[str, object] = {"broken off": "receive gave nothing"}
    results = results_of("server", one={"path": "/"}, two={"path": "/", **silent})
    results.adds("http.request.no_body", "http/2", Verdict.FAIL, level="must")
    assert rows(parity_table([results]))[0][-1] == "`http.request.no_body` fail"


def test_a_requirement_that_is_broken_everywhere_is_no_reason() -> None:
    results = results_of("server", one={"path": "/a b"}, two={"path": "/a%20b"})
    for version in ("http/1.1", "http/2"):
        results.adds(PATH, version, Verdict.FAIL, level="must")
    assert rows(parity_table([results]))[0][-1] == "info"


def test_servers_with_the_same_difference_share_a_row() -> None:
    told: dict[str, dict[str, object]] = {"one": {"path": "/a b"}, "two": {"path": "/a%20b"}}
    text = parity_table([results_of("first", **told), results_of("second", **told)])
    assert [cells[0] for cells in rows(text)] == ["first; second"]


def test_places_with_the_same_difference_share_a_row() -> None:
    other: dict[str, object] = {"path": "/a%20b"}
    text = parity_table([results_of("server", one={"path": "/a b"}, two=other, tls=other)])
    assert [cells[1] for cells in rows(text)] == ["HTTP/2, HTTP/1.1 (TLS)"]


def test_of_lists_only_what_differs_is_told() -> None:
    one: dict[str, object] = {"answer.added": ["date", "server"]}
    text = parity_table([results_of("server", one=one, two={"answer.added": ["server"]})])
    assert rows(text)[0][4:6] == ["date", "nothing"]
    turned: dict[str, object] = {"events": ["second", "first"]}
    text = parity_table([results_of("server", one={"events": ["first", "second"]}, two=turned)])
    assert rows(text)[0][4:6] == ["first, second", "second, first"]


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ({"http_version": "1.1"}, {"http_version": "2"}),
        ({"scheme": "http"}, {"scheme": "https"}),
        ({"extensions": []}, {"extensions": ["http.response.push", "tls"]}),
        ({"headers": [[b"transfer-encoding", b"chunked"]]}, {}),
        ({"headers": [[b"x", b"1"], [b"y", b"2"]]}, {"headers": [[b"y", b"2"], [b"x", b"1"]]}),
        ({"answer.added": ["connection", "date"]}, {"answer.added": ["date"]}),
    ],
)
def test_what_a_version_really_changes_is_no_difference(
    one: dict[str, object], two: dict[str, object]
) -> None:
    assert (
        rows(parity_table([results_of("server", one={"path": "/", **one}, two={"path": "/", **two})])) == []
    )


def test_the_order_of_the_values_of_a_header_is_a_difference() -> None:
    turned: dict[str, object] = {"headers": [[b"x", b"2"], [b"x", b"1"]]}
    text = parity_table([results_of("server", one={"headers": [[b"x", b"1"], [b"x", b"2"]]}, two=turned)])
    assert [cells[3] for cells in rows(text)] == ["headers"]


def test_the_ends_of_a_unix_socket_differ_from_others_and_not_from_each_other() -> None:
    tcp: dict[str, object] = {"server": ["127.0.0.1", "<port>"]}
    good = results_of("server", one=tcp, unix={"server": ["<folder>/server.sock", None]})
    bad = results_of("server:other", one=tcp, unix={"server": ["/", "t"]})
    assert [cells[:2] for cells in rows(parity_table([good, bad]))] == [
        ["server, server:other", "HTTP/1.1 (Unix socket)"]
    ]


def test_implementations_are_compared_with_the_first_one_of_their_server() -> None:
    told = [results_of(label, one={"path": f"/{label}"}) for label in ("one", "other", "other:kind")]
    assert [cells[0] for cells in rows(parity_table(told))] == ["other, other:kind"]


def test_a_note_that_is_no_record_is_passed_over() -> None:
    results = results_of("server", one={"path": "/"})
    results.adds("parity.http", "http/2", Verdict.UNSUPPORTED, level="may", note="not: this, as it happens")
    assert rows(parity_table([results])) == []


def test_nothing_is_told_of_nobody() -> None:
    assert parity_table([results_of("server")]) == ""


def test_every_check_has_a_place() -> None:
    checked = {check.requirement.id for check in bundled()["parity"]}
    settings = [f"{setting}." if setting else "" for setting in SETTINGS]
    assert checked == {f"parity.{setting}{kind}" for setting in settings for kind in KINDS}


def test_every_rule_leads_somewhere() -> None:
    assert all(each.link.startswith("https://") and "#" in each.link for each in ALLOWANCES)
    assert {requirement(identifier).id for ids in JUDGED_BY.values() for identifier in ids}
