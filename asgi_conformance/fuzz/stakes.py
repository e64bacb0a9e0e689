"""Which requirement is at stake when a server tells its application wrong what was asked over HTTP."""

from asgi_conformance.fuzz.strategies import is_ascii
from asgi_conformance.wire.request import Request

SIGNS = (
    (b"%2F", "encoded_slash"),
    (b"%3F", "encoded_question_mark"),
    (b"%25", "decoded_once"),
    (b"%C3", "utf8_decoded"),
    (b"%E2", "utf8_decoded"),
    (b"%F0", "utf8_decoded"),
    (b"%", "percent_decoded"),
    (b"+", "plus_kept"),
)
"""What may be in a path, and the requirement that it puts on trial."""


def about_path(path: bytes) -> str:
    """What is at stake when this path is told wrong."""
    return next(
        (f"http.scope.path.{what}" for sign, what in SIGNS if sign in path), "http.scope.path.present"
    )


def about_headers(request: Request) -> str:
    """What is at stake when these headers are told wrong."""
    names = [name for name, _ in request.headers]
    values = [value for _, value in request.headers]
    if len({*names}) < len(names):
        return "http.scope.headers.duplicates"
    if not all(values):
        return "http.scope.headers.empty_value"
    if not is_ascii(request.headers):
        return "http.scope.headers.non_ascii"
    return "http.headers.request.verbatim"
