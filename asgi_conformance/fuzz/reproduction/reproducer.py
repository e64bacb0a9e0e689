"""A fault without us: an application and a client that anybody can run, with the standard library alone."""

import re
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

from asgi_conformance.dialogue.stage import Stage
from asgi_conformance.fuzz.code import code
from asgi_conformance.fuzz.playing import Deviation
from asgi_conformance.fuzz.reproduction.recording import UNRECORDED, Recording, record
from asgi_conformance.fuzz.reproduction.steps import CLIENTS, Step, course, cut, marks, steps
from asgi_conformance.fuzz.script import Script
from asgi_conformance.servers import Choice
from asgi_conformance.spec.requirement import requirement

HOST, PORT = "127.0.0.1", 8000
CERTIFICATE = """
    openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=localhost -keyout key.pem -out certificate.pem"""


class NotReproducible(Exception):
    """There are no bytes that one could send again."""


def reproduce(script: Script, stage: Stage, version: str, deviation: Deviation, folder: Path) -> Path:
    """Play a script on this stage, and write it as `app.py` and `client.py` into this folder, which is made.

    Returns the folder. Raises NotReproducible over HTTP/3, for the life of a server, and for files of ours.
    """
    if version == UNRECORDED:
        raise NotReproducible("over QUIC nothing is sent twice")
    if stage.by_hand:
        raise NotReproducible("the life of a server is not told by what is sent")
    if any(line.needs_a_file for line in script):
        raise NotReproducible("a file is sent that is there for us only")
    recording = record(script, stage, version)
    alpn = ("h2",) if version == "http/2" else ("http/1.1",)
    told = steps(recording, alpn if stage.choice.is_encrypted else ())
    halves = {"app": _application(told, recording), "client": _clients(told, recording)}
    story = _story(recording, stage, version, deviation)
    folder.mkdir(parents=True, exist_ok=True)
    for name, lines in halves.items():
        (folder / f"{name}.py").write_text(f'"""{story}"""\n{_standalone(name)}{lines}', encoding="utf-8")
    return folder


def command(choice: Choice, application: str = "app:app", port: int = PORT) -> str:
    """What is typed to start this server at a port of this machine."""
    adapter = choice.adapter
    typed = choice.command
    if adapter.port and adapter.tcp and "{port}" not in typed:
        typed = typed.replace(adapter.tcp, adapter.port)
    words = {"app": application, "host": HOST, "escaped_host": HOST, "port": str(port), "python": "python"}
    words |= {"certificate": "certificate.pem", "key": "key.pem"}
    return re.sub(r"\{(\w+)\}", lambda found: words.get(found[1], found[0]), typed)


def _story(recording: Recording, stage: Stage, version: str, deviation: Deviation) -> str:
    demanded, choice = requirement(deviation.requirement), stage.choice
    told = command(choice)
    dialogue = "\n".join(f"    {cut(str(line))}" for line in recording.script)
    story = f"""What a server is to do, and what it does instead.

The requirement ({demanded.id}):
    {demanded.statement}
    {demanded.link}
What came of it, over {version}:
    {stage.named(deviation.text)}
Found with {choice.name} {choice.version} on Python {choice.python}. To see it, in this folder:{
        CERTIFICATE if "certificate.pem" in told else ""
    }
    {told}
    python client.py {HOST} {PORT}
The dialogue, which goes wrong in its last line:
{dialogue}
"""
    return story.replace("\\", "\\\\").replace('"""', "'''")


def _standalone(name: str) -> str:
    """What goes before the lines, without its own first sentence."""
    text = (
        files("asgi_conformance.fuzz.reproduction.standalone")
        .joinpath(f"{name}.py")
        .read_text(encoding="utf-8")
    )
    return text.partition('"""\n')[2]


def _application(told: list[Step], recording: Recording) -> str:
    """The lines of every call, in the order in which they come."""
    places = dict.fromkeys(each.course for each in told if each.course != CLIENTS)
    marked = marks(recording)
    text = ""
    for place in places:
        mark = f", {code(marked[place])}" if place in marked else ""
        lines = list(course(told, place, "await waits_for", recording.script))
        if not any(each.is_last and each.course == place for each in told):
            lines.append('await waits_for("over")')
        text += f'\n\n@plays("{place}"{mark})\nasync def lines_of_{place}(call):\n{_indented(lines)}'
    return text


def _clients(told: list[Step], recording: Recording) -> str:
    """The lines of all clients, in one course."""
    lines = course(told, CLIENTS, "waits_for", recording.script)
    return f"\n\n@plays\ndef lines(clients):\n{_indented(lines)}"


def _indented(lines: Iterable[str]) -> str:
    return "".join(f"    {line}\n" for line in lines)
