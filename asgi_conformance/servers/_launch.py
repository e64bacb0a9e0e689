"""Starting a server with the probe in it: the place to listen, the folder, the environment, the command."""

import os
import shlex
import shutil
import socket
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from asgi_conformance.probe.remote import PACKAGE, Remote, install
from asgi_conformance.servers._deployed import supervised
from asgi_conformance.servers._process import Process, Stopped
from asgi_conformance.servers._resolve import Choice
from asgi_conformance.servers._setting import DEPLOYED, IPV6, UNIX_FD, NoSetting
from asgi_conformance.wire import certificates
from asgi_conformance.wire.connection import Address

HOST, HOST_OF_IPV6 = "127.0.0.1", "::1"
PROGRAMS = Path(__file__).with_name("_programs")
LONGEST_SOCKET = 103
"""Bytes in the path of a Unix socket; the least that systems grant."""
# What would change the server behind our back.
CLEARED = ("WEB_CONCURRENCY", "FORWARDED_ALLOW_IPS", "ASGI_THREADS", "PYTHONOPTIMIZE", "PORT")
CLEARED_PREFIXES = ("UVICORN_", "GRANIAN_", "GUNICORN_", "DAPHNE_", "HYPERCORN_", "ANYCORN_")


@dataclass
class Place:
    """Where a server shall listen, how to tell it, and the sockets that keep the place free for it.

    `datagrams` is where it shall listen for QUIC.
    """

    address: Address
    words: Mapping[str, str]
    held: tuple[socket.socket, ...] = ()
    passed: tuple[int, ...] = ()
    datagrams: tuple[str, int] | None = None

    def leave(self) -> None:
        """Let go of the place."""
        for each in self.held:
            each.close()

    def with_datagrams(self, host: str) -> "Place":
        """The same place, and a socket for QUIC beside it, which is inherited."""
        beside = socket.socket(_family_of(host), socket.SOCK_DGRAM)
        beside.bind((host, 0))
        number, where = beside.fileno(), beside.getsockname()[:2]
        words = {**self.words, "{quic}": str(number)}
        return Place(self.address, words, (*self.held, beside), (*self.passed, number), where)


@dataclass
class Running:
    """A server that was started; it may not listen yet, and may have ended already."""

    process: Process
    address: Address
    folder: Path
    place: Place

    def stop(self, grace: float) -> Stopped:
        """End the server and its family, and clear its place. May be repeated."""
        stopped = self.process.stops(grace)
        self.place.leave()
        if isinstance(self.address, str):
            Path(self.address).unlink(missing_ok=True)
        return stopped


def launch(
    choice: Choice,
    remote: Remote,
    folder: Path,
    *,
    application: str = f"{PACKAGE}:app",
    files: Iterable[Path] = (),
    environment: Mapping[str, str] | None = None,
    arguments: str = "",
) -> Running:
    """Start a server in `folder`, which gets the probe and copies of `files` (folders too), without waiting.

    `arguments` are appended to the command. Raises BadServer, or OSError if the command cannot be started.
    It is NoSetting where this machine has no such place for the setting.
    """
    template, executable = f"{choice.command} {arguments}", choice.executable()
    _furnish(folder, files)
    place = _place(template, folder, choice.settings)
    told = {
        "{app}": application,
        "{python}": choice.interpreter,
        "{programs}": str(PROGRAMS),
        "{root_path}": choice.prefix,
        **place.words,
    }
    try:
        told |= _certified(folder) if choice.is_encrypted else {}
        argv = [*executable, *(_filled(word, told) for word in shlex.split(template)[1:])]
        if DEPLOYED in choice.settings:
            argv = supervised(argv, folder, place.address, choice.prefix)
        surroundings = _environment(choice, remote, environment or {})
        process = Process(argv, surroundings, folder, place.passed)
    except BaseException:
        place.leave()
        raise
    if "{fd}" in place.words:
        # With our copy open, a server that has ended would still seem to listen.
        place.leave()
    return Running(process, place.address, folder, place)


