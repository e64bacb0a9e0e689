"""The tables of how servers end while somebody is still there."""

from asgi_conformance.dialogue.verdict import Verdict
from asgi_conformance.plugin.items import bundled
from asgi_conformance.report.results import Results, ServerFacts
from asgi_conformance.report.stopping import SIGNALS, SITUATIONS, stopping_table

WAITS, AGAIN = "stopping.sigterm.receive", "stopping.sigterm.again"
CANCELLED = "application: call cancelled; client: response 500; process: exit 0"


def results_of(label: str, **notes: str) -> Results:
    """A server of that label: what was recorded of it, by the last words of the requirements."""
    results = Results(ServerFacts(label, label, "1.0", "3.11.7", f"{label} {{app}}"))
    for name, note in notes.items():
        signal, _, situation = name.partition("_")
        verdict = Verdict.INFO if "cancelled" in note else Verdict.PASS
        results.adds(f"stopping.{signal}.{situation}", "server", verdict, level="may", note=note)
    return results


def rows(text: str, first: str) -> list[list[str]]:
    """The cells of the rows that begin with this one."""
    lines = [line for line in text.splitlines() if line.startswith(f"| {first} ")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def test_the_verdicts_come_first() -> None:
    text = stopping_table(
        [results_of("one", sigterm_receive=CANCELLED), results_of("two", sigint_receive="")]
    )
    assert rows(text, "a call waits") == [
        ["a call waits", "SIGTERM", "i", ""],
        ["a call waits", "SIGINT", "", "✓"],
    ]


def test_servers_and_signals_with_the_same_course_share_a_row() -> None:
    notes = {"sigterm_receive": CANCELLED, "sigint_receive": CANCELLED}
    text = stopping_table([results_of("one", **notes), results_of("two", **notes)])
    seen = ["i", "call cancelled", "response 500", "exit 0"]
    assert rows(text, "one, two") == [["one, two", "SIGTERM, SIGINT", *seen]]


def test_a_second_signal_is_compared_with_the_first() -> None:
    text = stopping_table([results_of("one", sigterm_receive=CANCELLED, sigterm_again=CANCELLED)])
    assert rows(text, "one")[-1][-1] == "as after one"
    other = CANCELLED.replace("exit 0", "ended by SIGTERM")
    text = stopping_table([results_of("one", sigterm_receive=CANCELLED, sigterm_again=other)])
    assert rows(text, "one")[-1][-1] == "makes a difference"
    text = stopping_table([results_of("one", sigterm_again=f"second signal: not sent; {CANCELLED}")])
    assert rows(text, "one")[-1][-2:] == ["exit 0", "not sent"]


def test_a_note_of_another_kind_is_told_whole() -> None:
    text = stopping_table([results_of("one", sigterm_websocket="the server does not serve WebSocket")])
    assert rows(text, "one") == [["one", "SIGTERM", "✓", "the server does not serve WebSocket", "", ""]]


def test_nothing_is_told_of_nobody() -> None:
    assert stopping_table([results_of("one")]) == ""


def test_every_check_has_a_place() -> None:
    checked = {check.requirement.id for check in bundled()["stopping"]}
    assert checked == {f"stopping.{signal.lower()}.{each}" for each in SITUATIONS for signal in SIGNALS}
