"""Names are compared by what they mean, certificates by who has signed them."""

import pytest

from asgi_conformance.dialogue.expectation import Broken
from asgi_conformance.extensions import tls_certificates as certificates
from asgi_conformance.wire.certificates import CHAINED, FOREIGN, TELLING, TELLING_NAME, made

pytest.importorskip("trustme")


def test_a_name_is_that_of_the_certificate() -> None:
    (telling,) = made().clients[TELLING].certificates
    assert certificates.name_in(TELLING_NAME) == certificates.subject(telling)


@pytest.mark.parametrize(
    "same",
    [
        r"CN=Zo\C3\AB,O=a\,b",
        r"cn=Zoë,o=a\2cb",
        r"commonName=Zoë,ORGANIZATIONNAME=a\,b",
        r"2.5.4.3=Zoë,O=a\,b",
        r"CN=#0C045A6FC3AB,O=a\,b",
    ],
)
def test_one_name_is_written_in_many_ways(same: str) -> None:
    assert certificates.name_in(same) == certificates.name_in(r"CN=Zoë,O=a\,b")


@pytest.mark.parametrize("other", ["O=a,CN=b", "CN=b+O=a", "CN=b", "CN=B,O=a", ""])
def test_other_names_are_others(other: str) -> None:
    assert certificates.name_in(other) != certificates.name_in("CN=b,O=a")


def test_the_attributes_of_a_part_have_no_order() -> None:
    assert certificates.name_in("CN=b+O=a") == certificates.name_in("O=a+CN=b")


@pytest.mark.parametrize("text", ["/C=DE/CN=b", "CN=b, O=a", "CN=a,b", 5, b"CN=b"])
def test_what_is_no_name_is_told(text: object) -> None:
    with pytest.raises(Broken, match="no name by RFC 4514"):
        certificates.name_in(text)


def test_a_certificate_is_signed_by_one_and_not_by_another() -> None:
    leaf, between = made().clients[CHAINED].certificates
    (foreign,) = made().clients[FOREIGN].certificates
    assert certificates.is_signed(leaf, between)
    assert not certificates.is_signed(between, leaf)
    assert not certificates.is_signed(leaf, foreign)
    assert not certificates.is_signed(leaf, b"no certificate")
