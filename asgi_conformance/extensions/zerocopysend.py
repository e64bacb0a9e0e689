"""Parts of a body that the server copies from an open file (extensions, Zero Copy Send)."""

from asgi_conformance.checks.declared_events import UNKNOWN, asks, is_being_answered
from asgi_conformance.dialogue.app import App
from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.server import Server
from asgi_conformance.extensions.pathsend import LARGE, begins
from asgi_conformance.spec import http
from asgi_conformance.spec.conversation import extend
from asgi_conformance.spec.kinds import ANY, BOOL, INT, Foreign
from asgi_conformance.spec.model import APPLICATION, Event, Field, last, more
from asgi_conformance.wire import request

NAME = "http.response.zerocopysend"

zerocopysend = Event(
    NAME,
    APPLICATION,
    file=Field(ANY),
    offset=Field(INT, None),
    count=Field(INT, None),
    more_body=Field(BOOL, False),
)

extend(
    "http",
    NAME,
    {
        APPLICATION: {
            "responding": {more(zerocopysend): "responding", last(zerocopysend): "done"},
            "promising": {more(zerocopysend): "promising", last(zerocopysend): "concluding"},
        }
    },
)

NUMBERS = b"".join(b"%04d " % number for number in range(1000))
LENGTH = len(NUMBERS)


# What is sent


@check("http.response.zerocopysend.announced")
def a_server_announces_that_it_copies_files(client: Client, app: App) -> None:
    client.sends(request.get("/zerocopysend/announced"))
    app.finds_announced(NAME)


@check("http.response.zerocopysend.whole_file")
def a_file_is_sent_from_where_it_stands_to_its_end(client: Client, app: App, server: Server) -> None:
    examples = ((b"", 0), (b"1", 0), (NUMBERS, 0), (NUMBERS, 1000), (LARGE, 0))
    for content, position in examples:
        begins(client, app, "/zerocopysend/whole-file", len(content) - position)
        path = app.has_a_file(f"{len(content)} bytes.bin", content)
        app.sends(zerocopysend(file=app.opens(path, position=position), more_body=False))
        client.receives(status=200, body=content[position:])
        client, app = server.is_visited(), server.is_to_call()


# Where a file ends that is read from behind its end is nowhere said.
@check("http.response.zerocopysend.offset")
def an_offset_tells_where_to_begin(client: Client, app: App, server: Server) -> None:
    path = app.has_a_file("offset.bin", NUMBERS)
    for offset, position in ((0, 1000), (1000, 0), (LENGTH, 0)):
        begins(client, app, "/zerocopysend/offset", LENGTH - offset)
        app.sends(zerocopysend(file=app.opens(path, position=position), offset=offset, more_body=False))
        client.receives(status=200, body=NUMBERS[offset:])
        client, app = server.is_visited(), server.is_to_call()


@check("http.response.zerocopysend.count")
def a_count_tells_how_much_is_sent(client: Client, app: App, server: Server) -> None:
    path = app.has_a_file("count.bin", NUMBERS)
    for count, position in ((1, 0), (10, 1000), (LENGTH, 0)):
        begins(client, app, "/zerocopysend/count", count)
        app.sends(zerocopysend(file=app.opens(path, position=position), count=count, more_body=False))
        client.receives(status=200, body=NUMBERS[position : position + count])
        client, app = server.is_visited(), server.is_to_call()


@check("http.response.zerocopysend.count_beyond_end")
def a_count_beyond_the_end_gives_what_there_is_or_an_error(client: Client, app: App) -> None:
    is_being_answered(client, app, "/zerocopysend/count-beyond-end")
    file = app.opens(app.has_a_file("short.bin", NUMBERS))
    app.may_send(zerocopysend(file=file, count=LENGTH + 1, more_body=False))
    app.ends()
    client.may_receive(status=200, body=NUMBERS)


@check("http.response.zerocopysend.not_closed")
def the_file_stays_open(client: Client, app: App) -> None:
    begins(client, app, "/zerocopysend/not-closed", LENGTH)
    file = app.opens(app.has_a_file("left open.bin", NUMBERS))
    app.sends(zerocopysend(file=file, more_body=False))
    client.receives(status=200, body=NUMBERS)
    app.settles()
    app.finds("file_1.closed", False)
    app.finds("__import__('os').fstat(file_1.fileno()).st_size", LENGTH)


# As a part of the body


@check("http.response.zerocopysend.more_body")
def a_copied_part_is_the_last_unless_it_speaks_of_more(
    client: Client, app: App, another_client: Client
) -> None:
    path = app.has_a_file("parts.bin", NUMBERS)
    is_being_answered(client, app, "/zerocopysend/more-body")
    app.sends(zerocopysend(file=app.opens(path)))
    client.receives(status=200, body=NUMBERS)
    another_client.sends(request.get("/zerocopysend/more-body"))
    second = app.is_called_again(path="/zerocopysend/more-body")
    second.receives(http.request())
    second.sends(http.response_start(status=200, headers=[]))
    second.sends(zerocopysend(file=second.opens(path), more_body=True))
    second.sends(zerocopysend(file=second.opens(path), more_body=False))
    another_client.receives(status=200, body=NUMBERS * 2)


@check("http.response.zerocopysend.mixed")
def copied_parts_go_with_others(client: Client, app: App) -> None:
    is_being_answered(client, app, "/zerocopysend/mixed")
    file = app.opens(app.has_a_file("middle.bin", NUMBERS))
    app.sends(http.response_body(body=b"before, ", more_body=True))
    app.sends(zerocopysend(file=file, more_body=True))
    app.sends(http.response_body(body=b", after", more_body=False))
    client.receives(status=200, body=b"before, " + NUMBERS + b", after")


