"""TLS as a client speaks it, over a connection whose bytes we read ourselves; it knows no HTTP.

What the peer sent is decrypted as soon as it is there, and all of it: whoever selects on the socket misses
nothing. That is why there is no `SSLSocket` here.
"""

import contextlib
import socket
import ssl
import tempfile
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cache

from . import connection
from .certificates import Identity
from .connection import READ_SIZE, Lost, Patience, Silence

TLS_1_2, TLS_1_3 = 0x0303, 0x0304
RECORD = 1 << 14
"""The most that one record holds (RFC 8446 §5.1)."""
NAMED = "localhost"
"""The server that is asked for (RFC 6066 §3)."""


@dataclass(frozen=True)
class Hello:
    """What a client offers: only this version, only this cipher suite (up to TLS 1.2, as OpenSSL names it).

    None leaves the choice to the server. `identity` is shown when the server asks who the client is.
    """

    version: int | None = None
    cipher: str | None = None
    identity: Identity | None = None
    alpn: tuple[str, ...] = ("http/1.1",)

    def __str__(self) -> str:
        version = f"TLS 1.{self.version - TLS_1_2 + 2}" if self.version else "TLS"
        who = f", as the client {self.identity.name!r}" if self.identity else ""
        return f"{version}{f' with {self.cipher}' if self.cipher else ''}{who}"


@dataclass(frozen=True)
class Agreement:
    """What was negotiated: the numbers of the version and of the cipher suite as they are in the ServerHello.

    `certificate` is the DER form of the server's own.
    """

    version: int
    cipher_suite: int
    certificate: bytes
    alpn: str | None


class Secured(connection.Connection, ABC):
    """A connection with TLS in it, below or above what else is spoken there."""

    hello: Hello
    """What the client offers."""

    @property
    @abstractmethod
    def agreed(self) -> Agreement:
        """What was negotiated, after the handshake. Raises Lost when that has failed."""


