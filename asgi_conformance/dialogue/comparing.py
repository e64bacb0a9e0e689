"""Exchanges that are held over every version and in every setting: what is kept of them, to be compared.

What is kept of each stands on a line of its own: its name, and a dict as a literal of Python. It has the keys
of the scope, but of all exchanges after the first only those that are not as in the first; and under
`events`, `answer`, `answer.headers` and `answer.added` what the application was told, what the client found,
and which headers of its response are from the application, and which from the server.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from asgi_conformance.dialogue.expectation import Broken, Crash, Quiet, bare
from asgi_conformance.dialogue.stage import SIGNATURE
from asgi_conformance.spec.model import Message
from asgi_conformance.wire.answer import Accepted, Answer, Close, Closed, Data, End, Head
from asgi_conformance.wire.request import shown

if TYPE_CHECKING:
    from asgi_conformance.dialogue.app import App
    from asgi_conformance.dialogue.client import Client
    from asgi_conformance.dialogue.dialogue import Dialogue

Exchange = Callable[["Client", "App", str], None]
"""What a client and the application say to each other; the client asks for this target."""
OWN = b"x-"
"""How the names of the headers begin that an application gives to its response."""
ANY_SCOPE = ("type", "asgi", "extensions")
"""The keys of all scopes."""


class Comparing:
    """A server with which the same is done in many ways."""

    dialogue: "Dialogue"

    def serves_websockets(self) -> None:
        """The server serves WebSocket over this version; where it does not, the check does not apply."""
        self.dialogue.needs_websocket()

    def records_each(self, exchanges: Mapping[str, Exchange], first: "Client") -> None:
        """Hold each of them with a client of its own, this one being the first; keep what came of it.

        Raises Broken when one did not come to its end. The others are held all the same, but for those after
        one in which the server was silent: each of them may cost all the patience there is.
        """
        usual: dict[str, object] = {}
        lines: list[str] = []
        broken: list[Broken] = []
        for name, exchange in exchanges.items():
            client, app = self.dialogue.client() if lines else first, self.dialogue.app()
            error = self._broken_by(exchange, client, app, f"/parity/{name}")
            scope = scope_of(app) if app.has_a_call() else {}
            found = beside(usual, scope) | events_of(app.told) | answers_to(client.found)
            lines.append(f"{name}: {found | ({'broken off': str(error)} if error else {})}")
            broken += [error] if error else []
            if isinstance(error, Quiet):
                break
            usual = usual or scope
            client.leaves_the_stage()
            app.leaves_the_stage()
        self.dialogue.recorded.append("\n".join(lines))
        if broken:
            raise broken[0]

    def _broken_by(self, exchange: Exchange, client: "Client", app: "App", path: str) -> Broken | None:
        try:
            exchange(client, app, self.dialogue.stage.target(path))
        except Crash:
            raise
        except Broken as error:
            return error
        return None


def scope_of(app: "App") -> dict[str, object]:
    """What a scope says, but for what differs each time; values that no document knows by their type."""
    said = bare(app.scope)
    assert isinstance(said, dict)
    known = {*ANY_SCOPE, *(app.conversation.chapter.scope if app.conversation.chapter else {})}
    kept = {key: said[key] if key in known else type(said[key]).__name__ for key in sorted(said, key=str)}
    for end in {"client", "server"} & kept.keys():
        kept[end] = _without_port(kept[end])
    for names in {"extensions", "state"} & kept.keys():
        kept[names] = sorted(map(str, kept[names])) if isinstance(kept[names], dict) else kept[names]
    if isinstance(headers := kept.get("headers"), list):
        kept["headers"] = [each for each in headers if each[:1] != [SIGNATURE]]
    return kept


def beside(usual: Mapping[str, object], scope: Mapping[str, object]) -> dict[str, object]:
    """What a scope says that the usual one does not, unless it is empty; of its headers the new ones."""
    kept = {key: value for key, value in scope.items() if key not in usual or usual[key] != value}
    headers, others = kept.get("headers"), usual.get("headers")
    if isinstance(headers, list) and isinstance(others, list):
        kept["headers"] = [each for each in headers if each not in others]
    missing = dict.fromkeys(sorted(usual.keys() - scope.keys()) if scope else (), "absent")
    return {key: value for key, value in kept.items() if value or not usual} | missing


def _without_port(end: object) -> object:
    """An end of a connection; whether its port is the right one is judged elsewhere."""
    if not (isinstance(end, list) and len(end) == 2):
        return end
    host, port = end
    if isinstance(port, str) and port.isdecimal():
        return [host, "<port as text>"]
    return [host, "<port>"] if isinstance(port, int) and port else end


def events_of(told: Iterable[Message]) -> dict[str, object]:
    """What the application was told: a body is one, in however many events it came."""
    events: list[Message] = []
    for message in told:
        said = {key: value for key, value in message.items() if value not in (None, "")}
        if said.get("type") != "http.request":
            events.append(said)
        elif events and events[-1].get("more_body"):
            events[-1] |= {"body": _joined(events[-1], said), "more_body": said.get("more_body", False)}
        else:
            events.append({"type": "http.request", "body": b"", "more_body": False} | said)
    return {"events": [shortly(each) for each in events]}


def _joined(begun: Message, said: Message) -> object:
    parts = [each.get("body", b"") for each in (begun, said)]
    return b"".join(each for each in parts if isinstance(each, bytes))


def shortly(event: Message) -> str:
    """An event on one line, its keys in order."""
    rest = ", ".join(f"{key}={shown(event[key])}" for key in sorted(event) if key != "type")
    return f"{event.get('type')} {rest}".rstrip()


def answers_to(found: Iterable[Answer]) -> dict[str, object]:
    """What a client found, up to the end of a response or a close frame: what follows is no part of it."""
    words: list[str] = []
    said: dict[str, object] = {}
    body = b""
    for answer in found:
        if isinstance(answer, Data):
            body += answer.data
            continue
        if body:
            words.append(f"body {shown(body)}")
            body = b""
        if isinstance(answer, Head | Accepted):
            own = [[name, value] for name, value in answer.headers if name.startswith(OWN)]
            others = {name.decode("latin-1") for name, _ in answer.headers if not name.startswith(OWN)}
            said = {"answer.headers": own, "answer.added": sorted(others)}
        if not (isinstance(answer, Closed) and words):
            words.append(f"response {answer.status}" if isinstance(answer, Head) else str(answer))
        if isinstance(answer, End | Close):
            break
    return {"answer": words, **said}
