"""What a client does that says whatever it likes, and is content with any sensible treatment of that."""

import contextlib
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from asgi_conformance.dialogue.expectation import Broken, Crash, Quiet, agrees, bare
from asgi_conformance.dialogue.stage import SIGNATURE
from asgi_conformance.dialogue.wire_end import WireEnd
from asgi_conformance.spec.kinds import items, shortened
from asgi_conformance.wire import connection
from asgi_conformance.wire.http1_reading import requests_in
from asgi_conformance.wire.request import Request, octets

if TYPE_CHECKING:
    from asgi_conformance.dialogue.app import App

OK = (b"content-length", b"2")
FIRST_LINE = re.compile(rb"( HTTP/1\.[01])(\r?\n)")
FRAMING = (b"content-length", b"transfer-encoding")


class Rough(WireEnd):
    """A wire end that says bytes which need be no request."""

    _said = b""

    def says(self, said: bytes, *cuts: int) -> None:
        """Put these bytes on the wire, cut into pieces at these places, as far as the server takes them.

        What looks like the first line of a request is signed in the next lines.
        """
        # A line may be folded into the one before it, which must not be the signature.
        signed = rb"\1\2%s: %s\2x-rough: 1\2" % (SIGNATURE, self.signature)
        self._said = FIRST_LINE.sub(signed, said)
        self.dialogue.transcript.says("client", shortened(said))
        with contextlib.suppress(connection.Lost, connection.Silence):
            for start, end in itertools.pairwise([0, *cuts, len(self._said)]):
                self.wire.connection.write(self._said[start:end])

    def is_understood_or_refused(self) -> None:
        """What was said is refused, ends the connection, or becomes the calls that it asks for, and no other.

        Who has said a whole request first is not left waiting, and a next client is served.
        """
        expected, most = requests_in(self._said), len(self._said.splitlines())
        for _ in range(most):
            if not self._is_one_more_called():
                return
            self._is_served(next(expected, None))
        if self._is_one_more_called():
            raise Broken(f"the application was called more than {most} times, for not so many lines")

    def _is_one_more_called(self) -> bool:
        """Is there a call? If there is none, whoever asked has an answer, or the end of the connection."""
        # A server may wait for the rest of what is no whole request for as long as it likes.
        is_owed = self.fileno() is not None and next(requests_in(self._said), None) is not None
        if is_owed and not self.dialogue.refuses(self, self.termination):
            return True
        return self.dialogue.is_called_before_others()

    def _is_served(self, expected: Request | None) -> None:
        """An application answers one call. Raises Broken when that is not what was asked for."""
        app = self.dialogue.app().is_called()
        if app.scope.get("type") != "http":
            return app.leaves_the_stage()
        found = [*_invented(app.scope, self._said)]
        if expected is not None:
            found += _misunderstood(app.scope, expected)
        try:
            said = self._hears_out(app)
            app.may_respond(200, [OK], b"ok")
            app.ends()
        except (Quiet, Crash):
            raise
        except Broken:
            # Who refuses what was begun may cancel the call.
            said = {}
        if said.get("type") == "http.request":
            found += _misread(said["body"], self._said, expected)
        if found:
            raise Broken(f"the application was called for what nobody sent: {'; '.join(found)}")
        return None

    def _hears_out(self, app: "App") -> Mapping[str, object]:
        try:
            return app.hears_out_the_body()
        except Quiet:
            # Not everybody takes a half-close for the end of a body that goes on.
            self.leaves_the_stage()
            return app.hears_out_the_body()


def _invented(scope: Mapping[str, object], said: bytes) -> Iterator[str]:
    """What there is in the scope, and is not in these bytes. The case of a method has a check of its own."""
    method, raw_path = bare(scope.get("method")), bare(scope.get("raw_path"))
    if isinstance(method, str) and octets(method.upper()) not in said.upper():
        yield f"the method {method!r}"
    if isinstance(raw_path, bytes) and raw_path not in said:
        yield f"the path {raw_path!r}"
    for name, value in _fields(scope):
        if name not in said.lower() or not all(word in said for word in value.replace(b",", b" ").split()):
            yield f"the header {name!r}: {value!r}"


def _misunderstood(scope: Mapping[str, object], expected: Request) -> Iterator[str]:
    """Where the scope is not that of the request. Headers may be missing, and joined: that has its checks."""
    path, _, query = octets(expected.target).partition(b"?")
    if str(scope.get("method")).upper() != expected.method.upper():
        yield f"the method {scope.get('method')!r}, not {expected.method!r}"
    if (plain := _plain(path)) is not None and not agrees(plain, scope.get("path")):
        yield f"the path {scope.get('path')!r}, not {plain!r}"
    if b"#" not in query and bare(scope.get("query_string", b"")) != query:
        yield f"the query {scope.get('query_string')!r}, not {query!r}"
    wanted, got = _joined(expected.headers), _joined(_fields(scope))
    for name in got.keys() & wanted.keys():
        if got[name] != wanted[name] and name not in FRAMING:
            yield f"the header {name!r}: {got[name]!r}, not {wanted[name]!r}"


def _misread(body: object, said: bytes, expected: Request | None) -> Iterator[str]:
    """Where a whole body is not the one that was sent, or consists of other bytes."""
    if expected is not None:
        wanted = expected.body or b"".join(expected.chunks or ())
        if body != wanted:
            yield f"the body {shortened(body)}, not {shortened(wanted)}"
    elif isinstance(body, bytes) and not _is_within(body, said):
        yield f"the body {shortened(body)}"


def _plain(path: bytes) -> str | None:
    """The path that is meant, if no server may see another one in it."""
    if not path.startswith(b"/") or b"//" in path or b"/." in path or b"#" in path or b"%" in path:
        return None
    return path.decode() if path.isascii() else None


def _fields(scope: Mapping[str, object]) -> Iterator[tuple[bytes, bytes]]:
    for pair in items(scope.get("headers")) or []:
        halves = [bare(half) for half in items(pair) or []]
        if len(halves) == 2 and isinstance(halves[0], bytes) and isinstance(halves[1], bytes):
            yield halves[0], halves[1]


def _joined(fields: Iterable[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    """All values of each name, joined as RFC 9110 §5.3 allows it, without the spaces that may differ."""
    joined: dict[bytes, bytes] = {}
    for name, value in fields:
        name, value = name.lower(), value.replace(b" ", b"")
        joined[name] = joined[name] + b"," + value if name in joined else value
    return joined


def _is_within(body: bytes, said: bytes) -> bool:
    """Are these bytes among those that were said, in this order?"""
    rest = iter(said)
    return all(byte in rest for byte in body)
