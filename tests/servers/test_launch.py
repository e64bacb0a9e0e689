"""Where a server listens, what it finds in its folder and environment, and when it can be reached."""

import contextlib
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from asgi_conformance.probe.remote import Remote
from asgi_conformance.servers import NoSetting, Running, launch, resolve
from asgi_conformance.servers._launch import has_ipv6_loopback
from asgi_conformance.wire.connection import Patience, connect

Starts = Callable[..., Running]
Asks = Callable[..., bytes]


@pytest.mark.parametrize("place", ["--fd {fd}", "--port {port}"])
def test_a_server_is_told_where_to_listen(place: str, starts_faulty: Starts, asks: Asks) -> None:
    assert b"200" in asks(starts_faulty("minimal", place))


def test_a_reserved_port_is_given_to_nobody_else(starts_faulty: Starts) -> None:
    running = starts_faulty("never_starts", "--port {port}")
    with socket.socket() as other, pytest.raises(OSError, match="in use"):
        other.bind(running.address)
    running.stop(0)
    with socket.socket() as other:
        other.bind(running.address)


@pytest.mark.parametrize("place", ["--fd {fd}", "--port {port}", "--uds {uds}"])
def test_nobody_listens_where_a_server_has_ended(place: str, starts_faulty: Starts) -> None:
    running = starts_faulty("exits", place)
    assert running.process.ends(15)
    with pytest.raises((ConnectionRefusedError, FileNotFoundError)):
        connect(running.address, Patience())


def test_the_probe_is_there_and_calls_home(folder: Path, remote: Remote) -> None:
    running = launch(resolve("uvicorn"), remote, folder)
    try:
        with contextlib.closing(remote.accept(15, running.process.exited)) as call:
            assert "'lifespan'" in repr(call.scope)
    finally:
        running.stop(0)


def test_a_server_may_be_launched_again_in_the_same_folder(starts: Starts, asks: Asks) -> None:
    for _ in range(2):
        running = starts(resolve("uvicorn").put_into("unix"))
        assert b"200" in asks(running)
        running.stop(15)


@pytest.mark.usefixtures("nothing_leaks")
def test_a_command_that_cannot_be_started_leaves_no_socket(starts: Starts, tmp_path: Path) -> None:
    (tmp_path / "broken").touch(0o755)
    with pytest.raises(OSError, match="Exec format error"):
        starts(f"{tmp_path}/broken {{app}} --fd {{fd}}")


def test_folders_are_copied_too(starts_faulty: Starts, asks: Asks, tmp_path: Path) -> None:
    (tmp_path / "greetings").mkdir()
    (tmp_path / "greetings" / "short.py").write_text("from hello import app")
    files = [tmp_path / "greetings", Path(__file__).with_name("hello.py")]
    running = starts_faulty("minimal", application="greetings.short:app", files=files)
    assert b"200" in asks(running)


def test_the_environment_is_ours_without_what_would_change_the_server(
    starts_faulty: Starts, asks: Asks, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("KEPT", "WEB_CONCURRENCY", "UVICORN_PORT"):
        monkeypatch.setenv(name, "1")
    answer = asks(starts_faulty("minimal", environment={"ADDED": "1"}))
    assert b"'KEPT'" in answer
    assert b"'ADDED'" in answer
    assert b"'PYTHONUNBUFFERED'" in answer
    assert b"WEB_CONCURRENCY" not in answer
    assert b"UVICORN_PORT" not in answer


def test_without_a_loopback_of_ipv6_there_is_no_such_setting(
    starts: Starts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("asgi_conformance.servers._launch.HOST_OF_IPV6", "2001:db8::1")
    with pytest.raises(NoSetting, match="no loopback address of IPv6"):
        starts(resolve("uvicorn").put_into("ipv6"))


def test_a_unix_socket_has_a_path_that_is_not_too_long(remote: Remote, tmp_path: Path) -> None:
    (deep := tmp_path / ("deep" * 25)).mkdir()
    with pytest.raises(NoSetting, match="path of a Unix socket in the folder of this run would be too long"):
        launch(resolve("uvicorn").put_into("unix"), remote, deep)


def test_a_server_inherits_a_socket_for_quic_beside_the_other(starts: Starts) -> None:
    running = starts(resolve("hypercorn").over("http/3"))
    assert running.place.datagrams is not None
    assert running.process.log.shows(f"https://127.0.0.1:{running.place.datagrams[1]} (QUIC)", 15)


@pytest.mark.skipif(not has_ipv6_loopback(), reason="no IPv6 here")
def test_on_ipv6_that_is_one_of_ipv6(starts: Starts) -> None:
    running = starts(resolve("hypercorn").put_into("ipv6").over("http/3"))
    assert running.place.datagrams is not None
    assert running.process.log.shows(f"https://[::1]:{running.place.datagrams[1]} (QUIC)", 15)
