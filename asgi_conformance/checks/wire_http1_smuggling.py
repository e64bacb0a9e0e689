"""Where a request ends, told twice or badly: one request is never taken for two (RFC 9112 §6, §7, §11.2)."""

import gzip

from asgi_conformance.dialogue.check import check
from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.server import Server
from asgi_conformance.wire import request

FIVE = ("content-length", "5")
SIX = ("content-length", "6")
CHUNKED = ("transfer-encoding", "chunked")
LAST_CHUNK = b"0\r\n\r\n"
HELLO_IN_A_CHUNK = b"5\r\nhello\r\n" + LAST_CHUNK
ZIPPED = gzip.compress(b"hello", mtime=0)
ZIPPED_IN_A_CHUNK = b"%x\r\n%s\r\n" % (len(ZIPPED), ZIPPED) + LAST_CHUNK

BOTH_FRAMINGS = (
    [CHUNKED, FIVE],
    [FIVE, CHUNKED],
    [("transfer-encoding", "Chunked"), ("content-length", str(len(HELLO_IN_A_CHUNK)))],
)
NOT_CHUNKED_AT_LAST = (
    [("transfer-encoding", "chunked, gzip")],
    [("transfer-encoding", "gzip")],
    [("transfer-encoding", "xchunked")],
    [("transfer-encoding", "\x0bchunked")],
    [("transfer-encoding", "chunked, identity")],
    [("transfer-encoding", "identity")],
    [CHUNKED, ("transfer-encoding", "identity")],
)
NO_LENGTHS = ("+5", "-5", "0x5", "5_0", "5 5", "5;", "5.0", "5e0", "five", "", "\x0b5", b"\xb2", b"\xd9\xa5")
DIFFERING_LENGTHS = ([FIVE, SIX], [SIX, FIVE], [FIVE, FIVE, SIX], [("content-length", "5, 6")])
MALFORMED_CHUNKS = (
    *(
        size + b"\r\nhello\r\n" + LAST_CHUNK
        for size in (b"0x5", b"+5", b"-5", b"5_0", b"five", b"5\x0b", b"5,")
    ),
    b"\r\nhello\r\n" + LAST_CHUNK,
    b"5\r\nhello" + LAST_CHUNK,
    b"5\r\nhello, world\r\n" + LAST_CHUNK,
    b"7\r\nhello\r\n" + LAST_CHUNK,
    b"5\r\nhello\r\n-0\r\n\r\n",
    b"5\r\nhello\r\n+0\r\n\r\n",
)
OVERFLOWING_CHUNKS = tuple(
    size + b"\r\nhello\r\n" + LAST_CHUNK for size in (b"100000005", b"fffffffffffffffb", b"10000000000000005")
)

HIDDEN = b"GET /hidden HTTP/1.1\r\nHost: localhost\r\n\r\n"
LENGTH = str(len(HIDDEN))
WHOLE = ("content-length", LENGTH)
# Whoever finds another length here than the whole one takes the body, or a part of it, for a request.
LENGTHS = (
    [("content-length", "0"), WHOLE],
    [WHOLE, ("content-length", "0")],
    [("content-length", f"0, {LENGTH}")],
    [("content-length", f"0 {LENGTH}")],
    [("content-length", f"0_{LENGTH}")],
    [("content-length", f"0x{len(HIDDEN):x}")],
    [("content-length", f"+{LENGTH}")],
    [("content-length", f"{LENGTH};")],
    [("content-length", "-0")],
    [("content-length", "")],
    [("content-length", f"\r\n {LENGTH}")],
    [("content-length", f"0\r\n {LENGTH}")],
    [WHOLE, ("x-a", "1\r\n Content-Length: 0")],
    [WHOLE, ("x-a", "1\rContent-Length: 0")],
    [WHOLE, ("x-a", "1\nContent-Length: 0")],
    [("content-length ", "0"), WHOLE],
    [("content-length\t", LENGTH)],
    [("content-length\0", "0"), WHOLE],
    [("content_length", "0"), WHOLE],
    [("connection", "content-length"), WHOLE],
)
HEAD_ENDED_BY_LF = f"POST /smuggling/lf HTTP/1.1\r\nHost: localhost\r\nContent-Length: {LENGTH}\n\n".encode()
BEHIND_THE_LAST_CHUNK = LAST_CHUNK + HIDDEN
ALL_OF_IT = ("content-length", str(len(BEHIND_THE_LAST_CHUNK)))
# Plain chunks beside a length are a matter of h1.te.and_content_length.
CODINGS = (
    [("transfer-encoding ", "chunked"), ALL_OF_IT],
    [("transfer-encoding\t", "chunked"), ALL_OF_IT],
    [("transfer-encoding\0", "chunked"), ALL_OF_IT],
    [("transfer_encoding", "chunked"), ALL_OF_IT],
    [("transfer encoding", "chunked"), ALL_OF_IT],
    [("transfer-encoding", "identity"), CHUNKED, ALL_OF_IT],
    [CHUNKED, ("transfer-encoding", "identity"), ALL_OF_IT],
    *(
        [("transfer-encoding", coding), ALL_OF_IT]
        for coding in ("xchunked", "\x0bchunked", "chunked\x0c", "\0chunked", "chu nked", '"chunked"')
    ),
    *(
        [("transfer-encoding", coding), ALL_OF_IT]
        for coding in ("identity", "gzip, chunked", "chunked, gzip", "chunked, chunked", "chunked;q=1")
    ),
    [("x-a", "1\r\n Transfer-Encoding: chunked"), ALL_OF_IT],
    [("x-a", "1\rTransfer-Encoding: chunked"), ALL_OF_IT],
)
IN_A_CHUNK = b"%x\r\n%s\r\n" % (len(BEHIND_THE_LAST_CHUNK), BEHIND_THE_LAST_CHUNK) + LAST_CHUNK
SIZES = (
    # One line for those to whom the LF means nothing, and two for others.
    b"2;\nxx\r\n" + IN_A_CHUNK,
    b"2\nxx\r\n" + IN_A_CHUNK,
    b"0x%x\r\n\r\n%s\r\n" % (len(HIDDEN) + 2, HIDDEN) + LAST_CHUNK,
    b"0_%x\r\n\r\n%s\r\n" % (len(HIDDEN) + 2, HIDDEN) + LAST_CHUNK,
)
UPGRADE = [("connection", "upgrade"), ("upgrade", "unknown")]


