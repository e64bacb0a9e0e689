"""QUIC as a client speaks it: a connection over a UDP socket, whose clock runs while we wait; no HTTP."""

import contextlib
import socket
import ssl
import time
from collections import deque

from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.connection import QuicConnection
from aioquic.quic.events import ConnectionTerminated, HandshakeCompleted, QuicEvent
from aioquic.quic.packet import QuicErrorCode
from aioquic.tls import CipherSuite
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key

from .connection import Lost, Patience, Silence, Unavailable
from .tls import NAMED, TLS_1_3, Agreement, Hello, Secured

ALPN = ("h3",)
NO_ERROR, INTERNAL_ERROR = 0x100, 0x102
"""With which code we close (RFC 9114 §8.1)."""


class Judged(QuicConnection):
    """aioquic as a client; what it complains of is kept."""

    complaint: str | None = None

    def close(
        self, error_code: int = QuicErrorCode.NO_ERROR, frame_type: int | None = None, reason_phrase: str = ""
    ) -> None:
        """The server did something wrong, and is told."""
        self.complaint = self.complaint or reason_phrase or f"error {error_code:#x}"
        super().close(error_code, frame_type, reason_phrase)

    def leaves(self, code: int) -> None:
        """We close, and nobody is to blame."""
        super().close(code)

    @property
    def terminated(self) -> ConnectionTerminated | None:
        """How the connection has ended; aioquic itself tells of it only some time later."""
        return self._close_event

    def unsent(self, stream: int) -> int:
        """How many bytes of a stream were never sent: the windows or the congestion do not let them."""
        known = self._streams.get(stream)
        return known.sender._buffer_stop - known.sender.highest_offset if known is not None else 0

    def untaken(self, stream: int) -> int:
        """How many bytes of a stream the server has not acknowledged: they may have to be sent once more."""
        known = self._streams.get(stream)
        return known.sender._buffer_stop - known.sender._buffer_start if known is not None else 0

    def room(self, stream: int) -> int:
        """How many more bytes the server takes on a stream, by both windows (RFC 9000 §4.1)."""
        known = self._streams.get(stream)
        if known is None or known.is_blocked:
            return 0
        own = known.max_stream_data_remote - known.sender._buffer_stop
        return max(min(own, self._remote_max_data - self._remote_max_data_used), 0)

    @property
    def suite(self) -> int:
        """The number of the cipher suite, once the handshake is over."""
        schedule = self.tls.key_schedule
        return int(schedule.cipher_suite) if schedule is not None else 0

    @property
    def certificate(self) -> bytes:
        """The server's own certificate in DER form, once the handshake is over."""
        shown = self.tls._peer_certificate
        return shown.public_bytes(Encoding.DER) if shown is not None else b""


