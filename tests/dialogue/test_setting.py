"""Stages in other settings than the usual one, and what their actors know of them."""

import contextlib
from collections.abc import Callable, Iterator

import pytest

from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.dialogue import Dialogue
from asgi_conformance.dialogue.expectation import Broken, Unsupported
from asgi_conformance.dialogue.introduction import NeverServed, introduce, is_well
from asgi_conformance.dialogue.server import Server
from asgi_conformance.dialogue.stage import Stage
from asgi_conformance.servers import resolve
from asgi_conformance.spec import http, lifespan
from asgi_conformance.wire import certificates, connection, request, tls
from asgi_conformance.wire.connection import Patience

Puts = Callable[..., Stage]


@pytest.fixture
def puts() -> Iterator[Puts]:
    """Puts a server into a setting, and introduces it."""
    made: list[Stage] = []

    def put(setting: str, server: str = "uvicorn:h11") -> Stage:
        made.append(Stage(resolve(server).put_into(setting), Patience()))
        introduce(made[-1])
        return made[-1]

    yield put
    for stage in made:
        stage.close(1.0)


@pytest.mark.parametrize("server", ["uvicorn:h11", "hypercorn"])
def test_a_server_serves_below_a_prefix_in_whatever_way_it_tells_the_path(server: str, puts: Puts) -> None:
    stage = puts("mounted", server)
    assert stage.target("/a") == "/mounted/a"
    assert is_well(stage, 5.0)


def test_a_prefix_is_encoded_on_the_wire(puts: Puts) -> None:
    assert puts("accented", "hypercorn").target("/a") == "/caf%C3%A9/a"


def test_who_does_not_serve_after_its_startup_is_not_waited_for(puts: Puts) -> None:
    with pytest.raises(
        NeverServed, match="with an application mounted at /café never served: the server answ"
    ):
        puts("accented")


def test_an_application_of_two_steps_is_called_as_any(puts: Puts) -> None:
    dialogue = Dialogue(puts("legacy"), "http/1.1")
    dialogue.client().sends(request.get("/a"))
    dialogue.app().is_called(path="/a").was_called(positional=1, keywords=[])
    dialogue.close()


def test_the_ends_of_a_connection_on_ipv6_have_addresses(puts: Puts) -> None:
    dialogue = Dialogue(puts("ipv6"), "http/1.1")
    client, server = dialogue.client(), Server(dialogue)
    assert (client.address()[0], server.address()[0]) == ("::1", "::1")
    assert server.address()[1] != client.address()[1]
    with pytest.raises(Unsupported, match="does not listen on a Unix socket"):
        server.path()
    dialogue.close()


def test_the_ends_of_a_connection_on_a_unix_socket_have_none(puts: Puts) -> None:
    stage = puts("unix")
    dialogue = Dialogue(stage, "http/1.1")
    assert stage.named(Server(dialogue).path()) == "<folder>/server.sock"
    for each in (dialogue.client(), Server(dialogue)):
        with pytest.raises(Unsupported, match="listens on a Unix socket"):
            each.address()
    dialogue.close()


@pytest.mark.parametrize("setting", ["tls", "mutual"])
@pytest.mark.parametrize("server", ["uvicorn:h11", "gunicorn"])
def test_a_client_shakes_hands_with_a_server_that_is_starting(setting: str, server: str, puts: Puts) -> None:
    stage = puts(setting, server)
    with contextlib.closing(stage.connect()) as connected:
        assert isinstance(connected, tls.Connection)
    assert is_well(stage, 5.0)


def test_a_handshake_that_fails_is_told_to_whoever_goes_on(puts: Puts) -> None:
    stranger = certificates.made().clients[certificates.FOREIGN]
    over = puts("mutual").connect(tls.Hello(version=tls.TLS_1_2, identity=stranger))
    with contextlib.closing(over), pytest.raises(connection.Lost):
        over.read()