class Connection(Secured):
    """A connection over TLS: `read` and `write` are about the text, `sock` is the socket below.

    The server is not verified: who it is, is not on trial.
    """

    def __init__(self, sock: socket.socket, patience: Patience, hello: Hello | None = None) -> None:
        """Takes over a connected socket, and says nothing yet: see `greets`."""
        super().__init__(sock, patience)
        self.hello = hello or Hello()
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = _context(self.hello).wrap_bio(self._incoming, self._outgoing, server_hostname=NAMED)
        self._unsent = b""
        """What is encrypted and waits for the peer to take it."""
        self._underway = b""
        """The text of the last record, as long as the peer has not taken all of it."""
        self._text = bytearray()
        """What is decrypted and not read yet."""
        self._has_ended = False
        self._trouble: Lost | None = None

    @property
    def agreed(self) -> Agreement:
        """What was negotiated, after the handshake. Raises Lost when that has failed."""
        if self._trouble is not None:
            raise self._trouble
        name, version, _ = self._tls.cipher() or ("", "", 0)
        suites = {each["name"]: each["id"] & 0xFFFF for each in self._tls.context.get_ciphers()}
        number = ssl.TLSVersion[(self._tls.version() or version).replace(".", "_")]
        certificate = self._tls.getpeercert(binary_form=True) or b""
        return Agreement(int(number), suites[name], certificate, self._tls.selected_alpn_protocol())

    def greets(self, wait: float | None = None) -> None:
        """Shake hands. Raises Lost when the server will not, Silence when it says nothing for `wait` seconds.

        After a Lost all that is said or read raises it again. After a Silence it may be called again, and
        goes on. Whoever has to do something meanwhile, such as to answer a server that is starting, calls it
        with `wait=0` at first and whenever `fileno` is readable.
        """
        try:
            while not self._has_shaken():
                if not self._takes(self.patience.must if wait is None else wait):
                    raise Lost("the connection ended in the handshake")
        except Lost as lost:
            self._trouble = lost
            raise

    def _has_shaken(self) -> bool:
        """Say what is to be said in the handshake by now; returns whether that was all. Raises Lost."""
        is_over = False
        try:
            self._tls.do_handshake()
            is_over = True
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLError as error:
            raise self._troubled_by(error) from error
        self._flushes(self.patience.must)
        return is_over

    def offers(self, data: bytes, wait: float) -> bytes:
        """Send `data` until the peer takes nothing for `wait` seconds; returns the rest. Raises Lost.

        A record of which a part was taken belongs to the rest; offered again, it is not sent twice.
        """
        if self._trouble is not None:
            raise self._trouble
        left = memoryview(data)[len(self._underway) if data.startswith(self._underway) else 0 :]
        if not self._flushes(wait):
            return data
        while left:
            self._underway, left = bytes(left[:RECORD]), left[RECORD:]
            self._encrypts(self._underway)
            if not self._flushes(wait):
                return self._underway + bytes(left)
        return b""

    def read(self, wait: float | None = None) -> bytes:
        """The next text, or b"" when the peer has finished. Raises Silence after `wait` seconds, or Lost.

        An end without a close_notify is one, too: HTTP and WebSocket tell by themselves whether all has come.
        A close_notify is answered, as it has to be up to TLS 1.2 (RFC 5246 §7.2.1): servers wait for that.
        """
        seconds = self.patience.must if wait is None else wait
        deadline = time.monotonic() + seconds
        self._decrypts()
        while not self._text and not self._has_ended:
            if self._trouble is not None:
                raise self._trouble
            try:
                self._has_ended = not self._takes(deadline - time.monotonic())
            except Silence as silence:
                raise Silence(f"nothing for {seconds:g} s") from silence
            self._decrypts()
        if self._has_ended:
            self._says_goodbye()
        text = bytes(self._text)
        self._text.clear()
        return text

    def finish(self) -> None:
        """Say no more: a close_notify (RFC 8446 §6.1) and a FIN; the peer may go on."""
        self._says_goodbye()
        super().finish()

    def close(self) -> None:
        """Close both directions, with a close_notify."""
        if self.fileno() >= 0:
            with contextlib.suppress(Lost, Silence):
                # A ticket that nobody has read would make a reset of this end.
                super().read(0)
            self._says_goodbye()
        super().close()

    def _takes(self, wait: float) -> bool:
        """Take what has come from the peer; False at its end. Raises Silence, or Lost."""
        data = super().read(wait)
        self._incoming.write(data)
        return bool(data)

    def _flushes(self, wait: float) -> bool:
        """Hand what is encrypted to the peer; False when it takes nothing more for `wait` seconds."""
        self._unsent = super().offers(self._unsent + self._outgoing.read(), wait)
        if not self._unsent:
            self._underway = b""
        return not self._unsent

    def _encrypts(self, text: bytes) -> None:
        try:
            self._tls.write(text)
        except ssl.SSLError as error:
            raise Lost(str(error)) from error

    def _decrypts(self) -> None:
        """Decrypt all that has come. What is no text, such as a ticket, is dealt with."""
        try:
            while part := self._tls.read(READ_SIZE):
                self._text += part
            self._has_ended = True
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLZeroReturnError:
            self._has_ended = True
        except ssl.SSLError as error:
            self._trouble = self._troubled_by(error)

    def _troubled_by(self, error: ssl.SSLError) -> Lost:
        """What the peer did wrong, or what it says that we did; it is told what we think of it."""
        with contextlib.suppress(Lost):
            self._flushes(0)
        return Lost(f"TLS: {error.reason or error}")

    def _says_goodbye(self) -> None:
        self._decrypts()
        with contextlib.suppress(ssl.SSLError):
            # It would like to hear the answer, too, which is left to whoever goes on reading.
            self._tls.unwrap()
        with contextlib.suppress(OSError, Lost):
            self._flushes(0)


def connect(sock: socket.socket, patience: Patience, hello: Hello | None = None) -> Connection:
    """TLS on a connected socket, with the handshake done; it is closed otherwise. Raises Lost or Silence."""
    over = Connection(sock, patience, hello)
    try:
        over.greets()
    except BaseException:
        sock.close()
        raise
    return over


@cache
def _context(hello: Hello) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_alpn_protocols(hello.alpn)
    if hello.version is not None:
        context.minimum_version = context.maximum_version = ssl.TLSVersion(hello.version)
    if hello.cipher is not None:
        context.set_ciphers(hello.cipher)
    if hello.identity is not None:
        # OpenSSL takes certificates from files only.
        with tempfile.NamedTemporaryFile(prefix="asgi-", suffix=".pem") as file:
            file.write(hello.identity.key + hello.identity.chain)
            file.flush()
            context.load_cert_chain(file.name)
    return context
