"""How tables and texts are spelled in markdown that reads on a page and in a terminal."""

import re
from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table, whose columns are as wide as the widest cell."""
    cells = [[cell.replace("|", "\\|") for cell in row] for row in [head, *rows]]
    widths = [max(len(cell) for cell in column) for column in zip(*cells, strict=True)]
    lines = [" | ".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=True)) for row in cells]
    lines.insert(1, " | ".join("-" * width for width in widths))
    return "\n".join(f"| {line} |" for line in lines)


def plain(text: str) -> str:
    """The text with what markdown would take for markup escaped."""
    return re.sub(r"[\\`*<\[]|\b_|_\b", r"\\\g<0>", text)