def _furnish(folder: Path, files: Iterable[Path]) -> None:
    if not (folder / PACKAGE).exists():
        install(folder)
    for file in files:
        if file.is_dir():
            shutil.copytree(file, folder / file.name, dirs_exist_ok=True)
        else:
            shutil.copy(file, folder)


def _certified(folder: Path) -> Mapping[str, str]:
    try:
        files = certificates.made().write(folder)
    except certificates.NotInstalled as error:
        raise NoSetting(str(error)) from error
    return {"{certificate}": str(files["cert"]), "{key}": str(files["key"]), "{authority}": str(files["ca"])}


def _place(template: str, folder: Path, settings: tuple[str, ...]) -> Place:
    host = HOST_OF_IPV6 if IPV6 in settings else HOST
    place = _place_of_streams(template, folder, settings, host)
    return place.with_datagrams(host) if "{quic}" in template else place


def _place_of_streams(template: str, folder: Path, settings: tuple[str, ...], host: str) -> Place:
    if "{uds}" in template:
        place = _unix_place(folder / "server.sock")
        return _place_in_front(place) if DEPLOYED in settings else place
    if "{fd}" in template and UNIX_FD in settings:
        return _inherited_unix_place(folder / "server.sock")
    held = _bound_to(host)
    address: Address = held.getsockname()[:2]
    if "{fd}" in template:
        # Inherited by what is accepted; servers that take the socket for a Unix one do not set it themselves.
        held.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        held.listen()
        return Place(address, {"{fd}": str(held.fileno())}, (held,), (held.fileno(),))
    if sys.platform != "linux":
        # Only Linux lets a server with SO_REUSEADDR bind beside a socket that does not listen; elsewhere
        # somebody else may take the port before the server does.
        held.close()
    words = {"{host}": host, "{escaped_host}": host.replace(":", "\\:"), "{port}": str(address[1])}
    return Place(address, words, (held,))


def _unix_place(path: Path) -> Place:
    if not hasattr(socket, "AF_UNIX"):
        raise NoSetting("this machine has no Unix sockets")
    if len(os.fsencode(path)) > LONGEST_SOCKET:
        raise NoSetting("the path of a Unix socket in the folder of this run would be too long")
    return Place(str(path), {"{uds}": str(path)})


def _inherited_unix_place(path: Path) -> Place:
    place = _unix_place(path)
    held = socket.socket(socket.AF_UNIX)
    held.bind(str(path))
    held.listen()
    return Place(place.address, {"{fd}": str(held.fileno())}, (held,), (held.fileno(),))


def _place_in_front(behind: Place) -> Place:
    held = _bound_to(HOST)
    return Place(held.getsockname(), behind.words, (held,))


def _bound_to(host: str) -> socket.socket:
    if host == HOST_OF_IPV6 and not has_ipv6_loopback():
        raise NoSetting("this machine has no loopback address of IPv6")
    held = socket.socket(_family_of(host))
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind((host, 0))
    return held


def _family_of(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if host == HOST_OF_IPV6 else socket.AF_INET


def has_ipv6_loopback() -> bool:
    """Can anybody listen on the loopback address of IPv6 here?"""
    try:
        with socket.socket(socket.AF_INET6) as trial:
            trial.bind((HOST_OF_IPV6, 0))
    except OSError:
        return False
    return True


def _filled(word: str, told: Mapping[str, str]) -> str:
    # Not str.format: other braces belong to the user.
    for placeholder, value in told.items():
        word = word.replace(placeholder, value)
    return word


def _environment(choice: Choice, remote: Remote, extra: Mapping[str, str]) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in CLEARED and not name.startswith(CLEARED_PREFIXES)
    }
    ours = {"PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    return {**kept, **ours, "ASGI_CONFORMANCE_PROBE": remote.address, **choice.adapter.environment, **extra}
