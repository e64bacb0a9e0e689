"""The chapter of HTTP: its scope, its events, its order (www, HTTP)."""

from asgi_conformance.spec.kinds import (
    BOOL,
    BYTES,
    CLIENT,
    DICT,
    FULL_STR,
    HEADERS,
    INT,
    SERVER_ADDRESS,
    STR,
    optional,
)
from asgi_conformance.spec.model import APPLICATION, SERVER, Chapter, Event, Field, last, more, when

request = Event(
    "http.request",
    SERVER,
    body=Field(BYTES, b"", blame="http.request.body.type"),
    more_body=Field(BOOL, False, blame="http.request.more_body.type"),
)
disconnect = Event("http.disconnect", SERVER)
response_start = Event(
    "http.response.start",
    APPLICATION,
    status=Field(INT),
    headers=Field(HEADERS, []),
    trailers=Field(BOOL, False),
)
response_body = Event("http.response.body", APPLICATION, body=Field(BYTES, b""), more_body=Field(BOOL, False))

SCOPE = {
    "http_version": Field(STR, blame="http.scope.http_version.present"),
    "method": Field(STR, blame="http.scope.method.present"),
    "scheme": Field(FULL_STR, "http", blame="http.scope.scheme.type"),
    "path": Field(STR, blame="http.scope.path.present"),
    "raw_path": Field(optional(BYTES), None, blame="http.scope.raw_path.type"),
    "query_string": Field(BYTES, blame="http.scope.query_string.present"),
    "root_path": Field(STR, "", blame="http.scope.root_path.type"),
    "headers": Field(
        HEADERS,
        blame="http.scope.headers.present",
        aspects={"name": "http.scope.headers.name_bytes", "value": "http.scope.headers.value_bytes"},
    ),
    "client": Field(
        optional(CLIENT),
        None,
        blame="http.scope.client.type",
        aspects={"address": "http.scope.client.is_address"},
    ),
    "server": Field(optional(SERVER_ADDRESS), None, blame="http.scope.server.type"),
    "state": Field(DICT, None, blame="http.scope.state.type"),
}

STEPS = {
    SERVER: {
        "start": {more(request): "asking", last(request): "asked", when(disconnect): "gone"},
        "asking": {more(request): "asking", last(request): "asked", when(disconnect): "gone"},
        "asked": {when(disconnect): "gone"},
        "gone": {when(disconnect): "gone"},
    },
    APPLICATION: {
        "start": {
            last(response_start, "trailers"): "responding",
            more(response_start, "trailers"): "promising",
        },
        "responding": {more(response_body): "responding", last(response_body): "done"},
        # As "responding", with trailers to follow; the event that they come in belongs to an extension.
        "promising": {more(response_body): "promising", last(response_body): "concluding"},
        "concluding": {},
        "done": {},
    },
}

CHAPTER = Chapter(
    "http",
    SCOPE,
    STEPS,
    stranger="http.request.type",
    blame={
        ("asked", "http.request"): "http.request.after_final",
        ("asked", ""): "http.disconnect.type",
        ("gone", "http.request"): "http.disconnect.repeated",
        ("gone", ""): "http.disconnect.type",
    },
)
