"""The scope of an HTTP request (www, HTTP Connection Scope)."""

from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.expectation import ABSENT, either
from asgi_conformance.dialogue.server import Server
from asgi_conformance.spec import http
from asgi_conformance.wire import request

# Not at all, too little, too long for what it is, half of a pair of UTF-16, and beyond Unicode.
NOT_UTF_8 = ("%FF", "%C3", "%C0%AF", "%ED%A0%80", "%F4%90%80%80")

# What kind of connection it is


@check("http.scope.type")
def a_request_calls_the_application_for_http(client: Client, app: App) -> None:
    client.sends(request.get("/type-of-scope"))
    app.is_called(type="http")


@check("http.scope.type.signified")
def an_upgrade_to_something_unknown_is_an_ordinary_request(http1_client: Client, app: App) -> None:
    headers = [("connection", "upgrade"), ("upgrade", "unheard-of/1.0")]
    http1_client.sends(request.get("/unknown-upgrade", headers=headers))
    app.is_called(type="http", path="/unknown-upgrade")


@check("http.scope.http_version.1_0")
def a_request_of_http_1_0_says_so(client: Client, app: App) -> None:
    client.sends(b"GET /version-1.0 HTTP/1.0\r\nHost: localhost\r\n\r\n")
    app.is_called(path="/version-1.0", http_version="1.0")


@check("http.scope.http_version.1_1")
def a_request_of_http_1_1_says_so(client: Client, app: App) -> None:
    client.sends(request.get("/version-1.1"))
    app.is_called(http_version="1.1")


@check("http.scope.method.present")
def the_method_is_that_of_the_request(client: Client, app: App) -> None:
    client.sends(request.request("DELETE", "/method"))
    app.is_called(method="DELETE")


@check("http.scope.method.uppercase")
def a_method_in_lower_case_is_put_into_upper_case_or_refused(client: Client, app: App) -> None:
    client.sends(request.request("get", "/lower-case-method"))
    app.may_be_called(method="GET")


@check("http.scope.method.extension")
def a_method_outside_the_usual_ones_is_handed_through(client: Client, app: App) -> None:
    client.sends(request.request("PROPFIND", "/unusual-method"))
    app.is_called(method="PROPFIND")


@check("http.scope.scheme.http")
def the_scheme_of_a_plain_socket_is_http(client: Client, app: App) -> None:
    client.is_in_the_clear()
    client.sends(request.get("/scheme"))
    app.is_called(scheme="http")


@check("http.scope.scheme.https")
def the_scheme_over_tls_is_https(tls_client: Client, app: App) -> None:
    tls_client.sends(request.get("/scheme-over-tls"))
    app.is_called(scheme="https")


# The path and the query


@check("http.scope.path.excludes_query")
def the_path_ends_before_the_query(client: Client, app: App) -> None:
    client.sends(request.get("/before?after=/the-question-mark"))
    app.is_called(path="/before")


@check("http.scope.path.percent_decoded")
def the_path_is_percent_decoded(client: Client, app: App) -> None:
    client.sends(request.get("/a%20b/%7Euser?q=%20"))
    app.is_called(path="/a b/~user")


@check("http.scope.path.utf8_decoded")
def the_bytes_of_the_path_are_read_as_utf_8(client: Client, app: App) -> None:
    client.sends(request.get("/caf%C3%A9/%E2%82%AC/%F0%9F%98%80"))
    app.is_called(path="/café/€/😀")


@check("http.scope.path.encoded_slash")
def an_encoded_slash_is_decoded_like_any_other_byte(client: Client, app: App) -> None:
    client.sends(request.get("/encoded%2Fslash"))
    app.is_called(path="/encoded/slash")


@check("http.scope.path.decoded_once")
def the_path_is_decoded_only_once(client: Client, app: App) -> None:
    client.sends(request.get("/100%2525"))
    app.is_called(path="/100%25")


