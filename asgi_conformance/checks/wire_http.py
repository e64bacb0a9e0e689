"""HTTP of any version below ASGI: content, headers, and what must not reach the wire (RFC 9110)."""

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.expectation import like
from asgi_conformance.dialogue.server import Server
from asgi_conformance.spec import http
from asgi_conformance.spec.requirement import Level
from asgi_conformance.wire import request
from asgi_conformance.wire.answer import Interim

FIVE = (b"content-length", b"5")
IMF_FIXDATE = like(rb"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT")


@check("http.head.no_content")
def a_response_to_head_has_no_content(client: Client, app: App, server: Server) -> None:
    client.sends(request.head("/head/no-content"))
    app.receives(http.request())
    app.may_respond(200, [FIVE], b"hello")
    app.ends()
    client.may_receive_head()
    client.is_not_left_waiting()
    server.goes_on_with(client)


@check("http.head.same_headers")
def a_response_to_head_has_the_headers_of_one_to_get(client: Client, app: App) -> None:
    client.sends(request.head("/head/same-headers"))
    app.receives(http.request())
    app.may_respond(200, [FIVE, (b"x-about", b"the same")], b"hello")
    client.receives(status=200, headers=[("content-length", "5"), ("x-about", "the same")])


@check("http.status_204.no_content")
def a_204_has_no_content(client: Client, app: App, server: Server) -> None:
    client.sends(request.get("/status-204"))
    app.receives(http.request())
    app.may_respond(204, [], b"unwanted")
    app.ends()
    client.may_receive_head()
    client.is_not_left_waiting()
    server.goes_on_with(client)


@check("http.status_304.no_content")
def a_304_has_no_content(client: Client, app: App, server: Server) -> None:
    client.sends(request.get("/status-304"))
    app.receives(http.request())
    app.may_respond(304, [(b"etag", b'"one"')], b"unwanted")
    app.ends()
    client.may_receive_head()
    client.is_not_left_waiting()
    server.goes_on_with(client)


# What is asked of the next three is what reaches the wire: whether anything does is judged elsewhere.
@check("http.response.field_value.no_injection", silence=Level.MAY)
def a_header_value_injects_no_header(client: Client, app: App) -> None:
    client.sends(request.get("/no-injection"))
    app.receives(http.request())
    app.may_respond(200, [FIVE, (b"x-a", b"1\r\nset-cookie: stolen=1")], b"hello")
    app.ends()
    client.may_receive_head(headers=[("set-cookie", None)])


@check("http.response.field_name.token", silence=Level.MAY)
def a_header_name_that_is_no_token_stays_off_the_wire(client: Client, app: App) -> None:
    client.sends(request.get("/field-name"))
    app.receives(http.request())
    app.may_respond(200, [FIVE, (b"two words", b"1")], b"hello")
    app.ends()
    client.may_receive_head()


@check("http.content_length.app_invalid", silence=Level.MAY)
def a_content_length_that_is_no_number_stays_off_the_wire(client: Client, app: App) -> None:
    client.sends(request.get("/content-length/invalid"))
    app.receives(http.request())
    app.may_respond(200, [(b"content-length", b"five")], b"hello")
    app.ends()
    client.may_receive_head()


@check("http.content_length.app_too_long")
def what_exceeds_the_content_length_stays_off_the_wire(client: Client, app: App, server: Server) -> None:
    client.sends(request.get("/content-length/exceeded"))
    app.receives(http.request())
    app.may_respond(200, [FIVE], b"hello, world")
    app.ends()
    client.may_receive_head()
    client.is_not_left_waiting()
    server.goes_on_with(client)


@check("http.content_length.app_too_short")
def a_body_that_is_shorter_than_its_content_length_is_cut_off(client: Client, app: App) -> None:
    client.sends(request.get("/content-length/fallen-short"))
    app.receives(http.request())
    app.may_respond(200, [(b"content-length", b"10")], b"hello")
    app.ends()
    client.is_cut_off()


@check("http.response.date")
def a_response_has_a_date(client: Client, app: App) -> None:
    client.sends(request.get("/date"))
    app.receives(http.request())
    app.responds(200, [FIVE], b"hello")
    client.receives(status=200, headers=[("date", IMF_FIXDATE)])


@check("http.method.unknown")
def an_unknown_method_is_the_applications_business_or_refused(client: Client, app: App) -> None:
    client.sends(request.request("BREW", "/unknown-method"))
    app.may_be_called(method="BREW")


@check("http.expect.continue_sent")
def a_client_that_waits_for_100_is_told_to_go_on(client: Client, app: App, server: Server) -> None:
    client.sends(request.post("/expect", body=b"", more=True, headers=[FIVE, ("expect", "100-continue")]))
    server.calls_before_the_body_ends(app)
    app.listens()
    client.receives(Interim(100))
    client.sends(request.part(b"hello", last=True))
    app.receives_body(b"hello")


@check("http.field_value.ctl_rejected")
def a_nul_in_a_header_is_refused_or_a_space(client: Client, app: App) -> None:
    client.sends(request.get("/nul", headers=[("x-a", b"a\0b")]))
    app.may_be_called(headers=[("x-a", "a b")])


@check("http.request.trailers_not_merged")
def trailers_do_not_become_headers(client: Client, app: App) -> None:
    client.sends(request.post("/trailers/not-merged", chunks=[b"hello"], more=True))
    client.sends(request.part(last=True, trailers=[("x-late", "1")]))
    app.receives_body(b"hello")
    app.finds("[value for name, value in scope['headers'] if name == b'x-late']", [])
