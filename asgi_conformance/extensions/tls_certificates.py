"""What a scope tells of the certificates of a client: the chain, the name, what is wrong with them (tls)."""

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.expectation import Broken, Unsupported, bare
from asgi_conformance.dialogue.server import Server
from asgi_conformance.extensions.tls import (
    asked,
    details,
    must_know,
    same_certificate,
    tells,
    told,
)
from asgi_conformance.spec.kinds import items, shortened
from asgi_conformance.wire import request
from asgi_conformance.wire.certificates import CHAINED, EXPIRED, FOREIGN, TELLING, der, made
from asgi_conformance.wire.tls import TLS_1_2, TLS_1_3, Hello

if TYPE_CHECKING:
    from cryptography.x509 import Name

TYPES = {
    "2.5.4.3": ("CN", "commonName"),
    "2.5.4.6": ("C", "countryName"),
    "2.5.4.10": ("O", "organizationName"),
    "2.5.4.11": ("OU", "organizationalUnitName"),
}
"""The types of attributes in our certificates, and how they are written (RFC 4519 §2)."""
STRINGS = b"\x0c\x13"
"""The tags of UTF8String and PrintableString, which is all that our certificates hold."""


def name_in(text: object) -> "list[set[tuple[str, str]]]":
    """What a name means: sets of types and values. Raises Broken where RFC 4514 makes nothing of it."""
    from cryptography.x509 import Name, ObjectIdentifier

    spellings = {
        spelling: ObjectIdentifier(number)
        for number, names in TYPES.items()
        for name in names
        # The case does not matter.
        for spelling in (name, name.lower(), name.upper())
    }
    try:
        name = Name.from_rfc4514_string(str(text), spellings)
    except ValueError as error:
        raise Broken(f"client_cert_name is {shortened(text)}, which is no name by RFC 4514") from error
    return meaning(name)


def meaning(name: "Name") -> "list[set[tuple[str, str]]]":
    """The parts of a name in their order, and the attributes of each, which have none."""
    return [{(each.oid.dotted_string, _unpacked(str(each.value))) for each in part} for part in name.rdns]


def _unpacked(value: str) -> str:
    """A value that came as the digits of its BER form, as RFC 4514 §2.4 allows, or any other as it is."""
    raw = value.encode()
    return raw[2:].decode() if raw[:1] and raw[0] in STRINGS and raw[1:2] == bytes([len(raw) - 2]) else value


def subject(certificate: bytes) -> "list[set[tuple[str, str]]]":
    """Whom a certificate is for."""
    from cryptography.x509 import load_der_x509_certificate

    return meaning(load_der_x509_certificate(certificate).subject)


def is_signed(first: bytes, second: bytes) -> bool:
    """Is the first certificate signed by whom the second one is for?"""
    from cryptography.exceptions import InvalidSignature
    from cryptography.x509 import load_der_x509_certificate

    try:
        load_der_x509_certificate(first).verify_directly_issued_by(load_der_x509_certificate(second))
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def shows(name: str, version: int | None = None) -> Hello:
    """What a client offers that shows this certificate."""
    return Hello(version, identity=made().clients[name])


def sent(client: Client) -> tuple[bytes, ...]:
    """The certificates that a client has sent."""
    identity = client.tls.hello.identity
    return identity.certificates if identity is not None else ()


def chain(app: App) -> tuple[bytes, ...]:
    """The chain that the scope tells. Raises Unsupported where it is empty."""
    found = tuple(each for text in items(told(app, "client_cert_chain")) or [] for each in der(str(text)))
    if not found:
        raise Unsupported("client_cert_chain is not told")
    return found


def has_the_name_of(app: App, certificate: bytes, whose: str) -> None:
    """The name that the scope tells, if it does, is that of whom this certificate is for."""
    text = told(app, "client_cert_name")
    if name_in(text) != subject(certificate):
        raise Broken(f"client_cert_name is {shortened(text)}, not the name of {whose}")


def is_about(app: App, client: Client) -> None:
    """What the scope tells is true of the connection of this client."""
    agreed = client.tls.agreed
    for key, value in {"tls_version": agreed.version, "cipher_suite": agreed.cipher_suite}.items():
        if details(app).get(key) not in (value, None):
            tells(app, key, value)
    if details(app).get("client_cert_chain"):
        same_certificate(chain(app), sent(client), "the first of client_cert_chain")


@check("tls.base.one_connection")
def each_connection_has_details_of_its_own(mutual_client: Client, app: App, server: Server) -> None:
    other, call = server.is_visited(), server.is_to_call()
    mutual_client.connects(shows(CHAINED, TLS_1_2))
    other.connects(shows(TELLING, TLS_1_3))
    mutual_client.sends(request.get("/tls/one"))
    is_about(app.is_called(), mutual_client)
    other.sends(request.get("/tls/another"))
    is_about(call.is_called(), other)
    app.answers(mutual_client)
    mutual_client.sends(request.get("/tls/one-again"))
    is_about(app.is_called_again(), mutual_client)


