"""The beginning of a response: its status and its headers (www, Response Start - send event)."""

from asgi_conformance.checks.declared_events import posts
from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.server import Server
from asgi_conformance.spec import http
from asgi_conformance.spec.kinds import Foreign
from asgi_conformance.spec.requirement import Level
from asgi_conformance.wire import request

LENGTH = (b"content-length", b"2")


@check("http.response.start.status.written")
def the_status_becomes_the_status_of_the_response(client: Client, app: App) -> None:
    client.sends(request.get("/status/written"))
    app.receives(http.request())
    app.responds(410, [LENGTH], b"ok")
    client.receives(status=410)


@check("http.response.start.status.unusual")
def a_status_that_nobody_has_registered_is_sent_as_it_is(client: Client, app: App) -> None:
    client.sends(request.get("/status/unusual"))
    app.receives(http.request())
    app.responds(299, [LENGTH], b"ok")
    client.receives(status=299)


@check("http.response.start.status.int_subclass")
def the_status_may_be_an_http_status_of_the_standard_library(client: Client, app: App) -> None:
    client.sends(request.get("/status/int-subclass"))
    app.receives(http.request())
    app.sends(http.response_start(status=Foreign("http.HTTPStatus", 404), headers=[LENGTH]))
    app.sends(http.response_body(body=b"ok", more_body=False))
    client.receives(status=404)


@check("http.response.start.headers.written")
def a_header_reaches_the_client(client: Client, app: App) -> None:
    client.sends(request.get("/headers/written"))
    app.receives(http.request())
    app.responds(200, [LENGTH, (b"x-flavour", b"vanilla")], b"ok")
    client.receives(headers=[("x-flavour", "vanilla")])


@check("http.response.start.headers.order")
def the_order_of_the_headers_is_kept(client: Client, app: App) -> None:
    client.sends(request.get("/headers/order"))
    app.receives(http.request())
    names = [b"x-third", b"x-first", b"x-second", b"x-first"]
    app.responds(200, [LENGTH, *((name, b"1") for name in names)], b"ok")
    client.receives(order=names)


@check("http.response.start.headers.missing_is_empty")
def the_headers_may_be_left_out(client: Client, app: App) -> None:
    client.sends(request.get("/headers/missing"))
    app.receives(http.request())
    app.sends(http.response_start(status=200), http.response_body(body=b"ok", more_body=False))
    client.receives(status=200, body=b"ok")


@check("http.response.start.headers.empty")
def there_may_be_no_headers(client: Client, app: App) -> None:
    client.sends(request.get("/headers/empty"))
    app.receives(http.request())
    app.responds(200, [], b"ok")
    client.receives(status=200, body=b"ok")


@check("http.response.start.headers.any_iterable")
def the_headers_may_be_of_any_kind_that_holds_pairs(
    client: Client, another_client: Client, third_client: Client, server: Server
) -> None:
    length, flavour = LENGTH, (b"x-flavour", b"vanilla")
    iterables = ((list(length), list(flavour)), [list(length), list(flavour)], (length, flavour))
    for each, headers in zip((client, another_client, third_client), iterables, strict=True):
        each.sends(request.get("/headers/any-iterable"))
        app = server.is_to_call()
        app.receives(http.request())
        app.sends(http.response_start(status=200, headers=headers))
        app.sends(http.response_body(body=b"ok", more_body=False))
        each.receives(headers=[("x-flavour", "vanilla")], body=b"ok")


# The ruling: to refuse them is not to lose them; then no response comes.
@check("http.response.start.headers.one_shot", silence=Level.MAY)
def the_headers_may_come_from_a_generator(client: Client, app: App) -> None:
    client.sends(request.get("/headers/one-shot"))
    app.receives(http.request())
    headers = Foreign("generator", [(b"x-flavour", b"vanilla")])
    app.may_send(http.response_start(status=200, headers=headers))
    app.may_send(http.response_body(body=b"ok", more_body=False))
    client.receives(headers=[("x-flavour", "vanilla")])


@check("http.response.start.headers.name_str.raises")
def the_name_of_a_header_that_is_a_str_is_refused(client: Client, app: App) -> None:
    client.sends(request.get("/headers/name-str"))
    app.receives(http.request())
    app.cannot_send(http.response_start(status=200, headers=[("x-flavour", b"vanilla")]))


@check("http.response.start.headers.value_str.raises")
def the_value_of_a_header_that_is_a_str_is_refused(client: Client, app: App) -> None:
    client.sends(request.get("/headers/value-str"))
    app.receives(http.request())
    app.cannot_send(http.response_start(status=200, headers=[(b"x-flavour", "vanilla")]))


@check("http.response.start.headers.value_other.raises")
def the_value_of_a_header_that_is_an_int_is_refused(client: Client, app: App) -> None:
    client.sends(request.get("/headers/value-other"))
    app.receives(http.request())
    app.cannot_send(http.response_start(status=200, headers=[(b"x-number", 5)]))


@check("http.response.start.headers.shape.raises")
def a_header_that_is_no_pair_is_refused(client: Client, app: App) -> None:
    client.sends(request.get("/headers/shape"))
    app.receives(http.request())
    app.cannot_send(http.response_start(status=200, headers=[(b"x-flavour", b"vanilla", b"chocolate")]))


