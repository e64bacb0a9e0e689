"""What a scope tells of TLS: of the server, the version, the cipher suite, and where it tells that (tls)."""

from collections.abc import Iterator
from itertools import product

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import Check, check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.expectation import Broken, Unsupported, bare, either
from asgi_conformance.dialogue.server import Server
from asgi_conformance.spec import http, lifespan, websocket
from asgi_conformance.spec.conversation import describe
from asgi_conformance.spec.kinds import INT, STR, Flaw, Kind, items, optional, plain, shortened
from asgi_conformance.spec.model import Complaint, Field
from asgi_conformance.wire import request
from asgi_conformance.wire import websocket as ws
from asgi_conformance.wire.certificates import der
from asgi_conformance.wire.tls import TLS_1_2, TLS_1_3, Hello

NAME = "tls"
SUITES = ("ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-ECDSA-CHACHA20-POLY1305")
"""Cipher suites of TLS 1.2 that no server has reason to decline, as OpenSSL names them."""


def _chain_flaws(value: object) -> Iterator[Flaw]:
    chain = items(value)
    if chain is None:
        yield "", f"is {shortened(value)}, not an iterable of str"
    for each in map(plain, chain or []):
        if not isinstance(each, str) or len(certificates_in(each)) != 1:
            yield "", f"holds {shortened(each)}, not a certificate in PEM"


def certificates_in(text: str) -> tuple[bytes, ...]:
    """The DER form of the certificates in a text, none if it is not PEM."""
    try:
        return der(text)
    except ValueError:
        return ()


def _number_flaws(value: object) -> Iterator[Flaw]:
    number = plain(value)
    if any(INT.flaws(number)) or not isinstance(number, int) or not 0 <= number < 1 << 16:
        yield "", f"is {shortened(value)}, not an int of 16 bits"


FIELDS = {
    "server_cert": Field(
        optional(STR), blame="tls.server_cert.present", aspects={"": "tls.server_cert.type"}
    ),
    "client_cert_chain": Field(
        Kind("an iterable of certificates in PEM", _chain_flaws), (), blame="tls.client_cert_chain.type"
    ),
    "client_cert_name": Field(optional(STR), None, blame="tls.client_cert_name.type"),
    "client_cert_error": Field(optional(STR), None),
    "tls_version": Field(
        optional(INT), blame="tls.tls_version.present", aspects={"": "tls.tls_version.type"}
    ),
    "cipher_suite": Field(
        optional(Kind("an int of 16 bits", _number_flaws)),
        blame="tls.cipher_suite.present",
        aspects={"": "tls.cipher_suite.type"},
    ),
}


def complaints(kind: str, told: object, is_encrypted: bool | None) -> Iterator[Complaint]:
    """What is wrong with a scope of this type that has the extension."""
    if kind == "lifespan":
        yield Complaint("tls.base.not_lifespan", "the scope of a lifespan has the extension tls")
    elif is_encrypted is False:
        yield Complaint("tls.absent_on_plaintext", "the scope has the extension tls, and no TLS")
    elif isinstance(fields := plain(told), dict):
        for key, declared in FIELDS.items():
            yield from declared.complaints(key, fields)


describe(NAME, complaints, value="tls.dict")


def asked(over: Client, path: str, *offers: Hello) -> Iterator[tuple[Client, App]]:
    """For each offer a request, and a handshake if WebSocket is served, by a client of its own each.

    Gives who asked and who was called. An offer that is refused is passed over. Raises Unsupported where all
    are refused.
    """
    dialogue, is_taken = over.dialogue, False
    for hello, what in product(offers or (None,), dialogue.asks_for(path)):
        client, app = dialogue.client(), dialogue.app()
        if client.may_connect(hello):
            client.sends(what)
            if not dialogue.refuses(client, dialogue.patience.must):
                is_taken = True
                yield client, app.is_called()
    if not is_taken:
        raise Unsupported(f"the server refuses {' and '.join(map(str, offers)) or 'the client'}")


