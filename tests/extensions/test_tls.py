"""What is overheard of the extension tls, without a server."""

import ssl

import pytest

from asgi_conformance.extensions import tls
from asgi_conformance.spec.conversation import Conversation
from asgi_conformance.spec.kinds import Foreign

PEM = ssl.DER_cert_to_PEM_cert(b"a certificate")
GOOD: dict[str, object] = {"server_cert": PEM, "tls_version": 0x0304, "cipher_suite": 0x1302}


def overheard(told: object, *, kind: str = "http", is_encrypted: bool | None = True) -> list[tuple[str, str]]:
    """The requirements of the extension that a scope breaks, and what is wrong."""
    scope = {"type": kind, "asgi": {"version": "3.0"}, "extensions": {tls.NAME: told}}
    found = Conversation(scope, is_encrypted=is_encrypted).opening
    return [(each.requirement, each.text) for each in found if each.requirement.startswith("tls.")]


def test_nothing_is_wrong_with_what_is_right() -> None:
    chain = Foreign("builtins.tuple", [PEM, PEM])
    assert overheard(GOOD | {"client_cert_chain": chain, "client_cert_name": "CN=me"}) == []
    assert overheard(dict.fromkeys(GOOD), is_encrypted=None) == []


@pytest.mark.parametrize("key", GOOD)
def test_a_missing_key_is_told_from_a_wrong_one(key: str) -> None:
    rest = {each: value for each, value in GOOD.items() if each != key}
    assert overheard(rest) == [(f"tls.{key}.present", f"{key!r} is missing")]
    ((requirement, _),) = overheard(GOOD | {key: [5]})
    assert requirement == f"tls.{key}.type"


@pytest.mark.parametrize("value", [0x10000, -1, True, "TLS_AES_256_GCM_SHA384"])
def test_a_cipher_suite_has_16_bits(value: object) -> None:
    (said,) = overheard(GOOD | {"cipher_suite": value})
    assert said == ("tls.cipher_suite.type", f"'cipher_suite' is {value!r}, not an int of 16 bits")


@pytest.mark.parametrize("value", [PEM, [PEM.encode()], [PEM * 2], ["no certificate"], None])
def test_a_chain_is_made_of_texts_with_one_certificate_each(value: object) -> None:
    ((requirement, _),) = overheard(GOOD | {"client_cert_chain": value})
    assert requirement == "tls.client_cert_chain.type"


def test_the_details_are_a_dict() -> None:
    assert overheard([]) == [("tls.dict", "extensions['tls'] is [], not dict")]


def test_a_lifespan_has_none() -> None:
    ((requirement, _),) = overheard({}, kind="lifespan")
    assert requirement == "tls.base.not_lifespan"


def test_there_are_none_without_tls() -> None:
    ((requirement, _),) = overheard({}, is_encrypted=False)
    assert requirement == "tls.absent_on_plaintext"