@check("http.scope.path.encoded_question_mark")
def an_encoded_question_mark_belongs_to_the_path(client: Client, app: App) -> None:
    client.sends(request.get("/what%3F%23now?query"))
    app.is_called(path="/what?#now", query_string=b"query")


@check("http.scope.path.plus_kept")
def a_plus_sign_in_the_path_stays_a_plus_sign(client: Client, app: App) -> None:
    client.sends(request.get("/1+1"))
    app.is_called(path="/1+1")


@check("http.scope.path.invalid_utf8")
def a_path_that_is_not_utf_8_does_no_harm(client: Client, server: Server) -> None:
    for sequence in NOT_UTF_8:
        visitor = server.is_visited()
        visitor.sends(request.get(f"/not-utf-8/{sequence}"))
        server.may_serve(visitor)
    server.goes_on_with(client)


@check("http.scope.path.invalid_percent")
def a_percent_sign_that_escapes_nothing_is_kept_or_refused(client: Client, app: App) -> None:
    client.sends(request.get("/100%/%zz"))
    app.may_be_called(path="/100%/%zz")


@check("http.scope.path.nul_and_controls")
def encoded_control_characters_are_decoded_or_refused(client: Client, app: App) -> None:
    client.sends(request.get("/nul%00and%0D%0Anewline"))
    app.may_be_called(path="/nul\x00and\r\nnewline")


@check("http.scope.path.dot_segments")
def dot_segments_and_empty_segments_arrive_as_they_were_sent(
    client: Client, app: App, another_client: Client
) -> None:
    client.sends(request.get("/dots/./b/../c//d"))
    app.is_called(path="/dots/./b/../c//d")
    another_client.sends(request.get("//no-host/in/front"))
    app.is_called_again(path="//no-host/in/front")


@check("http.scope.path.long")
def a_long_path_arrives_whole_or_is_refused(client: Client, app: App) -> None:
    client.sends(request.get("/long/" + "path" * 1000))
    app.may_be_called(path="/long/" + "path" * 1000)


@check("http.scope.raw_path.unmodified")
def the_raw_path_is_what_was_sent(client: Client, app: App) -> None:
    client.sends(request.get("/raw%2Fpath/%7euser/%C3%a9/"))
    app.is_called(raw_path=either(b"/raw%2Fpath/%7euser/%C3%a9/", None))


@check("http.scope.raw_path.excludes_query")
def the_raw_path_ends_before_the_query(client: Client, app: App) -> None:
    client.sends(request.get("/raw-before?after"))
    app.is_called(raw_path=either(b"/raw-before", None))


@check("http.scope.query_string.raw")
def the_query_keeps_its_percent_encoding(client: Client, app: App) -> None:
    client.sends(request.get("/encoded-query?a=%20%2B+b&c=%C3%a9&%64"))
    app.is_called(query_string=b"a=%20%2B+b&c=%C3%a9&%64")


@check("http.scope.query_string.after_first_question_mark")
def the_query_begins_after_the_first_question_mark(client: Client, app: App) -> None:
    client.sends(request.get("/three-marks?b?c=?"))
    app.is_called(query_string=b"b?c=?")


@check("http.scope.query_string.empty")
def without_a_query_the_query_string_is_empty(client: Client, app: App, another_client: Client) -> None:
    client.sends(request.get("/no-query"))
    app.is_called(path="/no-query", query_string=b"")
    another_client.sends(request.get("/bare-question-mark?"))
    app.is_called_again(path="/bare-question-mark", query_string=b"")


# The headers


@check("http.scope.headers.value_order")
def values_of_one_header_keep_their_order(client: Client, app: App) -> None:
    values = [("x-order", "3"), ("x-other", "0"), ("x-order", "1"), ("x-order", "2")]
    client.sends(request.get("/header-order", headers=values))
    app.is_called(headers=[("x-order", "3"), ("x-order", "1"), ("x-order", "2")])


@check("http.headers.request.not_combined")
def repeated_headers_stay_apart(client: Client, app: App) -> None:
    twice = [("x-twice", "one"), ("x-twice", "two")]
    client.sends(request.get("/repeated-header", headers=twice))
    app.is_called(headers=twice)


