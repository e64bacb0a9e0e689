"""A difference is printed for a terminal of any width."""

import pytest

from asgi_conformance.fuzz.differential.comparison import Difference, contrasts
from asgi_conformance.fuzz.differential.observed import Key, Observation
from asgi_conformance.fuzz.differential.side_by_side import side_by_side
from asgi_conformance.fuzz.playing import Deviation
from asgi_conformance.fuzz.script import Actor
from asgi_conformance.wire import request

client, app = Actor("client"), Actor("app")
SCRIPT = client.sends(request.get("/")), app.is_called(type="http"), client.receives_head(status=200)


def seen(*told: tuple[str, int, str, str]) -> dict[Key, Observation]:
    return {(place, about, 0): Observation(place, line, about, text) for place, line, about, text in told}


CALLED = ("app", 1, "scope['type']", "is 'http'")
LEFT = seen(CALLED, ("app", 1, "scope['path']", "is '/'"), ("client", 2, "status", "200"))
RIGHT = seen(
    CALLED, ("app", 1, "scope['path']", "is ''"), ("client", 2, "status", "200"), ("client", 2, "End", "")
)
BROKEN = {"two": Deviation("http.scope.path.present", "path is '', not '/'", "", 1)}


def difference(broken: dict[str, Deviation]) -> Difference:
    return Difference(SCRIPT, ("one", "two"), tuple(contrasts(SCRIPT, (LEFT, RIGHT))), (LEFT, RIGHT), broken)


def test_what_came_is_shown_below_what_was_said() -> None:
    assert (
        side_by_side(difference({}), 60)
        == """\
    one                          two
    ---                          ---
client.sends(request.get("/"))
app.is_called(type="http")
    app ← scope['path'] is '/' ≠ app ← scope['path'] is ''
client.receives_head(status=200)
    client ← status 200          client ← status 200
    (nothing)                  ≠ client ← End
the specification allows both."""
    )


def test_who_is_wrong_is_told_in_the_end() -> None:
    assert side_by_side(difference(BROKEN)).endswith(
        "two breaks http.scope.path.present: path is '', not '/'."
    )


@pytest.mark.parametrize("width", [40, 80, 200])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    assert max(map(len, side_by_side(difference(BROKEN), width).splitlines())) <= width
