"""Tables and texts in markdown."""

from asgi_conformance.report.markdown import plain, table


def test_the_columns_of_a_table_are_as_wide_as_the_widest_cell() -> None:
    assert table(["a", "b"], [["long", "c"]]).splitlines() == ["| a    | b |", "| ---- | - |", "| long | c |"]


def test_a_pipe_does_not_end_a_cell() -> None:
    assert r"| a \| b |" in table(["c"], [["a | b"]])


def test_what_markdown_would_take_for_markup_is_escaped() -> None:
    assert plain("`a` *b* <c> [d] _e_ f_g") == r"\`a\` \*b\* \<c> \[d] \_e\_ f_g"
