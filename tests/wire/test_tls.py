"""A client's TLS against the server of the standard library: both ends of a socket, in one process."""

import contextlib
import select
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

import pytest

from asgi_conformance.wire import certificates, tls
from asgi_conformance.wire.connection import Lost, Patience, Silence
from asgi_conformance.wire.tls import TLS_1_2, TLS_1_3, Hello

pytest.importorskip("trustme")

PATIENCE = Patience(5.0, 0.05)
MUCH = bytes(range(256)) * 65_536
BOTH = pytest.mark.parametrize("version", [TLS_1_2, TLS_1_3])

Result = TypeVar("Result")
Meets = Callable[..., tuple[tls.Connection, ssl.SSLSocket]]


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    """What a server is made of that asks who its clients are, and knows them by our authority."""
    files = certificates.made().write(tmp_path_factory.mktemp("certificates"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files["cert"], files["key"])
    context.load_verify_locations(files["ca"])
    context.verify_mode = ssl.CERT_OPTIONAL
    context.set_alpn_protocols(["h2", "http/1.1"])
    return context


@pytest.fixture
def meets(context: ssl.SSLContext) -> Iterator[Meets]:
    """A function that lets a client meet the server; gives both ends after the handshake."""
    sockets: list[socket.socket] = []

    def meet(hello: Hello | None = None) -> tuple[tls.Connection, ssl.SSLSocket]:
        ours, theirs = socket.socketpair()
        sockets.extend((ours, theirs))
        server = later(lambda: accepts(context, theirs))
        client = tls.connect(ours, PATIENCE, hello)
        sockets.append(server.result(5))
        return client, server.result(5)

    yield meet
    for each in sockets:
        each.close()


def later(work: Callable[[], Result]) -> "Future[Result]":
    """The result of some work that is done beside us."""
    future: Future[Result] = Future()

    def works() -> None:
        try:
            future.set_result(work())
        except BaseException as error:
            future.set_exception(error)

    threading.Thread(target=works).start()
    return future


def accepts(context: ssl.SSLContext, sock: socket.socket) -> ssl.SSLSocket:
    """The handshake of a server, which tells an end from a cut."""
    return context.wrap_socket(sock, server_side=True, suppress_ragged_eofs=False)


def is_readable(connection: tls.Connection) -> bool:
    """Does select find anything?"""
    return bool(select.select([connection], [], [], 0)[0])


@BOTH
def test_what_one_says_the_other_reads(meets: Meets, version: int) -> None:
    client, server = meets(Hello(version))
    client.write(b"ping")
    assert server.recv(99) == b"ping"
    server.sendall(b"pong")
    assert client.read() == b"pong"


@BOTH
def test_the_version_that_is_offered_is_the_one_that_is_used(meets: Meets, version: int) -> None:
    client, server = meets(Hello(version))
    assert client.agreed.version == version
    assert server.version() == f"TLSv1.{version - TLS_1_2 + 2}"


def test_the_cipher_suite_is_told_by_its_number(meets: Meets) -> None:
    client, _ = meets(Hello(TLS_1_2, cipher="ECDHE-ECDSA-AES128-GCM-SHA256"))
    assert client.agreed.cipher_suite == 0xC02B
    client, _ = meets(Hello(TLS_1_3))
    assert client.agreed.cipher_suite in (0x1301, 0x1302, 0x1303)


def test_the_certificate_of_the_server_and_the_protocol_are_told(meets: Meets) -> None:
    client, _ = meets()
    assert client.agreed.certificate == certificates.made().server.certificates[0]
    assert client.agreed.alpn == "http/1.1"


@BOTH
def test_a_client_shows_who_it_is(meets: Meets, version: int) -> None:
    identity = certificates.made().clients[certificates.TELLING]
    _, server = meets(Hello(version, identity=identity))
    assert server.getpeercert(binary_form=True) == identity.certificates[0]


def test_no_file_is_left_of_who_a_client_is(
    meets: Meets, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    meets(Hello(identity=certificates.made().clients[certificates.CHAINED], alpn=("left-nothing",)))
    assert not list(tmp_path.iterdir())


@BOTH
def test_a_client_that_nobody_trusts_is_refused_with_an_alert(context: ssl.SSLContext, version: int) -> None:
    ours, theirs = socket.socketpair()
    server = later(lambda: accepts(context, theirs))
    with ours, theirs, pytest.raises(Lost, match="UNKNOWN_CA"):
        # In TLS 1.3 the client's handshake is over before the server has seen who it is.
        tls.connect(ours, PATIENCE, Hello(version, identity=certificates.made().clients["foreign"])).read()
    assert isinstance(server.exception(5), ssl.SSLCertVerificationError)


def test_who_speaks_no_tls_is_told() -> None:
    ours, theirs = socket.socketpair()
    theirs.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    with theirs, pytest.raises(Lost, match="TLS: WRONG_VERSION_NUMBER"):
        tls.connect(ours, PATIENCE)
    assert ours.fileno() < 0


def test_who_goes_away_in_the_handshake_is_lost() -> None:
    ours, theirs = socket.socketpair()
    theirs.close()
    with pytest.raises(Lost):
        tls.connect(ours, PATIENCE)


def test_whose_handshake_was_cut_off_has_agreed_on_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = tls.Connection(socket.create_connection(listener.getsockname()), PATIENCE)
        with pytest.raises(Silence):
            client.greets(wait=0)
        accepted, _ = listener.accept()
        accepted.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        accepted.close()
    with pytest.raises(Lost, match="reset"):
        client.greets()
    for again in (lambda: client.agreed, client.read, lambda: client.write(b"hello?")):
        with pytest.raises(Lost, match="reset"):
            again()
    client.close()


def test_a_handshake_goes_on_after_a_silence(context: ssl.SSLContext) -> None:
    ours, theirs = socket.socketpair()
    client = tls.Connection(ours, PATIENCE)
    with pytest.raises(Silence):
        client.greets(wait=0)
    server = later(lambda: accepts(context, theirs))
    client.greets()
    with ours, theirs, server.result(5):
        client.write(b"at last")
        assert server.result(5).recv(99) == b"at last"


def test_tickets_look_like_nothing(meets: Meets) -> None:
    client, _ = meets(Hello(TLS_1_3))
    assert is_readable(client)
    with pytest.raises(Silence, match="nothing for 0 s"):
        client.read(0)
    assert not is_readable(client)


@BOTH
def test_nothing_is_left_behind_that_select_would_not_show(meets: Meets, version: int) -> None:
    client, server = meets(Hello(version))
    sending = later(lambda: server.sendall(MUCH))
    got = bytearray()
    while is_readable(client) or not sending.done():
        select.select([client], [], [], 5)
        with contextlib.suppress(Silence):
            got += client.read(0)
    assert got == MUCH


def test_what_is_offered_is_taken_or_left(meets: Meets) -> None:
    client, server = meets()
    left = client.offers(MUCH, 0.01)
    server.settimeout(5)
    taken = read_of(server, len(MUCH) - len(left))
    rest = later(lambda: read_of(server, len(left)))
    while left:
        left = client.offers(left, 0.01)
    assert taken + rest.result(5) == MUCH


def read_of(server: ssl.SSLSocket, size: int) -> bytes:
    """So many bytes."""
    got = bytearray()
    while len(got) < size:
        got += server.recv(size - len(got))
    return bytes(got)


def test_what_is_underway_comes_before_something_else(meets: Meets) -> None:
    client, server = meets()
    left = client.offers(MUCH, 0.01)
    received = later(lambda: read_of(server, len(MUCH) - len(left) + tls.RECORD + 4))
    client.write(b"last")
    assert received.result(5) == MUCH[: len(MUCH) - len(left) + tls.RECORD] + b"last"


def test_who_takes_nothing_is_not_written_to_for_ever(meets: Meets) -> None:
    client, _ = meets()
    client.patience = Patience(0.05, 0.05)
    with pytest.raises(Silence, match="the peer took nothing"):
        client.write(MUCH)


@BOTH
def test_who_says_no_more_goes_on_reading(meets: Meets, version: int) -> None:
    client, server = meets(Hello(version))
    client.write(b"all I say")
    client.finish()
    assert [server.recv(99), server.recv(99)] == [b"all I say", b""]
    server.sendall(b"one")
    assert client.read() == b"one"
    server.sendall(b"two")
    assert client.read() == b"two"
    server.unwrap()
    assert client.read() == b""


@BOTH
def test_an_end_is_an_end_with_a_farewell_or_without(meets: Meets, version: int) -> None:
    client, server = meets(Hello(version))
    server.sendall(b"bye")
    server.settimeout(0)
    with pytest.raises(ssl.SSLError):
        server.unwrap()
    assert [client.read(), client.read(), client.read()] == [b"bye", b"", b""]
    client, server = meets(Hello(version))
    server.sendall(b"bye")
    server.close()
    assert [client.read(), client.read()] == [b"bye", b""]


@BOTH
def test_who_leaves_says_so(meets: Meets, version: int) -> None:
    client, server = meets(Hello(version))
    client.write(b"bye")
    client.close()
    client.close()
    client.finish()
    assert [server.recv(99), server.recv(99)] == [b"bye", b""]


def test_a_reset_says_nothing(meets: Meets) -> None:
    client, server = meets()
    client.reset()
    with pytest.raises((ssl.SSLEOFError, ConnectionResetError)):
        server.recv(99)


def test_an_offer_can_be_read() -> None:
    identity = certificates.made().clients[certificates.EXPIRED]
    assert str(Hello(TLS_1_2, "AES128-SHA", identity)) == "TLS 1.2 with AES128-SHA, as the client 'expired'"
    assert str(Hello(TLS_1_3)) == "TLS 1.3"
    assert str(Hello()) == "TLS"


@BOTH
def test_a_farewell_is_answered(meets: Meets, version: int) -> None:
    client, server = meets(Hello(version))
    left = later(server.unwrap)
    assert client.read() == b""
    left.result(5).close()
