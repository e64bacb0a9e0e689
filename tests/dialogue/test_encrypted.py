"""What a client offers over TLS, and what becomes of it on a real server."""

from collections.abc import Iterator

import pytest

from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.dialogue import Dialogue
from asgi_conformance.dialogue.expectation import Unsupported
from asgi_conformance.dialogue.introduction import introduce
from asgi_conformance.dialogue.stage import Stage
from asgi_conformance.servers import resolve
from asgi_conformance.wire import request
from asgi_conformance.wire.certificates import FOREIGN, TELLING, made
from asgi_conformance.wire.connection import Patience
from asgi_conformance.wire.tls import TLS_1_2, TLS_1_3, Hello

pytest.importorskip("trustme")


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    """A server that asks for certificates, and takes clients without one."""
    stage = Stage(resolve("uvicorn:h11").put_into("mutual"), Patience())
    introduce(stage)
    yield stage
    stage.close(1.0)


@pytest.fixture
def asking(stage: Stage) -> Iterator[Dialogue]:
    """A dialogue with it."""
    dialogue = Dialogue(stage, "http/1.1")
    yield dialogue
    dialogue.close()


@pytest.mark.parametrize("version", [TLS_1_2, TLS_1_3])
def test_a_client_offers_what_it_is_told_to(asking: Dialogue, version: int) -> None:
    client, app = asking.client(), asking.app()
    client.connects(Hello(version, identity=made().clients[TELLING]))
    client.sends(request.get("/"))
    app.is_called(scheme="https")
    assert client.tls.agreed.version == version
    assert f"connects over TLS 1.{version - 0x0301}, as the client 'telling'" in str(asking.transcript)


def test_an_offer_may_be_refused_at_once(asking: Dialogue) -> None:
    nobody = Hello(TLS_1_2, identity=made().clients[FOREIGN])
    assert not asking.client().may_connect(nobody)
    with pytest.raises(Unsupported, match=r"the server refuses TLS 1\.2, as the client 'foreign'"):
        asking.client().connects(nobody)


def test_or_when_the_client_listens(asking: Dialogue) -> None:
    client = asking.client()
    assert client.may_connect(Hello(TLS_1_3, identity=made().clients[FOREIGN]))
    client.sends(request.get("/"))
    assert asking.refuses(client, 5.0)


def test_there_is_no_tls_in_the_clear(client: Client) -> None:
    client.connects(Hello(TLS_1_3))
    with pytest.raises(Unsupported, match="does not speak TLS here"):
        _ = client.tls


def test_a_hand_is_shaken_only_where_it_is_held_out(asking: Dialogue, client: Client) -> None:
    over_tls = asking.client()
    for each in (over_tls, client):
        each.shakes_hands()
    assert over_tls.fileno() is not None
    assert client.fileno() is None