def announced(app: App) -> object:
    """What the scope tells of TLS, of whatever type. Raises Unsupported when that is nothing."""
    extensions = bare(app.scope.get("extensions"))
    if not isinstance(extensions, dict) or NAME not in extensions:
        raise Unsupported(f"the extension tls is not announced for {bare(app.scope.get('type'))}")
    return extensions[NAME]


def details(app: App) -> dict[str, object]:
    """The same as a dict. Raises Unsupported when it is none."""
    told = announced(app)
    if not isinstance(told, dict):
        raise Unsupported("what is told of TLS is no dict")
    return told


def told(app: App, key: str) -> object:
    """What the scope tells under this key. Raises Unsupported when that is nothing, or of a wrong type."""
    value = details(app).get(key)
    if value is None:
        raise Unsupported(f"{key} is not told")
    # Ruling ext.tls.fields: a wrong type is no more than that, and has requirements of its own.
    for _, flaw in FIELDS[key].kind.flaws(value):
        raise Unsupported(f"{key} {flaw}")
    return value


def tells(app: App, key: str, value: object) -> None:
    """The scope tells this under this key, if it tells anything there."""
    found = told(app, key)
    if found != value:
        raise Broken(f"{key} is {shortened(found)}, not {shortened(value)}")


def same_certificate(found: tuple[bytes, ...], sent: tuple[bytes, ...], key: str) -> None:
    """The certificate under this key is the one that was sent."""
    if found[:1] != sent[:1]:
        raise Broken(f"{key} is {'another certificate' if found else 'no certificate in PEM'}")


def must_know(app: App, key: str) -> None:
    """The scope tells something under this key: to be without is nobody's fault."""
    if details(app).get(key) is None:
        raise Broken(f"{key} is {'None' if key in details(app) else 'missing'}")


def announces(app: App) -> None:
    """The scope has the extension."""
    try:
        announced(app)
    except Unsupported as reason:
        raise Broken(str(reason)) from reason


# Where it is


@check("tls.extension_name")
def what_is_told_of_tls_has_that_name(tls_client: Client) -> None:
    for _, app in asked(tls_client, "/tls/its-name"):
        goes_by_its_name(app)


def goes_by_its_name(app: App) -> None:
    """No other extension has a field of this one."""
    extensions = bare(app.scope.get("extensions"))
    for name, value in extensions.items() if isinstance(extensions, dict) else ():
        if name != NAME and isinstance(value, dict) and FIELDS.keys() & value.keys():
            raise Broken(f"the extension {name!r} tells of TLS")


@check("tls.base.http")
def a_request_over_tls_tells_of_it(tls_client: Client, app: App) -> None:
    tls_client.sends(request.get("/tls/request"))
    announces(app)


@check("tls.base.websocket")
def a_handshake_over_tls_tells_of_it(tls_client: Client, app: App) -> None:
    tls_client.is_accepted_by(app, "/tls/handshake")
    announces(app)


@check("tls.base.not_lifespan")
def a_lifespan_tells_nothing_of_tls(new_server: Server, app: App, tls_client: Client) -> None:
    new_server.starts()
    app.receives(lifespan.startup())
    app.sends(lifespan.startup_complete())
    tls_client.sends(request.get("/tls/after-startup"))
    announces(app.is_called_again())


@check("tls.absent_on_plaintext")
def nothing_is_told_of_tls_without_it(client: Client) -> None:
    client.is_in_the_clear()
    for _, app in asked(client, "/tls/none"):
        app.is_called(scheme=either("http", "ws"))


# Ruling ext.tls.presence: to tell nothing of TLS is no fault.
@check("tls.optional")
def a_server_tells_of_tls(tls_client: Client) -> None:
    for _, app in asked(tls_client, "/tls/anything"):
        announces(app)


