"""Clients that say again what they have said, byte for byte."""

from __future__ import annotations

import os
import select
import shutil
import socket
import ssl
import struct
import sys
import time
from collections.abc import Callable
from typing import Any

PATIENCE = 5.0
"""Whatever is waited for has so many seconds."""
REST = 1.0
"""When the dialogue is over, what comes within so many seconds is shown, too."""
TURNS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "turns")
"""A folder with a file for each step after which it is the turn of somebody else."""


def passed(step: object) -> None:
    """Now it is the turn of those who wait for this."""
    with open(os.path.join(TURNS, str(step)), "w"):
        pass


def waits_for(step: object) -> None:
    """Wait for one's turn."""
    deadline = time.monotonic() + PATIENCE
    while not os.path.exists(os.path.join(TURNS, str(step))):
        if time.monotonic() > deadline:
            print("    (the application has not come to this point)", flush=True)
            return
        time.sleep(0.005)


def shows(data: bytes) -> None:
    """Print bytes line by line, and not more of a line than one would read."""
    for line in data.split(b"\n"):
        text = repr(line)[2:-1]
        print("           | " + (text if len(text) <= 150 else text[:100] + " ... " + text[-40:]), flush=True)


class Client:
    """A connection to the server. `alpn` is what it offers over TLS; without any it is in the clear."""

    def __init__(self, name: str, *alpn: str) -> None:
        self.name = name
        self.got = 0
        self.is_over = False
        host = sys.argv[1] if len(sys.argv) > 2 else "127.0.0.1"
        port = int(sys.argv[-1]) if len(sys.argv) > 1 else 8000
        try:
            self.sock: Any = socket.create_connection((host, port), PATIENCE)
        except OSError as error:
            sys.exit(f"{self.name} cannot connect to {host}, port {port}: {error}")
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if alpn:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
            context.set_alpn_protocols(list(alpn))
            self.sock = context.wrap_socket(self.sock, server_hostname="localhost")

    def tells(self, what: str) -> None:
        """Print what happens here."""
        print(f"{self.name:>10}   {what}", flush=True)

    def sends(self, *pieces: bytes) -> None:
        """Send all these bytes at once."""
        data = b"".join(pieces)
        self.tells(f"sends {len(data)} bytes")
        shows(data)
        try:
            self.sock.settimeout(PATIENCE)
            self.sock.sendall(data)
        except OSError as error:
            self.tells(f"cannot send them: {error!r}")

    def receives(self, total: int) -> None:
        """Read until so many bytes have come in all."""
        deadline = time.monotonic() + PATIENCE
        while self.got < total and self.reads(deadline - time.monotonic()):
            pass

    def receives_the_rest(self, seconds: float = PATIENCE) -> None:
        """Read until the end, or until nothing comes for so long."""
        while self.reads(seconds):
            pass

    def reads(self, seconds: float) -> bool:
        """Read what comes next; returns whether there was anything."""
        if self.is_over:
            return False
        pending = isinstance(self.sock, ssl.SSLSocket) and self.sock.pending()
        if not pending and not select.select([self.sock], [], [], max(seconds, 0))[0]:
            self.tells("receives nothing more")
            return False
        try:
            data = self.sock.recv(65536)
        except OSError as error:
            self.is_over = True
            self.tells(f"finds the connection lost: {error!r}")
            return False
        self.got += len(data)
        self.is_over = not data
        self.tells(f"receives {len(data)} bytes" if data else "finds the connection ended by the server")
        if data:
            shows(data)
        return bool(data)

    def finishes(self) -> None:
        """Say no more, and go on listening."""
        self.tells("half-closes")
        self.sock.shutdown(socket.SHUT_WR)

    def leaves(self) -> None:
        """Close the connection."""
        if not self.is_over:
            self.tells("leaves")
        self.is_over = True
        self.sock.close()

    def resets(self) -> None:
        """Close the connection with a reset."""
        self.tells("resets the connection")
        self.is_over = True
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()


def plays(lines: Callable[[list[Client]], None]) -> None:
    """Have these lines said, and show what comes in the end."""
    shutil.rmtree(TURNS, ignore_errors=True)
    os.makedirs(TURNS)
    clients: list[Client] = []
    try:
        lines(clients)
        for client in clients:
            client.receives_the_rest(REST)
    finally:
        passed("over")
        for client in clients:
            client.leaves()
