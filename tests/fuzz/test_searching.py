"""Where a script is played: on the server that all share, or on one of its own."""

from drawn import Staged

from asgi_conformance.fuzz.http import whatever_is_said_over_http_the_server_serves_on as of_requests
from asgi_conformance.fuzz.lifespan import (
    whatever_an_application_does_in_its_lifespan_the_server_serves_or_ends as of_a_life,
)
from asgi_conformance.fuzz.searching import place


def test_a_script_about_the_life_of_a_server_has_one_of_its_own(staged: Staged) -> None:
    stage = staged("uvicorn:h11")
    with place(of_a_life, stage) as first, place(of_a_life, stage) as second:
        assert len({stage, first, second}) == 3
        assert second.is_open()


def test_all_others_share_one(staged: Staged) -> None:
    stage = staged("uvicorn:h11")
    with place(of_requests, stage) as held:
        assert held is stage
