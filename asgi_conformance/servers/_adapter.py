"""What we know of a server before we start it: one frozen adapter; it does not know processes or sockets."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

LISTENING = ("{fd}", "{port}", "{uds}")


class BadServer(ValueError):
    """What was asked for cannot be started; the text is one sentence for the user."""


@dataclass(frozen=True)
class Adapter:
    """How to start one server, as a command with placeholders.

    `{app}` is the application, `{fd}` an inherited listening socket, `{host}` and `{port}` a reserved place
    (`{escaped_host}` with a backslash before each colon), `{uds}` a fresh path for a Unix socket, `{python}`
    the interpreter, `{programs}` the folder of our own small programs. Of words that the server takes only
    once, the last must win, because variants and the user's arguments are appended.

    `package` is the distribution whose version we report, `install` what pip calls it with all that the
    variants need. `tcp`, `port` (for servers that are usually given a socket), `ipv6`, `unix` and `unix_fd`
    (a Unix socket that is inherited as `{fd}`) are the ways to tell where to listen, `tls` to listen with the
    certificate chain `{certificate}` and its `{key}` (in place of `tcp` where it has a `{port}` in it),
    `alpn` to speak HTTP/2 over it if that takes any words, `quic` to listen for HTTP/3 besides, on the UDP
    socket that is inherited as `{quic}`, where the distribution `quic_package` is installed, `mutual` to ask
    clients for a certificate by the authority `{authority}`, without demanding one if there is a choice.
    `workers` starts two of them, unless a word of `alone` is in the command; `root_path` tells the mount
    prefix `{root_path}`, but with a word of `unmounted` in the command it would tell nobody. `forwarded`
    makes it trust what any proxy says of the client. All of these are empty where there is no such way.
    `flags` maps words that older versions do not know to the first version that does. `speaks` names
    protocols: "lifespan", "http/1.0", "http/1.1", "http/2", "h2c" (HTTP/2 in the clear, with prior
    knowledge), "http/3", "websocket"; `speaks_with` more of them that come with a word in the command, and
    `mute_with` those that go with one.

    With a word of `insisting` in the command, which is no server's default, the server may refuse to run an
    application without lifespan.

    A variant is words to append, or with `{app}` in it a command of its own. Its name must not be that of a
    setting, which may follow the name of a server in the same way.
    """

    name: str
    command: str
    speaks: tuple[str, ...] = ("lifespan", "http/1.1", "websocket")
    package: str = ""
    install: str = ""
    tcp: str = ""
    port: str = ""
    ipv6: str = ""
    unix: str = ""
    unix_fd: str = ""
    tls: str = ""
    mutual: str = ""
    workers: str = ""
    alone: tuple[str, ...] = ()
    alpn: str = ""
    quic: str = ""
    quic_package: str = ""
    forwarded: str = ""
    root_path: str = ""
    unmounted: tuple[str, ...] = ()
    insisting: tuple[str, ...] = ()
    speaks_with: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    mute_with: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    flags: Mapping[str, str] = field(default_factory=dict)
    variants: Mapping[str, str] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Raise BadServer where no application or no place to listen could be told to the server."""
        told = f"{self.command} {self.tcp}"
        if "{app}" not in told:
            raise BadServer(f"the command of {self.name} has no {{app}} in it: {told.strip()}")
        if not any(place in told for place in LISTENING):
            places = ", ".join(LISTENING)
            raise BadServer(
                f"the command of {self.name} must say where to listen, by {places}: {told.strip()}"
            )

    def protocols(self, command: str) -> tuple[str, ...]:
        """What it speaks when it is run by this command."""
        more = [each for word, added in self.speaks_with.items() if word in command for each in added]
        less = [each for word, taken in self.mute_with.items() if word in command for each in taken]
        return tuple(each for each in (*self.speaks, *more) if each not in less)

    def template(self, version: str = "", variant: str = "") -> str:
        """The whole command for this version of the package ("" = not known, taken as new) and variant."""
        own = self.variants[variant] if variant else ""
        if "{app}" in own:
            return f"{own} {self.tcp}".strip()
        flags = [
            flag for flag, since in self.flags.items() if not version or _release(version) >= _release(since)
        ]
        return " ".join(filter(None, [self.command, self.tcp, *flags, own]))


def _release(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version)[:3])
