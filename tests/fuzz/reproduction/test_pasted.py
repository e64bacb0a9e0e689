"""A script that is printed as a check is judged as the script was."""

from dataclasses import replace

from drawn import Staged

from asgi_conformance.dialogue.check import Check
from asgi_conformance.dialogue.expectation import ABSENT, either
from asgi_conformance.dialogue.performance import perform
from asgi_conformance.dialogue.verdict import Verdict
from asgi_conformance.fuzz.playing import play
from asgi_conformance.fuzz.reproduction.pasted import pasted
from asgi_conformance.fuzz.script import Actor, Script
from asgi_conformance.spec import http
from asgi_conformance.wire import request

client, app, second = Actor("client"), Actor("app"), Actor("app2")
ABOUT = "http.scope.path.present"


def exchange(who: Actor, path: str = "/a", told: object = "/a") -> Script:
    lines = (
        client.sends(request.get(path)),
        who.is_called(path=told, raw_path=either(ABSENT, None, b"/a")),
        who.sends(http.response_start(status=200, headers=[(b"x-long", b"0123456789abcdef" * 100)])),
        who.sends(http.response_body(body=b"ok")),
        client.receives_head(status=200, headers=[("x-long", "0123456789abcdef" * 100)]),
        client.receives_part(b"ok"),
        client.receives_end(),
        who.returns(),
    )
    return tuple(line.blames(ABOUT) for line in lines)


def checked(text: str) -> Check:
    names: dict[str, Check] = {}
    exec(text, names)
    return names["it_goes_as_it_was_drawn"]


def test_a_script_is_printed_as_a_check() -> None:
    assert (
        pasted(exchange(app)[:2], ABOUT)
        == """\
from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.expectation import ABSENT, either
from asgi_conformance.wire import request


@check("http.scope.path.present")
def it_goes_as_it_was_drawn(client: Client, app: App) -> None:
    client.sends(request.get("/a"))
    app.is_called(path="/a", raw_path=either(ABSENT, None, b"/a"))
"""
    )


def test_further_actors_are_what_the_grammar_offers() -> None:
    other = Actor("client2").sends(request.get("/"))
    text = pasted((*exchange(app)[:2], *exchange(second)[:2], Actor("app3").listens(), other), ABOUT, "is_so")
    assert "def is_so(client: Client, second_client: Client, app: App, server: Server) -> None:" in text
    assert '    second_app = app.is_called_again(path="/a"' in text
    assert "    third_app = server.is_to_call()\n    third_app.listens()\n    second_client.sends(" in text


def test_whom_a_line_is_about_takes_part() -> None:
    lines = [Actor("client2").sends(request.get("/")), Actor("server").may_serve(Actor("client2"))]
    text = pasted(tuple(replace(line, dialogue=1) for line in lines), ABOUT, "is_so")
    assert "def is_so(b_second_client: Client, server: Server) -> None:" in text
    assert "    server.may_serve(b_second_client)\n" in text


def test_dialogues_that_ask_at_the_same_time_are_no_check() -> None:
    one = exchange(app)
    other = tuple(replace(line, dialogue=1) for line in one)
    assert "b_app = app.is_called_again(" in pasted((*one[:2], *other), ABOUT)
    text = pasted((one[0], other[0], *one[1:], *other[1:]), ABOUT)
    assert text.splitlines()[1:3] == [
        '# client.sends(request.get("/a"))',
        '# b_client.sends(request.get("/a"))',
    ]


def test_what_passes_as_a_script_passes_as_a_check(staged: Staged) -> None:
    stage, script = staged("uvicorn:h11"), (*exchange(app), *exchange(second))
    assert play(script, stage, "http/1.1", survival=ABOUT) is None
    finding = perform(checked(pasted(script, ABOUT)), stage, "http/1.1")
    assert finding.verdict is Verdict.PASS, finding.note


def test_what_fails_as_a_script_fails_as_a_check(staged: Staged) -> None:
    stage, script = staged("uvicorn:h11"), (*exchange(app), *exchange(second, told="/b"))
    deviation = play(script, stage, "http/1.1", survival=ABOUT)
    assert deviation is not None
    finding = perform(checked(pasted(script, ABOUT)), stage, "http/1.1")
    assert (finding.verdict, finding.note) == (Verdict.FAIL, deviation.text)
