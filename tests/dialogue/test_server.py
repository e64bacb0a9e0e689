"""What a server may do with a request that is not quite right, on one that is right about most."""

import pytest

from asgi_conformance.dialogue.client import Client
from asgi_conformance.dialogue.expectation import Broken
from asgi_conformance.dialogue.server import Server
from asgi_conformance.wire import request


def test_two_requests_are_not_taken_for_one(server: Server, client: Client) -> None:
    client.sends(request.get("/one"), request.get("/two"))
    with pytest.raises(Broken, match="path is '/two', not '/next'"):
        server.takes_for_one_request(client)


def test_a_broken_request_is_taken_for_one_at_most(server: Server, client: Client) -> None:
    client.sends(request.post("/", body=b"hello", headers=[("content-length", "five")]))
    server.takes_for_one_request(client)


def test_a_refusal_may_come_beside_a_call(server: Server, client: Client) -> None:
    client.sends(request.post("/", body=b"five\r\n", headers=[("transfer-encoding", "chunked")]))
    server.refuses(client)


def test_what_is_served_is_not_refused(server: Server, client: Client) -> None:
    client.sends(request.post("/", body=b"hello"))
    with pytest.raises(Broken, match="ended as if it were whole"):
        server.refuses(client)


def test_a_refusal_has_the_status_that_is_told(server: Server, client: Client) -> None:
    client.sends(request.get("/", headers=[("host", "a"), ("host", "b")]))
    with pytest.raises(Broken, match="status is 400, not 414"):
        server.may_serve(client, refusal=414)
