"""What is seen of a server from beside it."""

from collections.abc import Callable

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.dialogue import Dialogue
from asgi_conformance.dialogue.introduction import introduce
from asgi_conformance.dialogue.performance import Finding, perform
from asgi_conformance.dialogue.server import Server
from asgi_conformance.dialogue.stage import Stage
from asgi_conformance.servers import Choice, resolve
from asgi_conformance.spec import http, lifespan
from asgi_conformance.wire import request

Stages = Callable[..., Stage]


def performed(stages: Stages, function: Callable[..., None]) -> Finding:
    """What comes of this function as a check of a lifespan."""
    stage = stages("uvicorn:h11")
    introduce(stage)
    return perform(check("lifespan.startup.failed.exits")(function), stage, "server")


def test_it_is_asked_over_both_protocols_in_turn(server: Server) -> None:
    calls = [call.scope["type"] for call in server.is_asked("/asked", times=2)]
    assert calls == ["http", "websocket", "http", "websocket"]


def test_what_an_application_prints_is_what_it_has_printed(server: Server, client: Client) -> None:
    client.sends(request.get("/loud"))
    server.is_to_call().does("print('hello', flush=True)")
    assert "hello" in (server.has_printed() or "")


def test_the_end_and_the_reason_are_kept(stages: Stages) -> None:
    def fails(new_server: Server, app: App) -> None:
        new_server.starts()
        app.receives(lifespan.startup())
        app.ends_with(lifespan.startup_failed(message="no database"))
        new_server.exits()
        new_server.records_its_end()
        new_server.records_whether_it_says("no database")
        new_server.records_whether_it_says("no disk")

    assert performed(stages, fails).note == "exit status 3; prints why; does not print why"


def test_it_is_kept_whether_it_serves(stages: Stages) -> None:
    def dies(new_server: Server, app: App) -> None:
        new_server.comes_up(app)
        new_server.records_whether_it_serves("/before")
        new_server.stops()
        app.receives(lifespan.shutdown())
        app.ends_with(lifespan.shutdown_complete())
        new_server.records_whether_it_serves("/after")
        new_server.records_whether_it_gives_up()

    assert performed(stages, dies).note == "serves; ends by itself; gives up; ended by SIGTERM"


def test_it_is_kept_who_is_told_of_the_shutdown(stages: Stages) -> None:
    def stops(new_server: Server, app: App) -> None:
        new_server.comes_up(app)
        new_server.stops()
        new_server.records_who_is_told(app)

    assert performed(stages, stops).note == "1 of 1 lifespans are told of the shutdown"


def test_an_event_in_the_middle_of_a_response_is_found(stages: Stages) -> None:
    def tells_too_early(new_server: Server, app: App, client: Client) -> None:
        new_server.starts()
        app.listens()  # the startup will do for any event
        new_server.dialogue.stage.wait(5, app.call.fileno())
        app.sends(lifespan.startup_complete())
        client.sends(request.get("/"))
        last = app.is_called_again(path="/")
        last.sends(http.response_start(status=200, headers=[(b"content-length", b"4")]))
        last.sends(http.response_body(body=b"ha", more_body=True))
        client.receives_head(status=200)
        client.receives_part(b"ha")
        new_server.tells(app, after=last, to=client, body=b"lf")

    assert performed(stages, tells_too_early).note.startswith("receive gave an event while a response")


def test_nobody_is_blamed_where_a_lifespan_is_insisted_on(dialogue: Dialogue) -> None:
    def insists(choice: Choice) -> bool:
        dialogue.stage.choice = choice
        Server(dialogue).may_insist_on_a_lifespan()
        return dialogue.blames_nobody

    assert insists(resolve("uvicorn:lifespan-on"))
    assert insists(resolve("uvicorn {app} --fd {fd} --lifespan=on"))
    assert not insists(resolve("uvicorn --lifespan auto"))
