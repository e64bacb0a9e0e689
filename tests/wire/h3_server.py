"""aioquic as the server of a client in HTTP/3: a real peer in a thread, which does what it is told."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from queue import SimpleQueue

from aioquic._buffer import Buffer
from aioquic.h3.connection import H3Connection
from aioquic.h3.events import H3Event, HeadersReceived
from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.connection import QuicConnection
from aioquic.quic.events import ProtocolNegotiated, QuicEvent
from aioquic.quic.packet import pull_quic_header

from asgi_conformance.wire.answer import Answer, Head
from asgi_conformance.wire.connection import Patience
from asgi_conformance.wire.http3 import HTTP3

PATIENCE = Patience(5.0, 0.05)
OK = Head(200, (), "3")

Responds = Callable[[H3Connection, QuicConnection, int], None]
Serves = Callable[..., tuple[HTTP3, "H3Server"]]


class H3Server(threading.Thread):
    """It serves one connection: for each request `responds` is called, with the number of its stream."""

    def __init__(self, files: Mapping[str, Path], responds: Responds) -> None:
        super().__init__(daemon=True)
        self.responds = responds
        self.configuration = QuicConfiguration(is_client=False, alpn_protocols=["h3"])
        self.configuration.load_cert_chain(files["cert"], files["key"])
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.bind(("127.0.0.1", 0))
        self.address: tuple[str, int] = self.sock.getsockname()
        self.heard: SimpleQueue[H3Event | QuicEvent] = SimpleQueue()
        """All that has happened, for a test to look at."""
        self._quic: QuicConnection | None = None
        self._h3: H3Connection | None = None

    def run(self) -> None:
        """Serve until something empty comes."""
        while self._waits():
            pass
        self.sock.close()

    def ends(self) -> None:
        """Stop serving, without a word."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.sendto(b"", self.address)
        self.join()

    def hears(self, *kinds: type) -> H3Event | QuicEvent:
        """The next thing of these kinds; what comes before it is dropped."""
        while not isinstance(event := self.heard.get(timeout=5), kinds):
            pass
        return event

    def _waits(self) -> bool:
        timer = self._quic.get_timer() if self._quic is not None else None
        self.sock.settimeout(None if timer is None else max(timer - time.monotonic(), 0.001))
        try:
            data, address = self.sock.recvfrom(1 << 16)
        except TimeoutError:
            assert self._quic is not None
            self._quic.handle_timer(time.monotonic())
        else:
            if not data:
                return False
            self._takes(data, address)
        self._happens()
        return True

    def _takes(self, data: bytes, address: tuple[str, int]) -> None:
        if self._quic is None:
            theirs = pull_quic_header(Buffer(data=data), host_cid_length=8).destination_cid
            self._quic = QuicConnection(
                configuration=self.configuration, original_destination_connection_id=theirs
            )
        self._quic.receive_datagram(data, address, time.monotonic())

    def _happens(self) -> None:
        assert self._quic is not None
        while (event := self._quic.next_event()) is not None:
            self.heard.put(event)
            if isinstance(event, ProtocolNegotiated):
                self._h3 = H3Connection(self._quic)
            for said in self._h3.handle_event(event) if self._h3 is not None else ():
                self.heard.put(said)
                if isinstance(said, HeadersReceived):
                    assert self._h3 is not None
                    self.responds(self._h3, self._quic, said.stream_id)
        for datagram, where in self._quic.datagrams_to_send(time.monotonic()):
            with contextlib.suppress(OSError):
                self.sock.sendto(datagram, where)


def heard(client: HTTP3, count: int) -> list[Answer]:
    """So many answers."""
    return [client.hears() for _ in range(count)]
