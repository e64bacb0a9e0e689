"""A script as a check that one can paste into a file, and run as any other."""

import re
from dataclasses import replace

from asgi_conformance.fuzz.code import call, code
from asgi_conformance.fuzz.script import Actor, Line, Script

WIDTH = 110
NAME = "it_goes_as_it_was_drawn"
ORDINALS = ("", "", "second_", "third_", "fourth_", "fifth_", "sixth_", "seventh_", "eighth_", "ninth_")
PLACES = (
    ("dialogue.app", "App"),
    ("dialogue.check", "check"),
    ("dialogue.client", "Client"),
    ("dialogue.expectation", "ABSENT, either, like, pair"),
    ("dialogue.server", "Server"),
    ("spec", "http, lifespan, websocket"),
    ("spec.kinds", "Foreign"),
    ("wire", "request"),
    ("wire", "websocket as ws"),
    ("wire.answer", "Accepted, Close, Closed, Data, End, Garbage, Head, Interim, Message, Ping, Pong"),
)
"""Where what is named in a check comes from."""


def pasted(script: Script, identifier: str, name: str = NAME) -> str:
    """The source of a module with one check, of this requirement and with this name.

    Where several dialogues wait for a call at the same time, a check would not tell whose it is: then these
    are the lines, as comments.
    """
    if _is_ambiguous(script):
        return "".join(f"# {line}\n" for line in ("Several dialogues at the same time:", *script))
    lines = "\n".join(f"    {line}" for line in _lines(script))
    check = f"@check({code(identifier)})\ndef {name}({_parameters(script, lines)}) -> None:\n{lines}\n"
    return "\n".join([*_imports(check), "", "", check])


def _is_ambiguous(script: Script) -> bool:
    """Does a dialogue ask for something while another one has not got its call?"""
    waiting: set[int] = set()
    for line in script:
        role = line.actor.rstrip("0123456789")
        if role == "app":
            waiting.discard(line.dialogue)
        elif role.endswith("client") and line.verb == "sends":
            waiting.add(line.dialogue)
        if len(waiting) > 1:
            return True
    return False


def _lines(script: Script) -> list[str]:
    """What the check says, every call of the application but the first being given its name."""
    spoken: list[str] = []
    met: set[str] = set()
    for line in script:
        name = _name(line.name)
        is_new = line.name not in met and name.endswith("app") and name != "app"
        met.add(line.name)
        if is_new and line.verb == "is_called" and "app" in met:
            spoken.append(_spelled(line, f"{name} = app.is_called_again"))
            continue
        if is_new:
            spoken.append(f"{name} = server.is_to_call()")
        spoken.append(_spelled(line, f"{name}.{line.verb}"))
    return spoken


def _name(actor: str) -> str:
    """The actor as a check may call him: `second_client`, `b_app`, and one server for all."""
    named = actor.rstrip("0123456789")
    dialogue, role, _ = re.split("(app|client|new_server|server)$", named)
    place = ORDINALS[int(actor.removeprefix(named) or 0)]
    return role if role.endswith("server") else f"{dialogue}{place}{role}"


def _spelled(line: Line, verb: str) -> str:
    others = iter(_actors(line))
    named = [Actor(_name(next(others).name)) if isinstance(each, Actor) else each for each in line.arguments]
    said = dict(line.said)
    whole = call(verb, *named, **said)
    if len(whole) + 4 <= WIDTH:
        return whole
    each = [code(argument) for argument in named]
    each += [f"{key}={code(value)}" for key, value in said.items()]
    return "\n        ".join([f"{verb}(", *(f"{told}," for told in each)]) + "\n    )"


def _parameters(script: Script, lines: str) -> str:
    told = [each for line in script for each in (line, *_actors(line))]
    names = dict.fromkeys(_name(each.name) for each in told)
    kinds = {"client": "Client", "server": "Server"}
    wanted = [f"{name}: {kind}" for role, kind in kinds.items() for name in names if name.endswith(role)]
    wanted += ["app: App"] if "app" in names else []
    wanted += ["server: Server"] if "server.is_to_call" in lines and "server" not in names else []
    return ", ".join(wanted)


def _actors(line: Line) -> list[Line]:
    """Whom a line is about, as if it were theirs."""
    return [replace(line, actor=each.name) for each in line.arguments if isinstance(each, Actor)]


def _imports(text: str) -> list[str]:
    """What has to be imported for this text, as far as it is ours."""
    bare = re.sub(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'', "", text)
    found = []
    for place, names in PLACES:
        used = [each for each in names.split(", ") if re.search(rf"(?<![\w.]){each.split()[-1]}\b", bare)]
        if used:
            found.append(f"from asgi_conformance.{place} import {', '.join(used)}")
    return found
