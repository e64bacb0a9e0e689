"""Which of several verdicts stands."""

import pytest

from asgi_conformance.dialogue.verdict import Verdict, worst


def test_a_fail_outweighs_everything() -> None:
    assert worst(Verdict) is Verdict.FAIL


def test_our_own_trouble_outweighs_what_we_saw_of_the_server() -> None:
    assert worst([Verdict.PASS, Verdict.ERROR, Verdict.FLAKY, Verdict.WARN]) is Verdict.ERROR


def test_a_pass_outweighs_unsupported_so_one_version_that_has_it_counts() -> None:
    assert worst([Verdict.UNSUPPORTED, Verdict.PASS]) is Verdict.PASS


def test_no_verdict_at_all_is_an_error_of_the_caller() -> None:
    with pytest.raises(ValueError, match="empty"):
        worst([])


def test_a_verdict_is_the_word_itself() -> None:
    assert Verdict("warn") == "warn"
    assert f"{Verdict.WARN}" == "warn"