@check("tls.events_unchanged")
def events_are_over_tls_what_they_are_without(tls_client: Client) -> None:
    for client, app in asked(tls_client, "/tls/events"):
        CUSTOMS[str(app.scope["type"])](client, app)


def is_served(client: Client, app: App) -> None:
    """A request, and what usually follows."""
    app.receives(http.request(body=b"", more_body=False))
    app.sends(http.response_start(status=200, headers=[(b"content-type", b"text/plain")]))
    app.sends(http.response_body(body=b"in ", more_body=True), http.response_body(body=b"parts"))
    client.receives(status=200, headers=[("content-type", "text/plain")], body=b"in parts")
    client.leaves()
    app.receives(http.disconnect())


def chats(client: Client, app: App) -> None:
    """A WebSocket, and what usually follows."""
    app.receives(websocket.connect())
    app.sends(websocket.accept(subprotocol=None, headers=[]))
    client.receives(subprotocol=None)
    client.sends(ws.text("über TLS"))
    app.receives(websocket.receive(text="über TLS"))
    app.sends(websocket.send(bytes=b"\0\xff"))
    client.receives(data=b"\0\xff")
    client.closes(code=4000, reason="enough")
    app.receives(websocket.disconnect(code=4000))


CUSTOMS = {"http": is_served, "websocket": chats}


# What is told


def for_a_field(identifier: str, claim: str) -> Check:
    """The check that makes a server tell of TLS; what is wrong with that is overheard."""

    def tells_of_tls(tls_client: Client) -> None:
        for _, app in asked(tls_client, f"/{identifier}"):
            details(app)

    tells_of_tls.__name__ = claim.replace(" ", "_")
    return check(identifier)(tells_of_tls)


CHECKS = (
    for_a_field("tls.dict", "what is told of TLS is a dict"),
    for_a_field("tls.server_cert.present", "the certificate of the server is told"),
    for_a_field("tls.server_cert.type", "the certificate of the server is a str"),
    for_a_field("tls.tls_version.present", "the version is told"),
    for_a_field("tls.tls_version.type", "the version is a number"),
    for_a_field("tls.cipher_suite.present", "the cipher suite is told"),
    for_a_field("tls.cipher_suite.type", "the cipher suite is a number of 16 bits"),
)


@check("tls.server_cert.pem")
def the_certificate_is_the_one_that_the_server_sent(tls_client: Client, server: Server) -> None:
    for client, app in asked(tls_client, "/tls/server-cert"):
        found = certificates_in(str(told(app, "server_cert")))
        same_certificate(found, (client.tls.agreed.certificate,), "server_cert")
        server.records(f"{app.scope['type']}: {len(found)} in server_cert")


@check("tls.server_cert.none")
def a_server_knows_its_certificate(tls_client: Client) -> None:
    for _, app in asked(tls_client, "/tls/known-server-cert"):
        must_know(app, "server_cert")


@check("tls.tls_version.value")
def the_version_is_the_one_in_use(tls_client: Client) -> None:
    for client, app in asked(tls_client, "/tls/version", Hello(TLS_1_2), Hello(TLS_1_3)):
        tells(app, "tls_version", client.tls.agreed.version)


@check("tls.tls_version.none")
def a_server_knows_the_version(tls_client: Client) -> None:
    for _, app in asked(tls_client, "/tls/known-version"):
        must_know(app, "tls_version")


@check("tls.cipher_suite.value")
def the_cipher_suite_is_the_one_in_use(tls_client: Client) -> None:
    suites = (Hello(TLS_1_2, suite) for suite in SUITES)
    for client, app in asked(tls_client, "/tls/cipher-suite", Hello(TLS_1_3), *suites):
        tells(app, "cipher_suite", client.tls.agreed.cipher_suite)


@check("tls.cipher_suite.none")
def a_server_knows_the_cipher_suite(tls_client: Client) -> None:
    for _, app in asked(tls_client, "/tls/known-cipher-suite"):
        must_know(app, "cipher_suite")