@check("http.response.zerocopysend.multiple")
def several_parts_are_copied(client: Client, app: App) -> None:
    is_being_answered(client, app, "/zerocopysend/multiple")
    numbers = app.opens(app.has_a_file("three ranges.bin", NUMBERS))
    other = app.opens(app.has_a_file("another.bin", b"in between "))
    app.sends(zerocopysend(file=numbers, offset=500, count=5, more_body=True))
    app.sends(zerocopysend(file=other, more_body=True))
    app.sends(zerocopysend(file=numbers, offset=5, count=5, more_body=True))
    app.sends(zerocopysend(file=numbers, offset=4990, more_body=False))
    client.receives(status=200, body=b"0100 in between 0001 0998 0999 ")


@check("http.response.zerocopysend.like_body")
def what_is_copied_is_framed_as_any_body_is(client: Client, app: App, server: Server) -> None:
    path = app.has_a_file("framed.bin", NUMBERS)
    for asking, body in ((request.get, NUMBERS), (request.head, b"")):
        client.sends(asking("/zerocopysend/like-body"))
        app.receives(http.request())
        app.sends(http.response_start(status=200, headers=[]))
        app.sends(zerocopysend(file=app.opens(path), more_body=False))
        client.receives(status=200, body=body)
        app.returns()
        server.goes_on_with(client)
        client, app = server.is_visited(), server.is_to_call()


@check("http.response.zerocopysend.flushed")
def a_file_may_be_closed_when_it_was_sent(client: Client, app: App) -> None:
    begins(client, app, "/zerocopysend/flushed", LENGTH + 1)
    file = app.opens(app.has_a_file("closed.bin", NUMBERS))
    app.sends_and_closes(zerocopysend(file=file, more_body=True))
    client.receives_head(status=200)
    client.receives_part(NUMBERS)
    app.has_closed_it()


@check("http.response.zerocopysend.before_start")
def a_copied_part_before_the_start_is_refused(client: Client, app: App) -> None:
    asks(client, app, "/zerocopysend/before-start")
    app.cannot_send(zerocopysend(file=app.opens(app.has_a_file("early.bin", NUMBERS)), more_body=False))


@check("http.response.zerocopysend.after_end")
def a_copied_part_after_the_last_has_no_effect(client: Client, app: App, server: Server) -> None:
    begins(client, app, "/zerocopysend/after-end", 2)
    app.sends(http.response_body(body=b"ok", more_body=False))
    app.may_send(zerocopysend(file=app.opens(app.has_a_file("late.bin", NUMBERS)), more_body=False))
    client.receives(status=200, body=b"ok")
    app.returns()
    server.goes_on_with(client)


@check("http.response.zerocopysend.after_disconnect")
def a_copied_part_for_nobody_raises_an_oserror(client: Client, app: App) -> None:
    is_being_answered(client, app, "/zerocopysend/after-disconnect")
    app.is_promised("http.send.after_disconnect.raises")
    file = app.opens(app.has_a_file("for nobody.bin", NUMBERS))
    client.leaves()
    app.receives(http.disconnect())
    app.cannot_send(zerocopysend(file=file, more_body=False), error="OSError")


# What is said wrongly


@check("http.response.zerocopysend.file.type")
def any_file_is_taken_and_a_descriptor_taken_or_refused(client: Client, app: App, server: Server) -> None:
    path = app.has_a_file("of some type.bin", NUMBERS)
    begins(client, app, "/zerocopysend/file-type", LENGTH)
    app.sends(zerocopysend(file=app.opens(path, buffering=0), more_body=False))
    client.receives(status=200, body=NUMBERS)
    visitor, call = server.is_visited(), server.is_to_call()
    begins(visitor, call, "/zerocopysend/file-type", LENGTH)
    call.opens(path)
    call.does("descriptor = file_1.fileno()")
    call.may_send(zerocopysend(file=call.knows("descriptor"), more_body=False))
    call.ends()
    visitor.may_receive(status=200, body=NUMBERS)


@check("http.response.zerocopysend.file.bytesio.raises")
def what_only_looks_like_a_file_is_refused(client: Client, app: App) -> None:
    begins(client, app, "/zerocopysend/no-descriptor", LENGTH)
    app.cannot_send(zerocopysend(file=Foreign("io.BytesIO", NUMBERS), more_body=False))


@check("http.response.zerocopysend.file.missing.raises")
def a_copied_part_without_a_file_is_refused(client: Client, app: App) -> None:
    begins(client, app, "/zerocopysend/no-file", LENGTH)
    app.cannot_send(zerocopysend(more_body=False))


@check("http.response.zerocopysend.offset_count.wrong_type.raises")
def an_offset_or_a_count_of_another_type_is_refused(client: Client, app: App, server: Server) -> None:
    path = app.has_a_file("measured.bin", NUMBERS)
    wrong = [(key, value) for key in ("offset", "count") for value in INT.strangers(1000)]
    for key, value in wrong:
        is_being_answered(client, app, "/zerocopysend/no-number")
        app.cannot_send(zerocopysend(**{"file": app.opens(path), key: value, "more_body": False}))
        client, app = server.is_visited(), server.is_to_call()


@check("http.response.zerocopysend.extra_keys.tolerated")
def keys_that_are_unknown_are_ignored(client: Client, app: App) -> None:
    begins(client, app, "/zerocopysend/extra-keys", LENGTH)
    file = app.opens(app.has_a_file("with more keys.bin", NUMBERS))
    app.sends(zerocopysend(file=file, more_body=False, **UNKNOWN))
    client.receives(status=200, body=NUMBERS)