@check("http.scope.headers.empty_value")
def a_header_may_be_empty(client: Client, app: App) -> None:
    client.sends(request.get("/empty-header", headers=[("x-empty", "")]))
    app.is_called(headers=[("x-empty", "")])


@check("http.scope.headers.whitespace_trimmed")
def whitespace_around_a_value_is_not_part_of_it(client: Client, app: App) -> None:
    client.sends(request.get("/white-space", headers=[("x-white", " \t v w \t ")]))
    app.is_called(headers=[("x-white", "v w")])


@check("http.scope.headers.non_ascii")
def bytes_beyond_ascii_arrive_unchanged_or_are_refused(client: Client, app: App) -> None:
    client.sends(request.get("/bytes", headers=[("x-bytes", b"caf\xc3\xa9 caf\xe9 \x80\xff")]))
    app.may_be_called(headers=[("x-bytes", b"caf\xc3\xa9 caf\xe9 \x80\xff")])


@check("http.scope.headers.h1_host")
def the_host_is_among_the_headers(client: Client, app: App) -> None:
    client.sends(request.get("/host", headers=[("Host", "example.test:8080")]))
    app.is_called(headers=[("host", "example.test:8080")])


@check("http.headers.request.verbatim")
def the_value_of_a_header_is_handed_over_as_it_was_sent(client: Client, app: App) -> None:
    value = 'a  b\t;c="d, \\"e\\"",,%41+%2C='
    client.sends(request.get("/verbatim", headers=[("x-verbatim", value)]))
    app.is_called(headers=[("x-verbatim", value)])


@check("http.headers.cookie.verbatim")
def a_cookie_is_handed_over_as_it_was_sent(client: Client, app: App) -> None:
    value = 'b=2;a="1"; a=%20;  =c; d; a=1;'
    client.sends(request.get("/cookie", headers=[("cookie", value)]))
    app.is_called(headers=[("cookie", value)])


# The state


@check("http.scope.state.copy")
def what_one_request_puts_into_the_state_no_other_one_finds(
    client: Client, app: App, another_client: Client
) -> None:
    client.sends(request.get("/state-of-one"))
    app.is_offered("state")
    app.does("scope['state']['left behind'] = True")
    another_client.sends(request.get("/state-of-another"))
    app.is_called_again(path="/state-of-another").finds("'left behind' in scope['state']", False)


# The time


@check("http.scope.lifetime.single_request")
def the_next_request_on_a_connection_is_another_call(client: Client, app: App) -> None:
    client.sends(request.get("/first-here"))
    app.is_called(path="/first-here")
    app.does("scope['mark'] = 'of the first call'")
    app.receives(http.request())
    app.responds(200, [(b"content-length", b"2")], b"ok")
    client.receives(status=200)
    client.sends(request.get("/second-here"))
    app.is_called_again(path="/second-here", mark=ABSENT)


@check("http.scope.lifetime.starts_with_request")
def the_application_is_called_when_the_request_starts(client: Client, app: App) -> None:
    client.sends(request.post("/has-a-body-to-come", more=True))
    app.is_called(path="/has-a-body-to-come")
    # A body that breaks off is for other checks: some servers do not survive it every time.
    client.sends(request.part(last=True))
    app.receives_body(b"")
    app.answers(client)


@check("http.scope.lifetime.until_response_closed")
def a_call_lasts_as_long_as_its_response(client: Client, app: App, server: Server) -> None:
    client.sends(request.get("/held-open"))
    app.receives(http.request())
    app.sends(http.response_start(status=200, headers=[]))
    app.sends(http.response_body(body=b"first", more_body=True))
    client.receives_head(status=200)
    client.receives_part(b"first")
    server.serves("/while-held-open")
    app.hears_nothing()
    app.sends(http.response_body(body=b"last", more_body=False))
    client.receives_part(b"last")
    client.receives_end()
