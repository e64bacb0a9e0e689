"""What was recorded, as statements that do it again, and whose turn it is."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from asgi_conformance.dialogue.expectation import Quiet
from asgi_conformance.dialogue.stage import SIGNATURE
from asgi_conformance.fuzz.code import REPEATED, code, parts
from asgi_conformance.fuzz.reproduction.recording import Act, Recording
from asgi_conformance.probe.remote import Outcome
from asgi_conformance.spec.conversation import Conversation
from asgi_conformance.spec.kinds import Foreign

WIDTH = 110
MARK = re.compile(rb"%s: \d+\r\n" % SIGNATURE)
BODY = "receives the body"
ENDS = ("return", "raise", "raise_last", "send_and_return")


@dataclass(frozen=True)
class Step:
    """A statement at a place, in the course of a line of the script; behind one that `is_last` comes none.

    All clients are played in one course, every call of the application in its own.
    """

    place: str
    course: str
    statement: str
    line: int
    is_last: bool = False


def steps(recording: Recording, alpn: Iterable[str] = ()) -> list[Step]:
    """The statements of all places, in their order. `alpn` is what the clients offer over TLS."""
    acts = [each for each in recording.acts if _counts(each, recording)]
    told = [each for each in _told(_with_bodies(acts), recording, tuple(alpn)) if each.statement]
    return [*told, Step("client", CLIENTS, "", len(recording.script))]


CLIENTS = "clients"


def course(told: list[Step], name: str, waiting: str, script: Iterable[object]) -> Iterator[str]:
    """The lines of one course, which waits where it is the turn of another one, each line being announced."""
    lines, said = list(script), -1
    for number, step in enumerate(told):
        if step.course != name:
            continue
        if step.line != said and step.line < len(lines):
            said = step.line
            yield f"# {cut(str(lines[said]))}"
        if number and told[number - 1].course != name:
            yield f"{waiting}({number})"
        is_followed = number + 1 < len(told) and told[number + 1].course != name
        passing = [f"passed({number + 1})"] if is_followed else []
        own = step.statement.split("\n") if step.statement else []
        yield from [*passing, *own] if step.is_last else [*own, *passing]


def cut(text: str) -> str:
    """Not more of a line than one would read."""
    return text if len(text) <= WIDTH else f"{text[: WIDTH - 30]} ... {text[-20:]}"


def marks(recording: Recording) -> Mapping[str, bytes]:
    """By what the calls of each place are told from those of other dialogues, if there are any."""
    if not any(line.dialogue for line in recording.script):
        return {}
    return {act.place: _mark(act.value) for act in recording.acts if act.verb == "begins"}


def _mark(scope: object) -> bytes:
    assert isinstance(scope, dict)
    headers: dict[bytes, bytes] = dict(Conversation(scope).scope["headers"])  # type: ignore[call-overload]
    return headers[SIGNATURE]


def _counts(act: Act, recording: Recording) -> bool:
    """What did not come, and was not missed, need not be waited for."""
    if act.verb == "waits":
        return isinstance(recording.failures.get(act.line), Quiet)
    return act.verb != "hears" and (act.verb, act.value) != ("writes", b"")


def _with_bodies(acts: list[Act]) -> Iterator[Act]:
    """A body that came in pieces is received to its end: another time it may come in other pieces."""
    left = acts
    while left:
        pieces = _pieces(left)
        yield replace(left[0], verb=BODY) if pieces > 1 else left[0]
        left = left[2 * pieces if pieces > 1 else 1 :]


def _pieces(acts: list[Act]) -> int:
    """How often `receive` is called here, one time after another, until no more is to come."""
    for count, (order, outcome) in enumerate(zip(acts[::2], acts[1::2], strict=False), 1):
        match order.verb, order.value, outcome.verb, outcome.value:
            case "orders", (number, "receive", None), "learns", (other, Outcome(value=dict(message))):
                if number != other or order.place != acts[0].place:
                    return 0
                if not message.get("more_body"):
                    return count
            case _:
                return 0
    return 0


def _told(acts: Iterable[Act], recording: Recording, alpn: tuple[str, ...]) -> Iterator[Step]:
    are_marked = bool(marks(recording))
    places: dict[str, _Client | _Call] = {}
    left = list(acts)
    while left:
        act = left.pop(0)
        if act.place not in places:
            is_call = act.verb == "begins"
            places[act.place] = _Call() if is_call else _Client(act.place, alpn, are_marked)
        place = places[act.place]
        following = left[0] if left and left[0].place == act.place else None
        statement, is_followed = place.does(act, following)
        if is_followed:
            left.pop(0)
        own = act.place if isinstance(place, _Call) else CLIENTS
        is_last = isinstance(place, _Call) and place.has_ended
        yield Step(act.place, own, statement, act.line, is_last)


class _Client:
    """What a connection does; what it reads is counted."""

    def __init__(self, name: str, alpn: tuple[str, ...], is_marked: bool) -> None:
        self.name = name
        self.opening = f"{name} = Client({', '.join(map(code, (name, *alpn)))})\nclients.append({name})\n"
        self.is_marked = is_marked
        self.got = 0
        self.has_left = False

    def does(self, act: Act, following: Act | None) -> tuple[str, bool]:
        """The statement for an act, and whether it does the following one, too."""
        if self.has_left:
            return "", False
        if act.verb == "reads":
            self.got += len(act.value)  # type: ignore[arg-type]
            if following is not None and following.verb == "reads":
                return "", False
        opening, self.opening = self.opening, ""
        self.has_left = act.verb in ("closes", "resets")
        return opening + self._statement(act), False

    def _statement(self, act: Act) -> str:
        match act.verb, act.value:
            case "writes", bytes(data):
                return f"{self.name}.sends({_spread(data if self.is_marked else MARK.sub(b'', data))})"
            case "reads", b"":
                return f"{self.name}.receives_the_rest()"
            case "reads", _:
                return f"{self.name}.receives({self.got})"
            case "waits", _:
                return f"{self.name}.receives_the_rest()"
        return f"{self.name}.{({'closes': 'leaves'}).get(act.verb, act.verb)}()"


class _Call:
    """What a call of the application does; what it does not wait for at once has a name."""

    def __init__(self) -> None:
        self.begun: dict[int, str] = {}
        self.has_ended = False

    def does(self, act: Act, following: Act | None) -> tuple[str, bool]:
        """The statement for an act, and whether it does the following one, too."""
        match act.verb, act.value:
            case _ if self.has_ended:
                return "", False
            case "begins", _:
                return "# The call comes.", False
            case verb, _ if verb == BODY:
                return "await call.receives_body()", False
            case "orders", (int(number), str(verb), argument):
                is_awaited = following is not None and _awaited(following) == number
                return self._ordered(number, verb, argument, is_awaited), is_awaited
            case "learns" | "waits", _:
                begun = self.begun.pop(_awaited(act) or 0, "")
                return f"await call.ends({begun})" if begun else "", False
        return "", False

    def _ordered(self, number: int, verb: str, argument: object, is_awaited: bool) -> str:
        self.has_ended = verb in ENDS
        match verb, argument:
            case (("receive" | "send" | "send_at_once"), _):
                return self._said(number, verb, argument, is_awaited)
            case (("execute" | "evaluate"), str(source)) if "scope" in source and "await" not in source:
                return f"call.{'does' if verb == 'execute' else 'finds'}({code(source)})"
            case "cancel", int(other):
                return f"call.cancels({self.begun.pop(other)})"
            case "return", None:
                return "return"
            case "return", _:
                return f"return {plain(argument)}"
            case "raise", (str(name), text):
                return f"raise {name}({code(text)})"
            case "raise_last", _:
                return "raise call.error"
            case "send_and_return", _:
                return f"return await call.send({plain(argument)})"
        return ""

    def _said(self, number: int, verb: str, argument: object, is_awaited: bool) -> str:
        given = "" if verb == "receive" else plain(argument)
        if is_awaited and verb != "send_at_once":
            return f"await call.{verb}s({given})"
        self.begun[number] = f"begun_{number}"
        more = ", at_once=True" if verb == "send_at_once" else ""
        begins = f"begun_{number} = call.begins_to_{verb.partition('_')[0]}({given}{more})"
        return f"{begins}\nawait call.ends({self.begun.pop(number)})" if is_awaited else begins


def _awaited(act: Act) -> int | None:
    """The number of the order that is waited for."""
    match act.verb, act.value:
        case "learns", (int(number), _):
            return number
        case "waits", int(number):
            return number
    return None


def _spread(data: bytes) -> str:
    """Bytes as arguments, a line of a request on a line, and what is repeated told once."""
    pieces: list[str] = []
    for part, times in parts(data, REPEATED):
        pieces += map(code, [part * times] if times > 1 else part.splitlines(keepends=True))
    if len(pieces) < 2:
        return "".join(pieces) or code(data)
    return "\n" + "".join(f"    {each},\n" for each in pieces)


def plain(value: object) -> str:
    """The code of a value that needs no names of ours, and no import: a message is a dict."""
    match value:
        case dict():
            return f"{{{', '.join(f'{plain(key)}: {plain(held)}' for key, held in value.items())}}}"
        case list():
            return f"[{', '.join(map(plain, value))}]"
        case tuple():
            return f"({', '.join(map(plain, value))}{',' * (len(value) == 1)})"
        case Foreign(type="generator" | "builtins.generator"):
            return f"(each for each in {plain(value.value)})"
        case Foreign():
            return f"{_imported(value.type)}({'' if value.value is None else plain(value.value)})"
    return code(value)


def _imported(name: str) -> str:
    module, _, last = name.removeprefix("builtins.").rpartition(".")
    return f"__import__({code(module)}, fromlist=[{code(last)}]).{last}" if module else last