# The chain


@check("tls.client_cert_chain.type")
def the_chain_is_made_of_certificates(mutual_client: Client) -> None:
    for _, app in asked(mutual_client, "/tls/chain", shows(CHAINED)):
        details(app)


@check("tls.client_cert_chain.leaf_first")
def the_certificate_of_the_client_is_the_first(mutual_client: Client) -> None:
    for client, app in asked(mutual_client, "/tls/first", shows(CHAINED)):
        same_certificate(chain(app), sent(client), "the first of client_cert_chain")


@check("tls.client_cert_chain.order")
def each_certificate_is_signed_by_the_next(mutual_client: Client, server: Server) -> None:
    for client, app in asked(mutual_client, "/tls/order", shows(CHAINED)):
        found = chain(app)
        are_in_order(found)
        server.records(f"{app.scope['type']}: {len(found)} in the chain, {len(sent(client))} sent")


def are_in_order(found: Sequence[bytes]) -> None:
    """Each certificate is signed by the next one."""
    for first, second in pairwise(found):
        if not is_signed(first, second):
            raise Broken("a certificate in client_cert_chain is not signed by the next one")


@check("tls.client_cert_chain.empty_without_cert")
def the_chain_is_empty_without_a_certificate(mutual_client: Client) -> None:
    for _, app in asked(mutual_client, "/tls/no-chain", Hello()):
        is_without(app, "client_cert_chain", [])


@check("tls.client_cert_chain.optional")
def a_server_tells_the_chain(mutual_client: Client) -> None:
    for _, app in asked(mutual_client, "/tls/known-chain", shows(CHAINED)):
        must_know(app, "client_cert_chain")


# The name


def is_without(app: App, key: str, empty: object) -> None:
    """The scope tells this under the key, or does not have it."""
    found = bare(details(app).get(key, empty))
    if found != empty:
        raise Broken(f"{key} is {shortened(found)}, not {empty!r}")


@check("tls.client_cert_name.type")
def the_name_is_a_str(mutual_client: Client) -> None:
    for _, app in asked(mutual_client, "/tls/name", shows(CHAINED)):
        details(app)


@check("tls.client_cert_name.rfc4514")
def the_name_is_written_as_in_ldap(mutual_client: Client) -> None:
    for client, app in asked(mutual_client, "/tls/telling-name", shows(TELLING)):
        has_the_name_of(app, sent(client)[0], "the client")


@check("tls.client_cert_name.none_without_cert")
def there_is_no_name_without_a_certificate(tls_client: Client) -> None:
    for _, app in asked(tls_client, "/tls/no-name"):
        is_without(app, "client_cert_name", None)


@check("tls.client_cert_name.required_with_chain")
def a_chain_comes_with_a_name(mutual_client: Client) -> None:
    for _, app in asked(mutual_client, "/tls/name-and-chain", shows(CHAINED)):
        chain(app)
        must_know(app, "client_cert_name")


@check("tls.client_cert_name.consistent")
def the_name_is_that_of_the_first_certificate(mutual_client: Client) -> None:
    for _, app in asked(mutual_client, "/tls/name-of-the-first", shows(CHAINED)):
        has_the_name_of(app, chain(app)[0], "the first certificate in the chain")


@check("tls.client_cert_name.without_chain")
def a_name_comes_with_a_chain(mutual_client: Client) -> None:
    for _, app in asked(mutual_client, "/tls/name-without-chain", shows(CHAINED)):
        told(app, "client_cert_name")
        must_know(app, "client_cert_chain")


# What is wrong with a certificate


@check("tls.client_cert_error.none_when_ok")
def nothing_is_wrong_with_a_good_certificate_or_none(mutual_client: Client) -> None:
    for _, app in asked(mutual_client, "/tls/no-error", shows(CHAINED), Hello()):
        is_without(app, "client_cert_error", None)


@check("tls.client_cert_error.text_when_failed")
def it_is_told_what_is_wrong_with_a_certificate(mutual_client: Client) -> None:
    for _, app in asked(mutual_client, "/tls/error", shows(EXPIRED), shows(FOREIGN)):
        tells_an_error(app)


def tells_an_error(app: App) -> None:
    """The scope tells what is wrong with the certificate of the client."""
    found = bare(details(app).get("client_cert_error"))
    if not isinstance(found, str) or not found:
        raise Broken(f"client_cert_error is {shortened(found)}, for a certificate that is not valid")


@check("tls.client_cert_error.may_reject")
def a_client_with_a_bad_certificate_is_served(mutual_client: Client) -> None:
    is_taken(mutual_client, shows(EXPIRED))


def is_taken(over: Client, hello: Hello) -> None:
    """A client with this offer is not refused."""
    try:
        for _, app in asked(over, "/tls/bad-certificate", hello):
            details(app)
    except Unsupported as refused:
        raise Broken(str(refused)) from refused