def test_a_client_over_tls_hangs_up_when_the_server_does(puts: Puts) -> None:
    dialogue = Dialogue(puts("tls"), "http/1.1")
    client, app = dialogue.client(), dialogue.app()
    client.sends(request.post("/", chunks=[b"hello"], more=True))
    app.receives(http.request(body=b"hello", more_body=True))
    client.sends(b"0x5\r\n", expecting=0)
    app.receives_no_whole_body()
    dialogue.close()


def test_who_does_not_shake_hands_does_not_serve() -> None:
    stage = Stage(resolve("uvicorn:h11:tls"), Patience(), by_hand=True)
    dialogue = Dialogue(stage, "server")
    app = dialogue.app()
    app.receives(lifespan.startup())
    Server(dialogue).does_not_serve("/too-early")
    app.sends(lifespan.startup_complete())
    with pytest.raises(Broken, match="the application was called for '/early-enough'"):
        Server(dialogue).does_not_serve("/early-enough")
    dialogue.close()
    stage.close(0)


def test_who_speaks_tls_is_not_in_the_clear(puts: Puts) -> None:
    Dialogue(puts("port"), "http/1.1").client().is_in_the_clear()
    with pytest.raises(Unsupported, match="the server speaks TLS"):
        Dialogue(puts("tls"), "http/1.1").client().is_in_the_clear()


def test_of_several_workers_nobody_knows_which_is_the_first(puts: Puts) -> None:
    dialogue = Dialogue(puts("workers"), "http/1.1")
    with pytest.raises(Unsupported, match="one of several workers may serve who came later"):
        dialogue.is_called_before_others()
    dialogue.close()


def test_several_workers_have_a_lifespan_each(puts: Puts) -> None:
    stage = puts("workers", "gunicorn")
    while stage.facts.workers < 2:
        assert is_well(stage, 5.0)


def test_a_folder_and_a_port_have_names_in_what_is_told(minimal: Stage) -> None:
    port = minimal.running.address[1]
    assert minimal.named(f"{port}, not {port}0") == f"<port>, not {port}0"
    assert minimal.named("[(b'x-dialogue', b'17')]") == "[(b'x-dialogue', b'<number>')]"
    assert minimal.named(f"{minimal.running.folder}/a") == "<folder>/a"
    assert (
        minimal.named("File descriptor 16 (fd=16, id=16)") == "File descriptor <number> (fd=<number>, id=16)"
    )


def test_the_name_of_a_client_tells_the_setting() -> None:
    about = check("http.scope.client.type")
    assert about(lambda client, app: None).settings == ("",)  # noqa: ARG005
    assert about(lambda unix_client, server: None).setting == "unix"  # noqa: ARG005
    assert about(lambda another_client: None).setting == ""  # noqa: ARG005
    assert about(lambda new_server: None).setting == ""  # noqa: ARG005
    assert about(lambda client, legacy_client: None).settings == ("", "legacy")  # noqa: ARG005


def test_a_server_has_another_address_over_quic(puts: Puts) -> None:
    pytest.importorskip("aioquic")
    stage = puts("quic", "hypercorn")
    dialogue = Dialogue(stage, "http/3")
    client, app, server = dialogue.client(), dialogue.app(), Server(dialogue)
    assert client.may_connect(tls.Hello(tls.TLS_1_3))
    assert client.tls.agreed.version == tls.TLS_1_3
    client.sends(request.get("/"))
    app.is_called(http_version="3", server=server.address())
    assert server.address() != stage.running.address
    assert stage.named(f"{server.address()[1]} {stage.running.place.address[1]}") == "<port> <port>"
    assert is_well(stage, 5.0, "http/3")
    dialogue.close()


def test_quic_has_no_tls_1_2(puts: Puts) -> None:
    pytest.importorskip("aioquic")
    dialogue = Dialogue(puts("quic", "hypercorn"), "http/3")
    assert not dialogue.client().may_connect(tls.Hello(tls.TLS_1_2))
    with pytest.raises(Unsupported, match=r"the server refuses TLS 1\.2"):
        dialogue.client().connects(tls.Hello(tls.TLS_1_2))
    dialogue.close()
