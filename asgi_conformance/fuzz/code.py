"""What a line is given, as one would type it in a check."""

from asgi_conformance.spec import http, lifespan, websocket
from asgi_conformance.spec.model import Event

EVENTS = {
    value.type: f"{chapter.__name__.rpartition('.')[2]}.{name}"
    for chapter in (http, websocket, lifespan)
    for name, value in vars(chapter).items()
    if isinstance(value, Event)
}


def code(value: object) -> str:
    """An expression that builds this value: `http.response_start(status=200)`, `request.get("/")`."""
    return repr(value)
