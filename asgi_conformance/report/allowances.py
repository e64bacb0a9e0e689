"""What may differ between exchanges that are the same, and which requirements judge what may not."""

from collections.abc import Mapping
from dataclasses import dataclass

WWW = "https://asgi.readthedocs.io/en/latest/specs/www.html"
RFC_9113 = "https://www.rfc-editor.org/rfc/rfc9113.html"
UNIX = "unix"


@dataclass(frozen=True)
class Allowance:
    """What a version of HTTP or a setting really changes.

    `key` is that of a record (see `dialogue.comparing`). Of what stands there only these names may differ: of
    headers or extensions; () means all of it. With a `setting`, this holds only between that and another one.
    """

    key: str
    why: str
    link: str
    names: tuple[str, ...] = ()
    setting: str = ""

    def __str__(self) -> str:
        names = f" ({', '.join(f'`{name}`' for name in self.names)})" if self.names else ""
        return f"`{self.key}`{names}: [{self.why}]({self.link})"


OF_CONNECTIONS = ("connection", "keep-alive", "te", "transfer-encoding", "upgrade")
ALLOWANCES = (
    Allowance("http_version", "it is what tells of the version", f"{WWW}#http-connection-scope"),
    Allowance("scheme", "it is what tells of TLS", f"{WWW}#http-connection-scope"),
    Allowance(
        "extensions",
        "it is what tells of TLS",
        "https://asgi.readthedocs.io/en/latest/specs/tls.html#when-to-use-this-extension",
        names=("tls",),
    ),
    Allowance(
        "extensions",
        "HTTP/1.1 has no push",
        "https://asgi.readthedocs.io/en/latest/extensions.html#http-2-server-push",
        names=("http.response.push",),
    ),
    Allowance(
        "headers",
        "a connection with streams has none of its fields",
        f"{RFC_9113}#section-8.2.2",
        names=OF_CONNECTIONS,
    ),
    Allowance(
        "headers",
        "only the handshake of HTTP/1.1 has a key",
        "https://www.rfc-editor.org/rfc/rfc8441.html#section-5",
        names=("sec-websocket-key",),
    ),
    Allowance(
        "answer.added",
        "the same fields, on the way back",
        f"{RFC_9113}#section-8.2.2",
        names=(*OF_CONNECTIONS, "sec-websocket-accept"),
    ),
    Allowance(
        "answer.added",
        "it tells of another version",
        "https://www.rfc-editor.org/rfc/rfc7838.html#section-3",
        names=("alt-svc",),
    ),
    Allowance("server", "it is the path of a Unix socket", f"{WWW}#http-connection-scope", setting=UNIX),
    Allowance("client", "on a Unix socket it has no address", f"{WWW}#http-connection-scope", setting=UNIX),
)
"""Of the order of headers only that within one name counts (www, HTTP Connection Scope)."""

JUDGED_BY: Mapping[str, tuple[str, ...]] = {
    "http asgi": ("www.spec_version.known_value",),
    "http client": ("http.scope.client.type", "http.scope.client.unix"),
    "http headers": (
        "http.scope.headers.value_order",
        "http.scope.headers.duplicates",
        "http.scope.headers.exact_bytes",
        "http.scope.headers.authority_as_host",
    ),
    "http method": ("http.scope.method.present",),
    "http path": (
        "http.scope.path.percent_decoded",
        "http.scope.path.utf8_decoded",
        "http.scope.path.encoded_slash",
        "http.scope.path.plus_kept",
    ),
    "http query_string": ("http.scope.query_string.raw",),
    "http raw_path": ("http.scope.raw_path.unmodified",),
    "http root_path": ("http.scope.root_path.configured",),
    "http server": ("http.scope.server.type", "http.scope.server.tcp", "http.scope.server.unix"),
    "http answer.added": ("http.response.date",),
    "get events": ("http.request.no_body",),
    "post events": ("http.request.body.concatenated",),
    "post_in_parts events": ("http.request.body.concatenated",),
    "client_leaves events": ("http.disconnect.after_client_close",),
    "head answer": ("http.head.no_content",),
    "head answer.added": ("http.head.same_headers",),
    "no_content answer": ("http.status_204.no_content",),
    "error answer": ("asgi.app.exception.closes.http_before_start",),
    "websocket client": ("websocket.scope.client.type", "addresses.unix.websocket.client"),
    "websocket headers": (
        "websocket.scope.headers.order",
        "websocket.scope.headers.duplicates",
        "websocket.scope.headers.authority_as_host",
    ),
    "websocket path": (
        "websocket.scope.path.percent_decoded",
        "websocket.scope.path.utf8_decoded",
    ),
    "websocket query_string": ("websocket.scope.query_string.raw",),
    "websocket raw_path": ("websocket.scope.raw_path.unmodified",),
    "websocket server": ("websocket.scope.server.tcp", "websocket.scope.server.unix"),
    "websocket subprotocols": ("websocket.scope.subprotocols.values",),
    "talk events": ("websocket.disconnect.client_close", "websocket.disconnect.reason.value"),
    "talk answer": ("websocket.accept.subprotocol.written",),
    "closed answer": ("websocket.close.after_accept.code",),
    "refused answer": ("websocket.close.before_accept.403",),
    "left events": ("websocket.disconnect.socket_loss",),
}
"""By the name of an exchange or its kind, and a key: requirements that may be what is broken there."""
