"""A reproducer shows the fault by itself: it is run here as whoever gets a bug report would run it."""

import ast
import contextlib
import os
import shlex
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from drawn import Staged
from running import faulty

from asgi_conformance.dialogue.introduction import introduce_over
from asgi_conformance.dialogue.stage import Stage
from asgi_conformance.fuzz.playing import Deviation, play
from asgi_conformance.fuzz.reproduction.reproducer import NotReproducible, command, reproduce
from asgi_conformance.fuzz.script import Actor, Script
from asgi_conformance.servers import Choice
from asgi_conformance.spec import http, websocket
from asgi_conformance.wire import request
from asgi_conformance.wire import websocket as ws

ABOUT = "http.scope.path.present"
BODY = b"0123456789abcdef" * 4096
client, app, second = Actor("client"), Actor("app"), Actor("app2")
STRANGE = {"type": "http.nothing.like.this"}


def exchange(who: Actor, expected: int = 200) -> Script:
    return (
        client.sends(request.post("/a", chunks=[BODY, b"x"], headers=[(b"x-a", b"\xe9")])),
        who.receives_body(BODY + b"x"),
        who.listens(),
        who.sends(http.response_start(status=200, headers=[(b"x-b", b"c")])),
        who.sends(http.response_body(body=BODY, more_body=True)),
        client.receives_head(status=expected),
        client.receives_part(BODY),
        who.sends(http.response_body(body=b"end")),
        client.receives_part(b"end"),
        client.receives_end(),
        who.hears(http.disconnect()),
        who.returns(),
    )


CONNECTED = (
    client.sends(ws.handshake("/a")),
    app.receives(websocket.connect()),
    app.sends(websocket.accept()),
    client.receives(subprotocol=None),
    client.sends(ws.text("hé", fragments=2)),
    app.receives(websocket.receive(text="hé")),
    app.sends(websocket.send(text="back")),
    client.receives(text="forth"),
)


def written(script: Script, stage: Stage, version: str, folder: Path) -> Path:
    """What the reproducer of a script is, which must show a deviation."""
    script = tuple(line.blames(ABOUT) for line in script)
    deviation = play(script, stage, version, survival="fuzz.http")
    assert deviation is not None
    return reproduce(script, stage, version, deviation, folder)


def shown(choice: Choice, folder: Path) -> tuple[str, str]:
    """What the client of a reproducer prints, and what the server does, when somebody runs them."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    words = shlex.split(command(choice, port=port))
    environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONUNBUFFERED": "1"}
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            [*choice.executable(), *words[1:]], cwd=folder, env=environment, stdout=log, stderr=log
        )
    try:
        awaits(server, port)
        typed = [sys.executable, "client.py", "127.0.0.1", str(port)]
        done = subprocess.run(typed, cwd=folder, capture_output=True, text=True, timeout=60, check=True)
    finally:
        server.terminate()
        server.wait()
    return done.stdout, (folder / "log").read_text()


def awaits(server: subprocess.Popen[bytes], port: int) -> None:
    while server.poll() is None:
        with contextlib.suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(0.02)


def test_a_fault_of_send_shows_in_what_the_application_prints(staged: Staged, tmp_path: Path) -> None:
    stage = staged(faulty("minimal", "--port {port}"))
    script = client.sends(request.get("/a")), app.is_called(path="/a"), app.cannot_send(STRANGE)
    folder = written(script, stage, "http/1.1", tmp_path)
    printed, logged = shown(stage.choice, folder)
    assert "| GET /a HTTP/1.1\\r\n           | Host: localhost\\r\n           | \\r\n" in printed
    assert "app   send took {'type': 'http.nothing.like.this'}" in logged


def test_a_fault_of_a_response_shows_in_what_the_client_prints(staged: Staged, tmp_path: Path) -> None:
    stage = staged("uvicorn:h11")
    folder = written((*exchange(app), *exchange(second, expected=418)), stage, "http/1.1", tmp_path)
    printed, logged = shown(stage.choice, folder)
    assert printed.count("HTTP/1.1 200") == 2
    assert logged.count(" send took ") == 5
    assert " app2   receive gave {'type': 'http.request'" in logged


def test_what_was_said_over_http2_is_said_again(staged: Staged, tmp_path: Path) -> None:
    stage = staged("hypercorn")
    introduce_over("http/2", stage)
    folder = written((*exchange(app), *exchange(second, expected=418)), stage, "http/2", tmp_path)
    printed, logged = shown(stage.choice, folder)
    assert "| PRI * HTTP/2.0" in printed
    assert "  app   receive gave {'type': 'http.disconnect'}" in logged
    assert logged.count(" send took ") == 5


def test_what_was_said_over_websocket_is_said_again(staged: Staged, tmp_path: Path) -> None:
    stage = staged("uvicorn:h11")
    printed, logged = shown(stage.choice, written(CONNECTED, stage, "http/1.1", tmp_path))
    assert "HTTP/1.1 101" in printed
    assert "\\x81\\x04back" in printed
    assert "receive gave {'type': 'websocket.receive', 'text': 'hé'}" in logged


def test_calls_of_several_dialogues_are_told_apart(staged: Staged, tmp_path: Path) -> None:
    lines = client.sends(request.get("/a")), app.is_called(path="/a")
    others = [replace(line, dialogue=1) for line in lines]
    script = lines[0], others[0], others[1], lines[1], app.cannot_send(http.response_start(status=200))
    folder = written(script, staged("uvicorn:h11"), "http/1.1", tmp_path)
    text = (folder / "app.py").read_text()
    assert text.index('@plays("b_app", b"') < text.index('@plays("app", b"')
    assert (folder / "client.py").read_text().count('    b"x-dialogue: ') == 2


def test_both_files_tell_what_is_wrong_and_how_to_see_it(staged: Staged, tmp_path: Path) -> None:
    folder = written(exchange(app, expected=418), staged("uvicorn:h11"), "http/1.1", tmp_path)
    for name in ("app.py", "client.py"):
        story = ast.get_docstring(ast.parse((folder / name).read_text(), feature_version=(3, 8)))
        assert story is not None
        assert f"({ABOUT}):\n    The http scope has path" in story
        assert "    the response: status is 200, not 418" in story
        assert "Found with uvicorn " in story
        assert "\n    uvicorn app:app" in story
        assert "--port 8000" in story
        assert '    client.sends(request.post("/a", headers=[(b"x-a", b"\\xe9")], chunks=[' in story


def test_over_quic_there_is_nothing_to_say_again(staged: Staged, tmp_path: Path) -> None:
    deviation = Deviation(ABOUT, "nothing came", "", 1)
    with pytest.raises(NotReproducible):
        reproduce(exchange(app), staged("uvicorn:h11"), "http/3", deviation, tmp_path / "none")


def test_where_nobody_listens_this_is_said(staged: Staged, tmp_path: Path) -> None:
    folder = written(exchange(app, expected=418), staged("uvicorn:h11"), "http/1.1", tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    typed = [sys.executable, "client.py", "127.0.0.1", port]
    done = subprocess.run(typed, cwd=folder, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert done.stderr.startswith(f"client cannot connect to 127.0.0.1, port {port}: ")
    assert "Traceback" not in done.stderr
