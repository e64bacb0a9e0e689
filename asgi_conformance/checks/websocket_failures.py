"""What breaks the rules of a WebSocket, and so ends it (RFC 6455 §5, §7, §8)."""

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.expectation import ABSENT, either
from asgi_conformance.dialogue.server import Server
from asgi_conformance.spec import websocket
from asgi_conformance.wire import websocket as ws
from asgi_conformance.wire.websocket import Frame

NOT_UTF_8 = (b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"half \xe2\x82")
"""An overlong form, a surrogate, more than there is, and an end that is missing."""
NEVER_SENT = (0, 1005, 1006, 1015)
ERRORS = {
    1002: (ws.frame(3), ws.frame(0, b"text"), ws.ping(b"x" * 126), ws.frame(1, b"text", masked=False)),
    1007: (ws.frame(1, b"\xff"),),
}


def fails(server: Server, *said: Frame, **close: object) -> None:
    """One more client says this at once and is failed, with a close frame that says this, if any."""
    visitor, app = server.is_visited(), server.is_to_call()
    visitor.is_accepted_by(app, "/fails")
    visitor.sends(ws.together(*said))
    visitor.is_ended_with(app, **close)


@check("ws.frame.unmasked")
def a_frame_without_a_mask_fails_the_connection(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/unmasked")
    client.sends(ws.frame(1, b"text", masked=False))
    client.is_ended_with(app)


@check("ws.frame.reserved_bits")
def a_reserved_bit_fails_the_connection(client: Client, app: App, server: Server) -> None:
    client.is_accepted_by(app, "/reserved-bit")
    client.sends(ws.frame(1, b"text", rsv3=True))
    client.is_ended_with(app)
    fails(server, ws.frame(2, b"data", rsv1=True))
    fails(server, ws.frame(9, b"ping", rsv2=True))


@check("ws.frame.reserved_opcode")
def a_reserved_opcode_fails_the_connection(client: Client, app: App, server: Server) -> None:
    client.is_accepted_by(app, "/reserved-opcode")
    client.sends(ws.frame(3, b"what"))
    client.is_ended_with(app)
    fails(server, ws.frame(7))
    fails(server, ws.frame(11, b"what"))
    fails(server, ws.frame(15))


@check("ws.frame.length_encoding")
def a_length_with_its_top_bit_set_fails_the_connection(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/top-bit")
    client.sends(ws.frame(2, b"x", length=1 << 63 | 1, length_bits=64))
    client.is_ended_with(app)


@check("ws.control.limits")
def a_control_frame_that_is_long_or_in_fragments_fails_the_connection(
    client: Client, app: App, server: Server
) -> None:
    client.is_accepted_by(app, "/long-ping")
    client.sends(ws.ping(b"x" * 126))
    client.is_ended_with(app)
    fails(server, ws.close(1000, "x" * 124))
    fails(server, ws.frame(9, b"ping", fin=False), ws.frame(0, b"end"))


@check("ws.fragments.sequence_errors")
def fragments_out_of_order_fail_the_connection(client: Client, app: App, server: Server) -> None:
    client.is_accepted_by(app, "/continuation")
    client.sends(ws.frame(0, b"text"))
    client.is_ended_with(app)
    fails(server, ws.frame(0, b"text", fin=False))
    fails(server, ws.frame(1, b"text", fin=False), ws.frame(1, b"another"))


@check("ws.text.utf8")
def a_text_that_is_not_utf_8_fails_the_connection(client: Client, app: App, server: Server) -> None:
    client.is_accepted_by(app, "/not-utf-8")
    client.sends(ws.frame(1, b"\xff"))
    client.is_ended_with(app)
    for text in NOT_UTF_8:
        fails(server, ws.frame(1, text))
    fails(server, ws.frame(1, b"\xc3", fin=False), ws.frame(0, b"("))


@check("ws.close.payload_invalid")
def half_a_code_or_a_reason_that_is_no_text_fails_the_connection(
    client: Client, app: App, server: Server
) -> None:
    client.is_accepted_by(app, "/half-a-code")
    client.sends(ws.frame(8, b"\x03"))
    client.is_ended_with(app)
    fails(server, ws.frame(8, b"\x03\xe8\xff"))


@check("ws.close.code_invalid")
def a_code_that_nobody_may_send_is_an_error(client: Client, app: App, server: Server) -> None:
    client.is_accepted_by(app, "/code-999")
    client.sends(ws.close(999))
    client.is_ended_with(app, code=either(1002, ABSENT))
    for code in NEVER_SENT:
        fails(server, ws.close(code), code=either(1002, ABSENT))


# RFC 6455 §7.1.7: a close frame may be left out, but one that is sent says why.
@check("ws.fail.code")
def the_code_says_what_was_wrong(client: Client, app: App, server: Server) -> None:
    client.is_accepted_by(app, "/says-why")
    client.sends(ws.frame(3, b"what"))
    client.is_ended_with(app, code=either(1002, ABSENT))
    for code, said in ERRORS.items():
        for each in said:
            fails(server, each, code=either(code, ABSENT))


@check("ws.fail.stops_processing")
def what_follows_a_failure_is_not_read(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/reads-on")
    app.listens()
    client.sends(ws.together(ws.frame(3, b"what"), ws.text("too late")))
    client.may_be_closed()
    app.is_told_only(websocket.disconnect())
