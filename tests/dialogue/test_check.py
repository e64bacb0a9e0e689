"""Over which versions of HTTP a check is held."""

from collections.abc import Callable

import pytest

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import WITHOUT_VERSION, check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.server import Server

SPOKEN = ("http/1.1", "http/2")
ANY, OF_HTTP2 = "http.scope.path.percent_decoded", "h2.end_stream"


def asks(client: Client, app: App) -> None:
    """Over any version."""


def asks_in_http1(http1_client: Client, app: App) -> None:
    """Over one version only."""


def compares(http1_client: Client, http2_client: Client) -> None:
    """Over two at once: it is about the later one."""


def asks_a_deployed_server(deployed_client: Client) -> None:
    """Behind a proxy."""


def looks(server: Server) -> None:
    """Without any client."""


def starts(new_server: Server, client: Client) -> None:
    """With a server of its own."""


@pytest.mark.parametrize(
    ("function", "requirement", "versions"),
    [
        (asks, ANY, SPOKEN),
        (asks, OF_HTTP2, ("http/2",)),
        (asks_in_http1, ANY, ("http/1.1",)),
        (compares, ANY, ("http/2",)),
        (asks_a_deployed_server, ANY, ("http/1.1",)),
        (looks, ANY, (WITHOUT_VERSION,)),
        (starts, ANY, (WITHOUT_VERSION,)),
    ],
)
def test_a_check_is_held_over_the_versions_that_it_is_about(
    function: Callable[..., None], requirement: str, versions: tuple[str, ...]
) -> None:
    assert check(requirement)(function).versions(SPOKEN) == versions


def test_a_check_about_a_version_that_is_not_spoken_is_not_held() -> None:
    assert check(OF_HTTP2)(asks).versions(("http/1.1",)) == ()