class Connection(Secured):
    """A connection in QUIC. What `read` and `write` are about are datagrams; `turns` deals with them all.

    As for TLS the server is not verified.
    """

    def __init__(self, sock: socket.socket, patience: Patience, hello: Hello | None = None) -> None:
        """Takes over a connected UDP socket, and says nothing yet. Raises Unavailable."""
        super().__init__(sock, patience)
        self.hello = hello or Hello(alpn=ALPN)
        self.quic = Judged(configuration=_configuration(self.hello))
        self.events: deque[QuicEvent] = deque()
        """What has happened, for whoever speaks something over this."""
        self._peer = sock.getpeername()
        self._has_begun = self._has_shaken = False

    @property
    def agreed(self) -> Agreement:
        """What was negotiated, after the handshake. Raises Lost when that has failed, or Silence."""
        self.greets()
        return Agreement(TLS_1_3, self.quic.suite, self.quic.certificate, self.quic.tls.alpn_negotiated)

    def greets(self, wait: float | None = None) -> None:
        """Shake hands. Raises Lost when the server will not, Silence when it says nothing for `wait` seconds.

        After a Silence it may be called again, and goes on.
        """
        if not self._has_begun:
            self._has_begun = True
            self.quic.connect(self._peer, time.monotonic())
        while not self._has_shaken:
            self._raises_if_it_has_ended()
            self.turns(self.patience.must if wait is None else wait)

    def turns(self, wait: float) -> None:
        """Send what is to be sent, and take what comes. Raises Silence when nothing does for `wait` seconds.

        Raises Lost when nobody listens any more.
        """
        deadline = time.monotonic() + wait
        self.transmits()
        if self.quic.terminated is not None:
            return
        before = len(self.events)
        while not self._takes(self._until(deadline)):
            now = time.monotonic()
            timer = self.quic.get_timer()
            if timer is not None and timer <= now:
                self.quic.handle_timer(now)
                self.transmits()
                self._collects()
            if len(self.events) > before or self.quic.terminated is not None:
                return
            if now >= deadline:
                raise Silence(f"nothing for {wait:g} s")
        try:
            while self.is_readable():
                self._takes(0)
        finally:
            self.transmits()
            self._collects()

    def transmits(self) -> None:
        """Send what may be sent now; a datagram that is not taken is lost, as any datagram may be."""
        for datagram, _ in self.quic.datagrams_to_send(time.monotonic()):
            with contextlib.suppress(Lost):
                self.offers(datagram, self.patience.must)

    def finish(self) -> None:
        """There is no such thing. Raises Unavailable."""
        raise Unavailable("QUIC does not close one direction of a connection")

    def close(self) -> None:
        """Say that we leave, and close the socket."""
        self._hangs_up(NO_ERROR)

    def reset(self) -> None:
        """The same, with an error."""
        self._hangs_up(INTERNAL_ERROR)

    def _until(self, deadline: float) -> float:
        timer = self.quic.get_timer()
        return max((deadline if timer is None else min(deadline, timer)) - time.monotonic(), 0)

    def _takes(self, wait: float) -> bool:
        try:
            self._receives(wait)
        except Silence:
            return False
        return True

    def _receives(self, wait: float) -> None:
        self.quic.receive_datagram(self.read(wait), self._peer, time.monotonic())

    def _collects(self) -> None:
        while (event := self.quic.next_event()) is not None:
            self._has_shaken = self._has_shaken or isinstance(event, HandshakeCompleted)
            self.events.append(event)

    def _raises_if_it_has_ended(self) -> None:
        end = self.quic.terminated
        if end is not None:
            raise Lost(f"QUIC: {end.reason_phrase or f'error {end.error_code:#x}'}")

    def _hangs_up(self, code: int) -> None:
        if self.fileno() < 0:
            return
        if self._has_begun:
            self.quic.leaves(code)
            self.transmits()
        super().close()


def connect(address: tuple[str, int], patience: Patience, hello: Hello | None = None) -> Connection:
    """QUIC to a host and port, with the handshake done. Raises Lost, Silence, Unavailable or OSError."""
    over = opened(address, patience, hello)
    try:
        over.greets()
    except BaseException:
        over.sock.close()
        raise
    return over


def opened(address: tuple[str, int], patience: Patience, hello: Hello | None = None) -> Connection:
    """The same, before anything was said. Raises Unavailable or OSError."""
    family, kind, protocol, _, where = socket.getaddrinfo(*address, type=socket.SOCK_DGRAM)[0]
    sock = socket.socket(family, kind, protocol)
    try:
        sock.connect(where)
        return Connection(sock, patience, hello)
    except BaseException:
        sock.close()
        raise


def _configuration(hello: Hello) -> QuicConfiguration:
    if hello.version not in (None, TLS_1_3):
        raise Unavailable(f"QUIC has TLS 1.3 only, not {hello}")
    configuration = QuicConfiguration(
        is_client=True, alpn_protocols=list(hello.alpn), server_name=NAMED, verify_mode=ssl.CERT_NONE
    )
    if hello.cipher is not None:
        configuration.cipher_suites = [CipherSuite[hello.cipher.removeprefix("TLS_")]]
    if hello.identity is not None:
        leaf, *others = x509.load_pem_x509_certificates(hello.identity.chain)
        configuration.certificate, configuration.certificate_chain = leaf, others
        configuration.private_key = load_pem_private_key(hello.identity.key, password=None)
    return configuration
