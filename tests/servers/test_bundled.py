"""Every server we have an adapter for, in every variant: it starts, answers, stops, and leaves nothing."""

from collections.abc import Callable

import pytest

from asgi_conformance.servers import Running, bundled, resolve

ADAPTERS = bundled()
EVERYTHING = [
    *ADAPTERS,
    *(f"{name}:{each}" for name, adapter in ADAPTERS.items() for each in adapter.variants),
]

Starts = Callable[..., Running]
Asks = Callable[..., bytes]


def test_six_servers_are_bundled() -> None:
    assert list(ADAPTERS) == ["anycorn", "daphne", "granian", "gunicorn", "hypercorn", "uvicorn"]
    assert all(name == adapter.name for name, adapter in ADAPTERS.items())


@pytest.mark.usefixtures("nothing_leaks")
@pytest.mark.parametrize("name", EVERYTHING)
def test_it_starts_answers_and_leaves_nothing(name: str, starts: Starts, asks: Asks) -> None:
    running = starts(name)
    assert b"('/hello', ''," in asks(running, "/hello")
    stopped = running.stop(15)
    assert (stopped.how, stopped.survivors) == ("terminated", ())
    has_lifespan = "lifespan" in ADAPTERS[name.partition(":")[0]].speaks and not name.endswith(
        ":lifespan-off"
    )
    assert ("goodbye" in running.process.log.text) == has_lifespan


def test_what_a_variant_adds_wins(starts: Starts, asks: Asks) -> None:
    assert b"\r\nserver: uvicorn\r\n" in asks(starts("gunicorn:uvicorn"))


@pytest.mark.parametrize("name", ADAPTERS)
def test_it_listens_on_a_unix_socket(name: str, starts: Starts, asks: Asks) -> None:
    running = starts(resolve(name).put_into("unix"))
    assert b"('/hello', ''," in asks(running, "/hello")


@pytest.mark.parametrize("name", ADAPTERS)
def test_it_listens_on_ipv6(name: str, starts: Starts, asks: Asks) -> None:
    running = starts(resolve(name).put_into("ipv6"))
    assert running.address[0] == "::1"
    assert b"('/hello', ''," in asks(running, "/hello")


@pytest.mark.parametrize("name", ADAPTERS)
def test_it_takes_a_mount_prefix(name: str, starts: Starts, asks: Asks) -> None:
    running = starts(resolve(name).put_into("mounted"))
    assert b"'/mounted'" in asks(running, "/mounted/hello")


@pytest.mark.parametrize("name", ["uvicorn:thread", "hypercorn:thread"])
def test_in_a_thread_it_takes_the_words_of_its_own_command_or_says_that_it_does_not(
    name: str, starts: Starts, asks: Asks
) -> None:
    assert b"'/mounted'" in asks(starts(resolve(name).put_into("mounted")), "/mounted/hello")
    refusing = starts(f"{name} --nonsense").process
    assert refusing.log.shows("error: unrecognized arguments: --nonsense", 15)


@pytest.mark.parametrize("name", [name for name, adapter in ADAPTERS.items() if adapter.unix_fd])
def test_it_inherits_a_unix_socket_and_the_last_place_stands(name: str, starts: Starts, asks: Asks) -> None:
    running = starts(resolve(f"{name}:ipv6").put_into("unix_fd"))
    assert running.address == str(running.folder / "server.sock")
    assert b"('/hello', ''," in asks(running, "/hello")
    running.stop(15)
    assert not (running.folder / "server.sock").exists()
    assert starts(resolve(f"{name}:unix_fd").put_into("ipv6")).address[0] == "::1"
