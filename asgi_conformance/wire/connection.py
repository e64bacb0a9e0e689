"""A blocking socket with one patience; it knows neither HTTP nor ASGI."""

import contextlib
import socket
import struct
from dataclasses import dataclass

from asgi_conformance.wire.readiness import readable

READ_SIZE = 65536
Address = tuple[str, int] | str


class Silence(Exception):
    """Nothing came in the time that we wait for what must come."""


class Lost(Exception):
    """The peer reset the connection, or it broke."""


class Unavailable(Exception):
    """The peer does not offer what is to be said."""


@dataclass(frozen=True)
class Patience:
    """The only two numbers of seconds: for what must come, and for what must not come."""

    must: float = 5.0
    silence: float = 0.3


class Connection:
    """One stream socket; every wait ends after the patience."""

    def __init__(self, sock: socket.socket, patience: Patience) -> None:
        self.sock = sock
        self.patience = patience

    def write(self, data: bytes) -> None:
        """Send all of `data`. Raises Silence when the peer takes nothing, Lost when it is gone."""
        if self.offers(data, self.patience.must):
            raise Silence(f"the peer took nothing for {self.patience.must:g} s")

    def offers(self, data: bytes, wait: float) -> bytes:
        """Send `data` until the peer takes nothing for `wait` seconds; returns the rest. Raises Lost."""
        self.sock.settimeout(wait)
        left = memoryview(data)
        try:
            while left:
                left = left[self.sock.send(left) :]
        except (TimeoutError, BlockingIOError):
            pass
        except OSError as error:
            raise Lost(str(error)) from error
        return bytes(left)

    def read(self, wait: float | None = None) -> bytes:
        """The next bytes, or b"" when the peer has finished. Raises Silence after `wait` seconds, or Lost."""
        seconds = self.patience.must if wait is None else wait
        self.sock.settimeout(max(seconds, 1e-6))
        try:
            return self.sock.recv(READ_SIZE)
        except (TimeoutError, BlockingIOError) as error:
            raise Silence(f"nothing for {seconds:g} s") from error
        except OSError as error:
            raise Lost(str(error)) from error

    def is_readable(self) -> bool:
        """Has something come that is not read, be it the end? Does not wait."""
        return self.fileno() >= 0 and bool(readable(self.fileno()))

    def finish(self) -> None:
        """Shut down our direction only (FIN); the peer may go on."""
        with contextlib.suppress(OSError):
            self.sock.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        """Close both directions."""
        self.sock.close()

    def reset(self) -> None:
        """Close with a reset (RST) instead of a FIN."""
        with contextlib.suppress(OSError):
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()

    def fileno(self) -> int:
        """The file descriptor, for select."""
        return self.sock.fileno()


def connect(address: Address, patience: Patience) -> Connection:
    """Open a connection to a host and port, or to the path of a Unix socket. Raises OSError."""
    if isinstance(address, str):
        sock = socket.socket(socket.AF_UNIX)
        sock.settimeout(patience.must)
        try:
            sock.connect(address)
        except OSError:
            sock.close()
            raise
    else:
        sock = socket.create_connection(address, patience.must)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return Connection(sock, patience)
