"""Several spoilers at once: middleware around middleware, and one liar behind another."""

import asyncio

from lying import Conspiracy, Lie, Misquote
from spoiling import BEHIND, Middleware, Receive, Scope, Send, app


async def refuses(scope: Scope, _: Receive, __: Send) -> None:
    scope["seen"].append("refuses")


async def repeats(scope: Scope, receive: Receive, send: Send) -> None:
    scope["seen"].append("repeats")
    await app(scope, receive, send)
    await app(scope, receive, send)


async def repeats_at_once(scope: Scope, receive: Receive, send: Send) -> None:
    scope["seen"].append("repeats at once")
    await asyncio.gather(app(scope, receive, send), app(scope, receive, send))


async def nothing(*_: object) -> dict[str, object]:
    return {}


def seen_behind(*middleware: Middleware) -> list[str]:
    seen: list[str] = []

    async def call() -> None:
        BEHIND.set(middleware)
        await app({"seen": seen}, nothing, nothing)  # type: ignore[arg-type]  # nobody sends

    asyncio.run(call())
    return seen


def test_middleware_calls_the_one_behind_it() -> None:
    assert seen_behind(repeats, refuses) == ["repeats", "refuses", "refuses"]


def test_who_calls_again_finds_everybody_again() -> None:
    expected = ["repeats", *["repeats at once", "refuses", "refuses"] * 2]
    assert seen_behind(repeats, repeats_at_once, refuses) == expected


class SaysTwo(Misquote):
    asked = b""
    client_said = (b"1", b"2")
    server_said = (b"2", b"1")
    last_words = b"22"


class SaysThree(Misquote):
    asked = b""
    client_said = (b"2", b"3")
    server_said = (b"3", b"2")


class IsSilent(Lie):
    def to_server(self, data: bytes) -> bytes:
        return data[:0]

    def server_ended(self) -> None:
        return None


def test_a_liar_gets_what_the_one_before_him_says() -> None:
    both = Conspiracy([SaysTwo(), SaysThree()])
    assert both.to_server(b"1") == b"3"
    assert both.to_client(b"3") == b"1"


def test_the_last_words_go_through_all_who_stand_before_them() -> None:
    both = Conspiracy([SaysTwo(), SaysTwo()])
    both.to_server(b"1")
    assert both.server_ended() == b"1122"


def test_one_silent_liar_silences_all() -> None:
    both = Conspiracy([IsSilent(), SaysTwo()])
    assert both.to_server(b"1") == b""
    assert both.server_ended() is None
