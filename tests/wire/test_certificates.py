"""The certificates of a run."""

import ssl
import sys
from pathlib import Path

import pytest

from asgi_conformance.wire import certificates
from asgi_conformance.wire.certificates import CHAINED, EXPIRED, FOREIGN, TELLING

pytest.importorskip("trustme")
x509 = pytest.importorskip("cryptography.x509")


def test_they_are_made_once() -> None:
    assert certificates.made() is certificates.made()


def test_each_client_has_a_chain_that_starts_with_its_own_certificate() -> None:
    lengths = {name: len(each.certificates) for name, each in certificates.made().clients.items()}
    assert lengths == {CHAINED: 2, TELLING: 1, EXPIRED: 1, FOREIGN: 1}


def test_each_certificate_is_signed_by_the_next_and_the_last_by_the_authority() -> None:
    made = certificates.made()
    chain = [*made.clients[CHAINED].certificates, *certificates.der(made.authority.decode())]
    leaf, between, root = map(x509.load_der_x509_certificate, chain)
    leaf.verify_directly_issued_by(between)
    between.verify_directly_issued_by(root)


def test_the_foreign_one_is_signed_by_nobody_we_know() -> None:
    made = certificates.made()
    root = x509.load_pem_x509_certificate(made.authority)
    (foreign,) = map(x509.load_der_x509_certificate, made.clients[FOREIGN].certificates)
    with pytest.raises(ValueError, match="does not match"):
        foreign.verify_directly_issued_by(root)


def test_the_telling_name_is_told_by_the_certificate() -> None:
    (telling,) = certificates.made().clients[TELLING].certificates
    subject = x509.load_der_x509_certificate(telling).subject
    assert subject.rfc4514_string() == certificates.TELLING_NAME
    assert ' Größe, "Maß" + Söhne; <a=b> \\' in [each.value for each in subject]


def test_a_server_can_be_started_with_the_files(tmp_path: Path) -> None:
    files = certificates.made().write(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files["cert"], files["key"])
    context.load_verify_locations(files["ca"])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ca.pem", "cert.pem", "key.pem"]


def test_pem_that_is_none_is_told() -> None:
    with pytest.raises(ValueError, match="PEM"):
        certificates.der(f"nothing{ssl.PEM_FOOTER}")


def test_who_lacks_trustme_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "trustme", None)
    with pytest.raises(certificates.NotInstalled, match=r"pip install 'asgi-conformance\[tls\]'"):
        certificates.made.__wrapped__()
