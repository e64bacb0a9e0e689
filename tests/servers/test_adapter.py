"""An adapter as data."""

import pytest

from asgi_conformance.servers import Adapter, BadServer


def serving(**fields: object) -> Adapter:
    return Adapter(**({"name": "some", "command": "some {app}", "tcp": "--fd {fd}"} | fields))  # type: ignore[arg-type]


def test_the_command_ends_with_what_the_variant_wants() -> None:
    adapter = serving(variants={"fast": "--fast"})
    assert adapter.template(variant="fast") == "some {app} --fd {fd} --fast"


@pytest.mark.parametrize(
    ("version", "command"),
    [
        ("0.9", "some {app} --fd {fd}"),
        ("0.10.1", "some {app} --fd {fd} --new"),
        ("0.10", "some {app} --fd {fd} --new"),
        ("1.0rc1", "some {app} --fd {fd} --new"),
        ("", "some {app} --fd {fd} --new"),
    ],
)
def test_an_old_version_is_spared_the_flags_it_does_not_know(version: str, command: str) -> None:
    assert serving(flags={"--new": "0.10"}).template(version) == command


def test_a_command_without_the_application_is_refused() -> None:
    with pytest.raises(BadServer, match=r"no \{app\} in it"):
        serving(command="some")


def test_a_command_that_does_not_say_where_to_listen_is_refused() -> None:
    with pytest.raises(BadServer, match="must say where to listen"):
        serving(tcp="")
