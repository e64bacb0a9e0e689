"""The handshake of a WebSocket: how it opens, is accepted, and looks on the wire (www; RFC 6455 §4)."""

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.expectation import like
from asgi_conformance.dialogue.server import Server
from asgi_conformance.spec import websocket
from asgi_conformance.spec.requirement import Level
from asgi_conformance.wire import request
from asgi_conformance.wire import websocket as ws
from asgi_conformance.wire.answer import Accepted

UPGRADE = [("Upgrade", "websocket"), ("Connection", "Upgrade"), ("Sec-WebSocket-Version", "13")]
KEY = ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")

# The opening event


@check("websocket.connect.type")
def the_opening_event_is_a_connect(client: Client, app: App) -> None:
    client.sends(ws.handshake("/connect-type"))
    app.receives(websocket.connect())


@check("websocket.connect.first")
def nothing_comes_before_the_connect(client: Client, app: App) -> None:
    client.sends(ws.handshake("/connect-first"))
    app.is_called()
    client.leaves()
    app.receives(websocket.connect())


@check("websocket.connect.once")
def the_connect_comes_once(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/connect-once")
    client.sends(ws.text("hello"))
    app.receives(websocket.receive(text="hello"))


@check("websocket.connect.during_handshake")
def the_handshake_waits_for_the_answer(client: Client, app: App) -> None:
    client.sends(ws.handshake("/waits"))
    app.receives(websocket.connect())
    client.hears_nothing()
    app.sends(websocket.accept(subprotocol=None, headers=[]))
    client.receives(Accepted())


@check("websocket.connect.no_data_before_answer")
def what_comes_before_the_answer_is_held_back(client: Client, app: App) -> None:
    client.sends(ws.handshake("/not-answered-yet"))
    app.receives(websocket.connect())
    client.sends(ws.text("too early"))
    app.hears_nothing(but=websocket.disconnect())


@check("websocket.connect.client_gone")
def a_client_that_leaves_before_the_answer_is_told(client: Client, app: App, server: Server) -> None:
    for ending in (Client.leaves, Client.resets):
        client.sends(ws.handshake("/impatient"))
        app.receives(websocket.connect())
        ending(client)
        app.receives(websocket.disconnect())
        client, app = server.is_visited(), server.is_to_call()


# To accept


@check("websocket.accept.completes_handshake")
def an_accept_opens_the_websocket(client: Client, app: App) -> None:
    client.sends(ws.handshake("/accepted"))
    app.receives(websocket.connect())
    app.sends(websocket.accept(subprotocol=None, headers=[]))
    client.receives(Accepted())
    client.sends(ws.text("hello"))
    app.receives(websocket.receive(text="hello"))


@check("websocket.accept.subprotocol.written")
def the_subprotocol_that_was_chosen_is_announced(client: Client, app: App) -> None:
    client.sends(ws.handshake("/chosen", subprotocols=["chat", "echo"]))
    app.receives(websocket.connect())
    app.sends(websocket.accept(subprotocol="echo", headers=[]))
    client.receives(subprotocol="echo")


@check("websocket.accept.subprotocol.missing_is_none")
def without_a_choice_no_subprotocol_is_announced(client: Client, app: App) -> None:
    client.sends(ws.handshake("/no-choice", subprotocols=["chat", "echo"]))
    app.receives(websocket.connect())
    app.sends(websocket.accept(headers=[]))
    client.receives(subprotocol=None)


@check("websocket.accept.subprotocol.none")
def none_chooses_no_subprotocol(client: Client, app: App) -> None:
    client.sends(ws.handshake("/none-chosen", subprotocols=["chat", "echo"]))
    app.receives(websocket.connect())
    app.sends(websocket.accept(subprotocol=None, headers=[]))
    client.receives(subprotocol=None)


@check("websocket.accept.subprotocol.not_offered")
def a_subprotocol_that_was_not_offered_is_not_announced(client: Client, app: App, server: Server) -> None:
    client.sends(ws.handshake("/not-offered", subprotocols=["chat", "echo"]))
    app.receives(websocket.connect())
    app.may_send(websocket.accept(subprotocol="mail", headers=[]))
    app.ends()
    client.may_be_accepted(subprotocol=None)
    server.serves()


@check("websocket.accept.subprotocol.empty")
def an_empty_subprotocol_is_not_announced(client: Client, app: App) -> None:
    client.sends(ws.handshake("/empty-choice", subprotocols=["chat", "echo"]))
    app.receives(websocket.connect())
    app.may_send(websocket.accept(subprotocol="", headers=[]))
    client.may_be_accepted(soon=True, headers=[("sec-websocket-protocol", None)])


@check("websocket.accept.headers.written")
def headers_of_the_accept_reach_the_client(client: Client, app: App) -> None:
    client.sends(ws.handshake("/accept-headers"))
    app.receives(websocket.connect())
    app.sends(websocket.accept(subprotocol=None, headers=[(b"x-session", b"1")]))
    client.receives(subprotocol=None, headers=[("x-session", "1")])


@check("websocket.accept.headers.order")
def headers_of_one_name_keep_their_order(client: Client, app: App) -> None:
    cookies = [(b"set-cookie", b"b=1"), (b"set-cookie", b"a=2"), (b"set-cookie", b"b=3")]
    client.sends(ws.handshake("/accept-order"))
    app.receives(websocket.connect())
    app.sends(websocket.accept(subprotocol=None, headers=cookies))
    client.receives(subprotocol=None, headers=cookies)


@check("websocket.accept.headers.missing_is_empty")
def an_accept_needs_no_headers(client: Client, app: App) -> None:
    client.sends(ws.handshake("/no-headers"))
    app.receives(websocket.connect())
    app.sends(websocket.accept(subprotocol=None))
    client.receives(Accepted())


@check("websocket.accept.headers.any_iterable")
def headers_may_be_a_tuple_and_pairs_may_be_lists(client: Client, app: App) -> None:
    client.sends(ws.handshake("/accept-iterables"))
    app.receives(websocket.connect())
    app.sends(websocket.accept(subprotocol=None, headers=([b"x-list", b"1"], (b"x-tuple", b"2"))))
    client.receives(subprotocol=None, headers=[("x-list", "1"), ("x-tuple", "2")])


@check("websocket.accept.headers.subprotocol.server")
def no_second_subprotocol_gets_in_by_a_header(client: Client, app: App) -> None:
    client.sends(ws.handshake("/chosen-twice", subprotocols=["chat", "echo"]))
    app.receives(websocket.connect())
    app.may_send(websocket.accept(subprotocol="chat", headers=[(b"sec-websocket-protocol", b"echo")]))
    client.may_be_accepted(soon=True, headers=[("sec-websocket-protocol", like(rb"chat|echo"))])


# No document speaks of it: what a server does with such headers is only recorded.
@check("websocket.accept.headers.handshake_override", level=Level.MAY)
def headers_cannot_damage_the_handshake(http1_client: Client, app: App) -> None:
    http1_client.sends(ws.handshake("/override"))
    app.receives(websocket.connect())
    app.may_send(websocket.accept(subprotocol=None, headers=[(b"sec-websocket-accept", b"wrong")]))
    app.ends()
    http1_client.may_be_accepted()


@check("websocket.accept.twice.raises")
def a_second_accept_is_refused(client: Client, app: App) -> None:
    client.is_accepted_by(app, "/accept-twice")
    app.cannot_send(websocket.accept(subprotocol=None, headers=[]))


@check("websocket.accept.after_close")
def an_accept_after_the_refusal_changes_nothing(client: Client, app: App) -> None:
    client.sends(ws.handshake("/accept-late"))
    app.receives(websocket.connect())
    app.sends(websocket.close(code=1000, reason=""))
    app.may_send(websocket.accept(subprotocol=None, headers=[]))
    client.receives(status=403)
    client.hears_nothing_more()


@check("websocket.accept.after_client_gone")
def an_accept_of_a_client_that_left_raises_an_oserror_or_nothing(
    client: Client, app: App, server: Server
) -> None:
    client.sends(ws.handshake("/accept-nobody"))
    app.receives(websocket.connect())
    client.leaves()
    server.serves()  # by now the server knows
    app.may_fail_to_send(websocket.accept(subprotocol=None, headers=[]), error="OSError")


# On the wire


@check("ws.handshake.response")
def the_answer_proves_that_the_key_was_read(client: Client, app: App) -> None:
    client.sends(ws.handshake("/key", key="dGhlIHNhbXBsZSBub25jZQ=="))
    app.receives(websocket.connect())
    app.sends(websocket.accept(subprotocol=None, headers=[]))
    client.receives(Accepted())


@check("ws.handshake.case_and_lists")
def upgrade_and_connection_are_lists_of_any_case(client: Client, app: App) -> None:
    headers = [("Upgrade", "WebSocket"), ("Connection", "keep-alive, UPGRADE")]
    client.sends(ws.handshake("/case-and-lists", headers=headers))
    app.is_called(type="websocket")


@check("ws.handshake.bad_method_or_version")
def a_post_is_no_handshake(client: Client, app: App) -> None:
    client.sends(request.post("/handshake-by-post", body=b"", headers=[*UPGRADE, KEY]))
    app.may_be_called(type="http")


@check("ws.handshake.missing_key")
def without_a_key_there_is_no_handshake(client: Client, app: App) -> None:
    client.sends(request.get("/no-key", headers=UPGRADE))
    app.may_be_called(type="http")


@check("ws.handshake.wrong_version")
def an_unknown_version_is_told_the_known_one(client: Client) -> None:
    client.sends(ws.handshake("/version", version="99"))
    client.receives_head(headers=[("sec-websocket-version", like(rb".*\b13\b.*"))])


@check("ws.extensions.from_offer")
def no_extension_is_used_that_was_not_offered(client: Client, app: App) -> None:
    client.sends(ws.handshake("/no-extension"))
    app.receives(websocket.connect())
    app.sends(websocket.accept(subprotocol=None, headers=[]))
    client.receives(extensions=None)
