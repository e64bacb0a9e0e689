"""Certificates for TLS, as trustme makes them: a server's own, and those of several clients.

They are made once in a run, when somebody first asks for them. Who trustme is missing for gets NotInstalled.
"""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import trustme

SERVED = ("localhost", "127.0.0.1", "::1")
"""Whom the certificate of the server is for."""
CLIENT = "client.example"
CHAINED, TELLING, EXPIRED, FOREIGN = "chained", "telling", "expired", "foreign"
"""The clients with a certificate: one of an intermediate authority, which it sends along; one whose name
is easily misread; one whose time is over; one of an authority that nobody trusts."""
TELLING_NAME = r"OU=\#1\ +CN=Zoë 日本,O=\ Größe\, \"Maß\" \+ Söhne\; \<a=b\> \\,C=DE"
"""Whatever RFC 4514 §2.4 has to escape, letters from far away, and a part that is made of two."""
LONG_AGO, OVER = datetime(2000, 1, 1), datetime(2001, 1, 1)


class NotInstalled(Exception):
    """There are no certificates, because trustme is missing; the text says what to do."""


@dataclass(frozen=True)
class Identity:
    """Who somebody is in TLS: `chain` and `key` as PEM, the certificate of its own first."""

    name: str
    chain: bytes
    key: bytes

    @property
    def certificates(self) -> tuple[bytes, ...]:
        """The DER form of each certificate in the chain."""
        return der(self.chain.decode("ascii"))


@dataclass(frozen=True)
class Certificates:
    """All that a run needs: the authority that vouches for clients, the server, and the clients by name."""

    authority: bytes
    server: Identity
    clients: Mapping[str, Identity]

    def write(self, folder: Path) -> Mapping[str, Path]:
        """Write what a server is started with into a folder; returns its `cert` (a chain), `key` and `ca`."""
        content = {"cert": self.server.chain, "key": self.server.key, "ca": self.authority}
        files = {name: folder / f"{name}.pem" for name in content}
        for name, file in files.items():
            file.write_bytes(content[name])
        return files


@cache
def made() -> Certificates:
    """The certificates of this run. Raises NotInstalled."""
    try:
        import trustme
    except ImportError as error:
        raise NotInstalled("trustme is not installed: pip install 'asgi-conformance[tls]'") from error
    root, stranger = trustme.CA(), trustme.CA()
    between = root.create_child_ca()
    expired = root.issue_cert(CLIENT, common_name=EXPIRED, not_before=LONG_AGO, not_after=OVER)
    clients = (
        _identity(CHAINED, between.issue_cert(CLIENT, common_name=CHAINED)),
        _renamed(TELLING, root),
        _identity(EXPIRED, expired),
        _identity(FOREIGN, stranger.issue_cert(CLIENT, common_name=FOREIGN)),
    )
    return Certificates(
        root.cert_pem.bytes(),
        # Public authorities do not sign servers with their root either.
        _identity("server", between.issue_cert(*SERVED, common_name=SERVED[0])),
        {each.name: each for each in clients},
    )


def der(text: str) -> tuple[bytes, ...]:
    """The DER form of each certificate in a text. Raises ValueError for a block of PEM that is none."""
    end = ssl.PEM_FOOTER
    return tuple(ssl.PEM_cert_to_DER_cert(block.strip() + end) for block in text.split(end)[:-1])


def _identity(name: str, leaf: "trustme.LeafCert") -> Identity:
    chain = b"".join(each.bytes() for each in leaf.cert_chain_pems)
    return Identity(name, chain, leaf.private_key_pem.bytes())


def _renamed(name: str, authority: "trustme.CA") -> Identity:
    """A client with the telling name, which trustme by itself would not write."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization

    plain = _identity(name, authority.issue_cert(CLIENT))
    model = x509.load_pem_x509_certificate(plain.chain)
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name.from_rfc4514_string(TELLING_NAME))
        .issuer_name(model.issuer)
        .public_key(model.public_key())
        .serial_number(model.serial_number)
        .not_valid_before(model.not_valid_before_utc)
        .not_valid_after(model.not_valid_after_utc)
    )
    for extension in model.extensions:
        builder = builder.add_extension(extension.value, extension.critical)
    key = serialization.load_pem_private_key(authority.private_key_pem.bytes(), password=None)
    signed = builder.sign(key, hashes.SHA256())  # type: ignore[arg-type]  # trustme makes keys that sign
    return Identity(name, signed.public_bytes(serialization.Encoding.PEM), plain.key)
