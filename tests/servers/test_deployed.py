"""A real nginx in front of a server, and a real supervisord that keeps both: they leave nothing behind."""

import importlib.util
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from asgi_conformance.servers import NoSetting, Running, resolve
from asgi_conformance.servers._deployed import supervised
from asgi_conformance.wire.connection import Patience, connect

Starts = Callable[..., Running]
Asks = Callable[..., bytes]
ADDRESS = ("127.0.0.1", 1)


def lives(pid: int) -> bool:
    try:
        return b") Z " not in Path(f"/proc/{pid}/stat").read_bytes()
    except FileNotFoundError:
        return False


@pytest.fixture
def deploys(starts: Starts) -> Starts:
    """Launches a server behind nginx."""

    def deploy(server: str = "uvicorn:h11", **options: str) -> Running:
        try:
            return starts(resolve(server).put_into("deployed"), **options)
        except NoSetting as reason:
            pytest.skip(str(reason))

    return deploy


def test_a_server_serves_below_its_prefix_through_nginx(deploys: Starts, asks: Asks) -> None:
    answer = asks(deploys(), "/mounted/below")
    assert answer.startswith(b"HTTP/1.1 200")
    assert b"Server: nginx" in answer
    assert b"'/mounted/mounted/below', '/mounted'" in answer


def test_what_is_stopped_leaves_nothing(deploys: Starts, asks: Asks) -> None:
    deployed = deploys()
    asks(deployed)
    family = deployed.process.family()
    stopped = deployed.stop(30)
    assert (stopped.how, stopped.returncode, stopped.survivors) == ("terminated", 0, ())
    assert "stopped: server (exit status 0)" in deployed.process.log.text
    assert not any(map(lives, family))
    assert not (deployed.folder / "server.sock").exists()
    with pytest.raises(ConnectionRefusedError):
        connect(deployed.address, Patience())


@pytest.mark.usefixtures("nothing_leaks")
def test_the_death_of_the_supervisor_leaves_nothing(deploys: Starts, asks: Asks) -> None:
    deployed = deploys()
    asks(deployed)
    family = deployed.process.family()
    # The supervisor, nginx and its worker, the server and its two.
    assert len(family) >= 6
    deployed.process.signals(signal.SIGKILL)
    deployed.stop(0)
    assert not any(map(lives, family))


def test_it_is_to_be_seen_that_a_server_does_not_start(deploys: Starts) -> None:
    running = deploys("daphne", application="hello:nothing")
    assert running.process.log.shows("exited: server (exit status 1; not expected)", 60)
    assert running.stop(30).survivors == ()


def test_without_nginx_there_is_no_such_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("asgi_conformance.servers._deployed.SYSTEM", ())
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoSetting, match="nginx is not installed here"):
        supervised(["server"], tmp_path, ADDRESS, "/mounted")


def test_without_a_supervisor_there_is_no_such_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "nginx").touch(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(NoSetting, match="supervisor is not installed here: pip install supervisor"):
        supervised(["server"], tmp_path, ADDRESS, "/mounted")


def test_a_server_over_tls_is_not_put_behind_nginx() -> None:
    with pytest.raises(NoSetting, match="nginx speaks no TLS with the server behind it"):
        resolve("uvicorn:tls").put_into("deployed")


def test_what_a_server_does_not_offer_is_left_out() -> None:
    assert "--workers" not in resolve("daphne").put_into("deployed").command
    assert "--root-path" not in resolve("gunicorn:uvicorn").put_into("deployed").command
