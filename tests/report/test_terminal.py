"""The tables at the end of a run."""

from asgi_conformance.dialogue.verdict import Verdict
from asgi_conformance.report.results import Results, ServerFacts
from asgi_conformance.report.terminal import chapters_table
from asgi_conformance.spec.requirement import requirements

PATH = "http.scope.path.percent_decoded"
LOOP = "asgi.call.event_loop"


def judged(label: str, path: Verdict, loop: Verdict = Verdict.PASS) -> Results:
    """A server with these verdicts on two requirements of two chapters."""
    results = Results(ServerFacts(label, label, "0.54.0", "3.11.7", f"{label} {{app}}"))
    results.adds(PATH, "http/1.1", path, level="must")
    results.adds(LOOP, "server", loop, level="should")
    return results


def test_one_server_is_counted_by_chapter() -> None:
    assert chapters_table([judged("uvicorn", Verdict.FAIL, Verdict.WARN)]) == [
        ("uvicorn 0.54.0  pass  fail  warn  info  unsupported  error", {"bold": True}),
        ("core               .     .     1     .            .      .", {"yellow": True}),
        ("http               .     1     .     .            .      .", {"red": True}),
        ("all                .     1     1     .            .      .", {"red": True}),
    ]


def test_flaky_has_a_column_only_where_something_is() -> None:
    lines = chapters_table([judged("uvicorn", Verdict.FLAKY)])
    assert lines[0][0].endswith("  error  flaky")
    assert lines[-1] == (
        "all                1     .     .     .            .      .      1",
        {"yellow": True},
    )


def test_of_several_servers_only_what_differs_or_is_broken_is_shown() -> None:
    lines = chapters_table([judged("uvicorn", Verdict.PASS), judged("daphne", Verdict.FAIL)])
    assert lines == [
        ("✓ pass  ✗ fail  ! warn  i info  - unsupported  E error  ~ flaky", {}),
        ("", {}),
        ("                                 A B", {"bold": True}),
        ("http.scope.path.percent_decoded  ✓ ✗", {"red": True}),
        ("", {}),
        ("                  pass  fail  warn  info  unsupported  error", {"bold": True}),
        ("A uvicorn 0.54.0     2     .     .     .            .      .", {"green": True}),
        ("B daphne 0.54.0      1     1     .     .            .      .", {"red": True}),
    ]


def test_what_all_break_alike_is_shown_and_what_counts_depends_on_the_level() -> None:
    several = [judged(name, Verdict.PASS, Verdict.WARN) for name in ("uvicorn", "daphne")]
    assert not any(text.startswith(LOOP) for text, _ in chapters_table(several))
    assert (f"{LOOP}  ! !", {"red": True}) in chapters_table(several, level="should")


def test_what_one_server_was_not_asked_is_left_blank() -> None:
    uvicorn, daphne = judged("uvicorn", Verdict.PASS), judged("daphne", Verdict.PASS)
    del daphne.requirements[PATH]
    assert (f"{PATH}  ✓  ", {}) in chapters_table([uvicorn, daphne])


def test_servers_that_agree_have_only_totals() -> None:
    assert len(chapters_table([judged("uvicorn", Verdict.PASS), judged("daphne", Verdict.PASS)])) == 3


def test_ten_servers_with_long_labels_and_every_verdict_fit_in_eighty_columns() -> None:
    several = [judged(f"{number} uvicorn --http h11 --ws wsproto", Verdict.FLAKY) for number in range(10)]
    for number, verdict in enumerate(Verdict):
        several[number].adds(max(requirements(), key=len), "server", verdict, level="may")
    assert max(len(text) for text, _ in chapters_table(several)) <= 80


def test_nothing_judged_is_no_trouble() -> None:
    assert [text for text, _ in chapters_table([])] == ["  pass  fail  warn  info  unsupported  error"]