@check("h1.te.and_content_length")
def chunks_with_a_content_length_are_refused_or_the_last_on_their_connection(
    client: Client, server: Server
) -> None:
    for headers in BOTH_FRAMINGS:
        visitor = server.is_visited()
        visitor.sends(request.post("/te-and-cl", body=HELLO_IN_A_CHUNK, headers=headers))
        server.may_serve(visitor, b"hello")
        server.serves_no_more(visitor)
    server.goes_on_with(client)


@check("h1.te.not_final_chunked")
def a_transfer_coding_that_does_not_end_in_chunked_is_refused(client: Client, server: Server) -> None:
    for headers in NOT_CHUNKED_AT_LAST:
        visitor = server.is_visited()
        visitor.sends(request.post("/te/not-final", body=HELLO_IN_A_CHUNK, headers=headers))
        server.refuses(visitor)
        server.serves_no_more(visitor)
    server.goes_on_with(client)


@check("h1.te.unknown_or_obfuscated")
def an_unknown_transfer_coding_is_refused(
    client: Client, another_client: Client, third_client: Client, server: Server
) -> None:
    codings = [("transfer-encoding", "gzip, chunked")]
    client.sends(request.post("/te/gzip", body=ZIPPED_IN_A_CHUNK, headers=codings))
    # Who understands it serves what it stands for.
    server.may_serve(client, b"hello")
    codings = [("transfer-encoding", "chunked;q=1")]
    another_client.sends(request.post("/te/parameter", body=HELLO_IN_A_CHUNK, headers=codings))
    server.refuses(another_client)
    codings = [("transfer-encoding", "xchunked, chunked")]
    third_client.sends(request.post("/te/unknown", body=HELLO_IN_A_CHUNK, headers=codings))
    third_client.is_refused()


@check("h1.cl.invalid")
def a_content_length_that_is_no_number_is_refused(client: Client, server: Server) -> None:
    for length in NO_LENGTHS:
        visitor = server.is_visited()
        headers = [("content-length", length)]
        visitor.sends(request.post("/content-length/no-number", body=b"hello", headers=headers))
        visitor.is_refused()
        server.serves_no_more(visitor)
    server.goes_on_with(client)


@check("h1.cl.duplicate_differing")
def two_content_lengths_that_differ_are_refused(client: Client, server: Server) -> None:
    for headers in DIFFERING_LENGTHS:
        visitor = server.is_visited()
        visitor.sends(request.post("/content-length/differing", body=b"hello!", headers=headers))
        visitor.is_refused()
        server.serves_no_more(visitor)
    server.goes_on_with(client)


@check("h1.cl.duplicate_equal")
def two_content_lengths_that_are_the_same_are_refused_or_one(client: Client, server: Server) -> None:
    for headers in ([FIVE, FIVE], [("content-length", "5, 5")]):
        visitor = server.is_visited()
        visitor.sends(request.post("/content-length/twice", body=b"hello", headers=headers))
        server.may_serve(visitor, b"hello")
    server.goes_on_with(client)


@check("h1.chunked.malformed")
def a_malformed_chunk_is_an_error(client: Client, server: Server) -> None:
    for chunks in MALFORMED_CHUNKS:
        visitor = server.is_visited()
        visitor.sends(request.post("/chunked/malformed", body=chunks, headers=[CHUNKED]))
        server.may_break_off(visitor)
    for chunks in OVERFLOWING_CHUNKS:
        visitor = server.is_visited()
        visitor.sends(request.post("/chunked/overflowing", body=chunks, headers=[CHUNKED]))
        visitor.finishes()
        server.may_break_off(visitor)
    server.goes_on_with(client)


@check("h1.smuggling.no_second_request")
def a_request_hidden_in_a_body_is_never_served(client: Client, server: Server) -> None:
    said = [(HIDDEN, headers) for headers in LENGTHS]
    said += [(BEHIND_THE_LAST_CHUNK, headers) for headers in CODINGS]
    said += [(chunks, [CHUNKED]) for chunks in SIZES]
    for body, headers in said:
        visitor = server.is_visited()
        visitor.sends(request.post("/smuggling", body=body, headers=headers))
        server.takes_for_one_request(visitor)
    for method in ("GET", "HEAD", "DELETE", "OPTIONS", "BREW"):
        visitor = server.is_visited()
        visitor.sends(request.request(method, "/smuggling/content", body=HIDDEN))
        server.takes_for_one_request(visitor)
    visitor = server.is_visited()
    visitor.sends(HEAD_ENDED_BY_LF + HIDDEN)
    server.takes_for_one_request(visitor)
    # An Upgrade that is not accepted changes nothing (RFC 9110 §7.8), whenever the body comes.
    client.sends(request.post("/smuggling/upgrade", body=b"", more=True, headers=[WHOLE, *UPGRADE]))
    server.catches_up()
    client.sends(request.part(HIDDEN))
    server.takes_for_one_request(client)