@check("http.response.start.trailers.false")
def no_trailers_are_awaited_when_none_are_announced(client: Client, app: App) -> None:
    client.sends(request.get("/trailers/false"))
    app.receives(http.request())
    app.sends(http.response_start(status=200, headers=[], trailers=False))
    app.sends(http.response_body(body=b"ok", more_body=False))
    client.receives(status=200, body=b"ok")


@check("http.response.start.trailers.missing_is_false")
def a_start_that_does_not_speak_of_trailers_announces_none(client: Client, app: App) -> None:
    client.sends(request.get("/trailers/missing"))
    app.receives(http.request())
    app.sends(http.response_start(status=200, headers=[]))
    app.sends(http.response_body(body=b"ok", more_body=False))
    client.receives(status=200, body=b"ok")


@check("http.response.start.trailers.true_waits")
def a_response_whose_trailers_are_announced_ends_with_them(client: Client, app: App) -> None:
    posts(client, app, "/trailers/true", [("te", "trailers")])
    app.sends(http.response_start(status=200, headers=[], trailers=True))
    app.sends(http.response_body(body=b"ok", more_body=False))
    client.receives_head(status=200)
    client.receives_part(b"ok")
    client.hears_nothing()
    # Whether there may be none of them is judged with the extension.
    fields = [(b"x-sum", b"5")]
    app.sends({"type": "http.response.trailers", "headers": fields, "more_trailers": False})
    client.receives_end()


@check("http.response.start.trailers.unsupported")
def a_server_without_trailers_does_not_wait_for_them(client: Client, app: App) -> None:
    client.sends(request.get("/trailers/unsupported"))
    app.receives(http.request())
    app.is_not_offered("http.response.trailers")
    app.may_send(http.response_start(status=200, headers=[], trailers=True))
    app.may_send(http.response_body(body=b"ok", more_body=False))
    app.ends()
    client.may_receive(status=200, body=b"ok")


@check("http.response.start.status.1xx")
def a_status_that_cannot_be_the_last_confuses_no_connection(client: Client, app: App, server: Server) -> None:
    client.sends(request.get("/status/1xx"))
    app.receives(http.request())
    app.may_respond(103, [(b"x-flavour", b"vanilla")], b"")
    app.ends()
    client.may_receive(body=b"")
    server.goes_on_with(client)


@check("http.response.start.transfer_encoding.ignored")
def a_transfer_encoding_of_the_application_frames_nothing(client: Client, app: App) -> None:
    client.sends(request.get("/transfer-encoding"))
    app.receives(http.request())
    app.responds(200, [(b"transfer-encoding", b"chunked")], b"framed once")
    client.receives(status=200, body=b"framed once")


@check("http.response.start.content_encoding.untouched")
def a_content_encoding_is_the_business_of_the_application(client: Client, app: App) -> None:
    client.sends(request.get("/content-encoding"))
    app.receives(http.request())
    app.responds(200, [(b"content-length", b"8"), (b"content-encoding", b"gzip")], b"not gzip")
    client.receives(headers=[("content-encoding", "gzip")], body=b"not gzip")


@check("http.response.start.twice.raises")
def a_second_start_is_refused(client: Client, app: App) -> None:
    client.sends(request.get("/start/twice"))
    app.receives(http.request())
    app.sends(http.response_start(status=200, headers=[]))
    app.cannot_send(http.response_start(status=404, headers=[]))


@check("http.response.start.after_complete.ignored")
def a_start_after_the_end_of_the_response_has_no_effect(client: Client, app: App) -> None:
    client.sends(request.get("/start/after-complete"))
    app.receives(http.request())
    app.responds(200, [LENGTH], b"ok")
    client.receives(status=200, body=b"ok")
    app.may_send(http.response_start(status=500, headers=[]))
    client.hears_nothing_more()


@check("http.headers.response.not_combined")
def headers_of_one_name_stay_apart(client: Client, app: App) -> None:
    client.sends(request.get("/headers/not-combined"))
    app.receives(http.request())
    app.responds(200, [LENGTH, (b"x-a", b"1"), (b"x-b", b"2"), (b"x-a", b"3")], b"ok")
    client.receives(headers=[("x-a", "1"), ("x-a", "3")])


@check("http.headers.set_cookie.separate")
def cookies_stay_apart(client: Client, app: App) -> None:
    client.sends(request.get("/headers/set-cookie"))
    app.receives(http.request())
    cookies = [b"a=1; Expires=Wed, 21 Oct 2037 07:28:00 GMT", b"b=2"]
    app.responds(200, [LENGTH, *((b"set-cookie", cookie) for cookie in cookies)], b"ok")
    client.receives(headers=[("set-cookie", cookie) for cookie in cookies])


@check("http.headers.response.verbatim")
def the_value_of_a_header_is_written_byte_for_byte(client: Client, app: App) -> None:
    client.sends(request.get("/headers/verbatim"))
    app.receives(http.request())
    value = b'caf\xe9, "a\tb";  q=\xc3\xa9'
    app.responds(200, [LENGTH, (b"x-note", value)], b"ok")
    client.receives(headers=[("x-note", value)])


@check("http.content_length.response_kept")
def a_content_length_of_the_application_is_used(client: Client, app: App) -> None:
    client.sends(request.get("/content-length"))
    app.receives(http.request())
    app.sends(http.response_start(status=200, headers=[(b"content-length", b"5")]))
    app.sends(
        http.response_body(body=b"he", more_body=True), http.response_body(body=b"llo", more_body=False)
    )
    client.receives(headers=[("content-length", "5"), ("transfer-encoding", None)], body=b"hello")
