"""HTTP of any version below ASGI: content, headers, and what must not reach the wire (RFC 9110)."""

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.expectation import either, like
from asgi_conformance.dialogue.server import Server
from asgi_conformance.spec import http
from asgi_conformance.spec.requirement import Level
from asgi_conformance.wire import request
from asgi_conformance.wire.answer import Interim

FIVE = (b"content-length", b"5")
NO_TOKENS = (b"two words", b"x-a: 1\r\nset-cookie", b"x-a\0", b"x-\xe9", b"")
IMF_FIXDATE = like(rb"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT")


@check("http.head.no_content")
def a_response_to_head_has_no_content(client: Client, another_client: Client, server: Server) -> None:
    for each, headers in ((client, [FIVE]), (another_client, [])):
        each.sends(request.head("/head/no-content"))
        app = server.is_to_call()
        app.receives(http.request())
        app.may_respond(200, headers, b"hello")
        app.ends()
        each.may_receive_head()
        each.receives_no_content()
        server.goes_on_with(each)


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
    client.may_receive_head(headers=[("transfer-encoding", None)])
    client.receives_no_content()
    server.goes_on_with(client)


# It is the application that says it, and nothing gets confused by it: what RFC 9110 forbids is asked mildly.
@check("http.status_205.no_content", level=Level.SHOULD)
def a_205_has_no_content(client: Client, app: App) -> None:
    client.sends(request.get("/status-205"))
    app.receives(http.request())
    app.may_respond(205, [], b"unwanted")
    app.ends()
    client.may_receive(status=205, body=b"")


@check("http.status_304.no_content")
def a_304_has_no_content(client: Client, another_client: Client, server: Server) -> None:
    for each, headers in ((client, []), (another_client, [(b"content-length", b"8")])):
        each.sends(request.get("/status-304"))
        app = server.is_to_call()
        app.receives(http.request())
        app.may_respond(304, [(b"etag", b'"one"'), *headers], b"unwanted")
        app.ends()
        each.may_receive_head()
        each.receives_no_content()
        server.goes_on_with(each)


# What is asked of the next three is what reaches the wire: whether anything does is judged elsewhere.
@check("http.response.field_value.no_injection", silence=Level.MAY)
def a_header_value_injects_no_header(client: Client, another_client: Client, server: Server) -> None:
    for each, end_of_line in ((client, b"\r\n"), (another_client, b"\n")):
        each.sends(request.get("/no-injection"))
        app = server.is_to_call()
        app.receives(http.request())
        app.may_respond(200, [FIVE, (b"x-a", b"1" + end_of_line + b"set-cookie: stolen=1")], b"hello")
        app.ends()
        each.may_receive_head(headers=[("set-cookie", None)])


@check("http.response.field_name.token", silence=Level.MAY)
def a_header_name_that_is_no_token_stays_off_the_wire(client: Client, server: Server) -> None:
    clients = (client, *(server.is_visited() for _ in NO_TOKENS[1:]))
    for each, name in zip(clients, NO_TOKENS, strict=True):
        each.sends(request.get("/field-name"))
        app = server.is_to_call()
        app.receives(http.request())
        app.may_respond(200, [FIVE, (name, b"1")], b"hello")
        app.ends()
        each.may_receive_head(headers=[("set-cookie", None)])


@check("http.content_length.app_invalid", silence=Level.MAY)
def a_content_length_that_makes_no_sense_stays_off_the_wire(
    client: Client, another_client: Client, third_client: Client, server: Server
) -> None:
    lengths = ([b"five"], [b"-5"], [b"5", b"6"])
    for each, values in zip((client, another_client, third_client), lengths, strict=True):
        each.sends(request.get("/content-length/invalid"))
        app = server.is_to_call()
        app.receives(http.request())
        app.may_respond(200, [(b"content-length", value) for value in values], b"hello")
        app.ends()
        each.may_receive_head()


@check("http.content_length.app_too_long")
def what_exceeds_the_content_length_stays_off_the_wire(
    client: Client, another_client: Client, server: Server
) -> None:
    all_of_it = http.response_body(body=b"hello", more_body=True)
    for each, before in ((client, []), (another_client, [all_of_it])):
        each.sends(request.get("/content-length/exceeded"))
        app = server.is_to_call()
        app.receives(http.request())
        app.sends(http.response_start(status=200, headers=[FIVE]), *before)
        app.may_send(http.response_body(body=b"hello, world", more_body=False))
        app.ends()
        each.may_receive_head()
        each.is_not_left_waiting()
        server.goes_on_with(each)


@check("http.content_length.app_too_short")
def a_body_that_is_shorter_than_its_content_length_is_cut_off(client: Client, app: App) -> None:
    client.sends(request.get("/content-length/fallen-short"))
    app.receives(http.request())
    app.may_respond(200, [(b"content-length", b"10")], b"hello")
    app.ends()
    client.is_cut_off()


@check("http.content_length.computed")
def a_response_of_known_size_tells_its_size_or_its_end(http1_client: Client, app: App) -> None:
    http1_client.sends(request.get("/content-length/computed"))
    app.receives(http.request())
    app.responds(200, [], b"hello")
    framing = either([("content-length", "5")], [("transfer-encoding", "chunked")])
    http1_client.receives(status=200, headers=framing, body=b"hello")


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


@check("http.interim.not_to_http_1_0")
def a_client_of_http_1_0_gets_no_interim_response(client: Client, app: App, server: Server) -> None:
    expectation = b"Content-Length: 5\r\nExpect: 100-continue\r\n\r\n"
    client.sends(b"POST /http-1.0/expect HTTP/1.0\r\nHost: localhost\r\n" + expectation, method="POST")
    server.calls_before_the_body_ends(app)
    app.listens()
    client.sends(b"hello", expecting=0)
    app.receives_body(b"hello")
    client.hears_nothing()


# Who says nothing has not processed it, either.
@check("http.field_value.ctl_rejected", silence=Level.MAY)
def a_nul_in_a_header_is_refused_or_a_space(client: Client, app: App) -> None:
    client.sends(request.get("/nul", headers=[("x-a", b"a\0b")]))
    app.may_be_called(headers=[("x-a", "a b")])


@check("http.request.trailers_not_merged")
def trailers_do_not_become_headers(client: Client, app: App) -> None:
    client.sends(request.post("/trailers/not-merged", chunks=[b"hello"], more=True))
    client.sends(request.part(last=True, trailers=[("x-late", "1")]))
    app.receives_body(b"hello")
    app.finds("[value for name, value in scope['headers'] if name == b'x-late']", [])
