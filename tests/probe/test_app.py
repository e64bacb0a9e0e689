"""The probe does what it is told, on asyncio and on trio."""

import asyncio
import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from driver import Driver

from asgi_conformance.probe.app import app, legacy
from asgi_conformance.probe.remote import Call, Ended, Outcome, Remote
from asgi_conformance.spec.kinds import Foreign
from asgi_conformance.wire.connection import Patience

SCOPE = {"type": "http", "path": "/"}


@pytest.fixture
def remote(monkeypatch: pytest.MonkeyPatch) -> Iterator[Remote]:
    with (
        tempfile.TemporaryDirectory() as folder,
        contextlib.closing(Remote(Path(folder), Patience())) as remote,
    ):
        monkeypatch.setenv("ASGI_CONFORMANCE_PROBE", remote.address)
        yield remote


@pytest.fixture(params=["asyncio", "trio"])
def driver(request: pytest.FixtureRequest, remote: Remote) -> Driver:
    return Driver(request.param, remote)


@pytest.fixture
def call(driver: Driver) -> Iterator[Call]:
    """A call under way; it ends with the test."""
    call = driver.calls(SCOPE)
    yield call
    call.close()
    driver.ends()


def outcome(call: Call, verb: str, argument: object = None) -> Outcome:
    """Order one thing and hear what became of it."""
    (number,) = call.orders((verb, argument))
    return call.hears(number)


def test_the_call_tells_its_scope_and_how_it_was_called(driver: Driver, call: Call) -> None:
    assert call.scope == SCOPE
    assert call.about["pid"] == os.getpid()
    assert (call.about["library"], call.about["in_task"]) == (driver.library, True)
    assert (call.about["main_thread"], call.about["positional"], call.about["keywords"]) == (False, 3, [])


def test_arguments_may_be_named(driver: Driver) -> None:
    async def named(scope: object) -> object:
        return await app(send=driver.send, scope=scope, receive=driver.receive)

    driver.on_asyncio = driver.on_trio = named  # type: ignore[method-assign]
    with contextlib.closing(driver.calls(SCOPE)) as call:
        assert (call.about["positional"], call.about["keywords"]) == (0, ["scope", "send", "receive"])
        assert outcome(call, "send", {"type": "a"}).error is None


def test_an_application_of_two_steps_tells_of_the_first(driver: Driver) -> None:
    async def in_two_steps(scope: object) -> object:
        return await legacy(scope)(driver.receive, driver.send)

    driver.on_asyncio = driver.on_trio = in_two_steps  # type: ignore[method-assign]
    with contextlib.closing(driver.calls(SCOPE)) as call:
        assert (call.scope, call.about["positional"], call.about["keywords"]) == (SCOPE, 1, [])
        assert outcome(call, "send", {"type": "a"}).error is None


@pytest.mark.parametrize("scope", [None, [1], "scope", Foreign("a.B"), {"type": iter("ab")}, {1: object()}])
def test_a_scope_of_any_kind_is_told(driver: Driver, scope: object) -> None:
    with contextlib.closing(driver.calls(scope)) as call:
        assert outcome(call, "evaluate", "1").value == 1
    assert driver.ends() is None


def test_an_iterator_in_the_scope_can_be_read_again_and_is_told_of(driver: Driver) -> None:
    with contextlib.closing(driver.calls({"type": "http", "headers": iter([(b"a", b"b")])})) as call:
        headers = Foreign("builtins.list_iterator", [(b"a", b"b")])
        assert call.scope == {"type": "http", "headers": headers}
        assert outcome(call, "evaluate", "scope['headers'], spent").value == ([(b"a", b"b")], ["headers"])


def test_receive_tells_the_message(driver: Driver, call: Call) -> None:
    driver.to_give = [{"type": "http.request", "body": bytearray(b"a")}]
    message = {"type": "http.request", "body": Foreign("builtins.bytearray", b"a")}
    assert outcome(call, "receive") == Outcome(message)


def test_sends_keep_their_order(driver: Driver, call: Call) -> None:
    messages = [{"type": "a", "number": number} for number in range(20)]
    numbers = call.orders(*(("send", message) for message in messages))
    assert [call.hears(number) for number in numbers] == [Outcome()] * 20
    assert driver.taken == messages


def test_a_message_may_hold_real_objects(driver: Driver, call: Call) -> None:
    outcome(call, "execute", "made = object()")
    message = {"type": "a", "file": Foreign("named", "made"), "headers": Foreign("generator", [(b"a", b"b")])}
    outcome(call, "send", message)
    assert outcome(call, "evaluate", "id(made)").value == id(driver.taken[0]["file"])
    assert list(driver.taken[0]["headers"]) == [(b"a", b"b")]


def test_a_receive_and_a_send_overlap(driver: Driver, call: Call) -> None:
    receiving, sending = call.orders(("receive", None), ("send", {"type": "a"}))
    assert call.hears(sending) == Outcome()
    assert call.settled(receiving) is None
    assert driver.taken == [{"type": "a"}]


def test_a_send_at_once_overtakes_a_slow_one(call: Call) -> None:
    slow, at_once = call.orders(("send", {"type": "slow"}), ("send_at_once", {"type": "a"}))
    assert call.hears(at_once) == Outcome()
    assert call.settled(slow) is None


def test_a_refused_send_tells_the_error(call: Call) -> None:
    error = outcome(call, "send", {"type": "refused"}).error
    assert error is not None
    assert (error.type, error.text) == ("builtins.LookupError", "no such message")
    assert error.bases[1:] == ("builtins.Exception", "builtins.BaseException", "builtins.object")
    assert str(error) == "LookupError: no such message"


def test_a_server_that_raises_a_cancellation_is_told_of(call: Call) -> None:
    error = outcome(call, "send", {"type": "cancelled"}).error
    assert error is not None
    assert error.type == "asyncio.exceptions.CancelledError"


@pytest.mark.parametrize("pending", [0, 1, 2])
def test_any_pending_receive_can_be_cancelled(call: Call, pending: int) -> None:
    numbers = call.orders(*[("receive", None)] * 3, ("evaluate", "1"))
    call.hears(numbers[-1])
    assert outcome(call, "cancel", numbers[pending]).value is True
    assert call.hears(numbers[pending]) == Outcome(cancelled=True)
    others = [number for number in numbers[:3] if number != numbers[pending]]
    assert [call.settled(number) for number in others] == [None, None]


def test_the_next_in_the_lane_goes_on_after_a_cancellation(driver: Driver, call: Call) -> None:
    slow, skipped, last = call.orders(*[("send", {"type": kind}) for kind in ("slow", "b", "c")])
    call.orders(("cancel", skipped), ("cancel", slow))
    assert call.hears(last) == Outcome()
    assert [message["type"] for message in driver.taken if message["type"] != "slow"] == ["c"]


def test_to_cancel_what_is_over_does_nothing(call: Call) -> None:
    (number,) = call.orders(("send", {"type": "a"}))
    call.hears(number)
    assert outcome(call, "cancel", number).value is False


def test_expressions_are_evaluated_in_the_server(call: Call) -> None:
    assert outcome(call, "evaluate", "scope['path'], {1}").value == ("/", Foreign("builtins.set", [1]))
    outcome(call, "execute", "import os\nmemory['pid'] = os.getpid()")
    assert outcome(call, "evaluate", "memory['pid']").value == os.getpid()


def test_what_is_evaluated_may_wait(driver: Driver, call: Call) -> None:
    outcome(call, "execute", "for number in range(3):\n  await send({'type': 'a', 'number': number})")
    assert driver.taken == [{"type": "a", "number": number} for number in range(3)]
    (number,) = call.orders(("evaluate", "await receive()"))
    outcome(call, "cancel", number)
    assert call.hears(number).cancelled


@pytest.mark.parametrize(
    ("verb", "argument", "kind"),
    [
        ("evaluate", "1 +", "builtins.SyntaxError"),
        ("execute", "raise KeyboardInterrupt", "builtins.KeyboardInterrupt"),
        ("send", Foreign("no_such_type"), "builtins.AttributeError"),
        ("raise", ("NoSuchError", ""), "builtins.AttributeError"),
        ("raise_last", 77, "builtins.KeyError"),
        ("dance", None, "builtins.ValueError"),
    ],
)
def test_what_cannot_be_done_is_told(call: Call, verb: str, argument: object, kind: str) -> None:
    error = outcome(call, verb, argument).error
    assert error is not None
    assert error.type == kind
    assert outcome(call, "evaluate", "1").value == 1


def test_the_application_returns(driver: Driver, call: Call) -> None:
    call.orders(("receive", None), ("return", "a value"))
    assert call.ending() == ("returned", "")
    assert driver.ends() is None
    assert driver.value == "a value"
    with pytest.raises(Ended, match="returned"):
        call.hears(77)


def test_the_application_raises_as_any_other(driver: Driver, call: Call) -> None:
    call.orders(("receive", None), ("raise", ("ValueError", "boom")))
    assert call.ending() == ("raised", "builtins.ValueError: boom")
    error = driver.ends()
    assert isinstance(error, ValueError)
    assert (str(error), error.__cause__, error.__context__) == ("boom", None, None)


def test_the_very_error_is_raised_again(driver: Driver, call: Call) -> None:
    (number,) = call.orders(("send", {"type": "refused"}))
    call.hears(number)
    call.orders(("receive", None), ("raise_last", number))
    assert driver.ends() is driver.refusal


def test_an_error_can_be_looked_at(call: Call) -> None:
    (number,) = call.orders(("send", {"type": "refused"}))
    call.hears(number)
    assert outcome(call, "evaluate", f"str(errors[{number}])").value == "no such message"


def test_a_last_message_is_sent_before_the_return(driver: Driver, call: Call) -> None:
    call.orders(("receive", None), ("send_and_return", {"type": "a"}))
    assert call.ending() == ("returned", "")
    assert (driver.ends(), driver.taken) == (None, [{"type": "a"}])


def test_a_last_message_that_is_refused_raises(driver: Driver, call: Call) -> None:
    call.orders(("send_and_return", {"type": "refused"}))
    assert call.ending() == ("raised", "builtins.LookupError: no such message")
    assert driver.ends() is driver.refusal


def test_a_cancellation_by_the_server_is_told_and_passed_on(driver: Driver, call: Call) -> None:
    first, second, _ = call.orders(("receive", None), ("receive", None), ("send", {"type": "slow"}))
    outcome(call, "evaluate", "1")
    driver.cancel()
    assert isinstance(driver.ends(), asyncio.CancelledError)
    assert call.ending() == ("cancelled", "")
    assert call.hears(first).cancelled
    assert call.hears(second).cancelled


def test_the_call_ends_quietly_when_we_leave(driver: Driver, call: Call) -> None:
    call.orders(("receive", None), ("send", {"type": "slow"}), ("receive", None))
    call.close()
    assert driver.ends() is None


@pytest.mark.parametrize("library", ["asyncio", "trio"])
@pytest.mark.parametrize("address", ["", "carrier pigeon", "unix:/no/such/socket", "tcp:127.0.0.1:1"])
def test_without_our_end_the_application_raises(
    library: str, address: str, remote: Remote, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASGI_CONFORMANCE_PROBE", address)
    driver = Driver(library, remote)
    driver.run(SCOPE)
    assert isinstance(driver.error, RuntimeError)
    assert "ASGI_CONFORMANCE_PROBE" in str(driver.error)
    assert "\n" not in str(driver.error)


@pytest.mark.parametrize("library", ["asyncio", "trio"])
def test_the_call_ends_quietly_when_we_are_reset(library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with contextlib.closing(Remote(Path("long" * 50), Patience())) as remote:
        monkeypatch.setenv("ASGI_CONFORMANCE_PROBE", remote.address)
        driver = Driver(library, remote)
        call = driver.calls(SCOPE)
        call.orders(("receive", None), ("evaluate", "bytes(4 << 20)"))
        call.hears(2)
        call.orders(("evaluate", "bytes(4 << 20)"))
        call.close()
    assert driver.ends() is None


def test_no_known_loop_is_told_clearly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "trio")
    with pytest.raises(RuntimeError, match="neither"):
        app(SCOPE, None, None).send(None)


def test_bodies_of_many_megabytes_pass_both_ways(driver: Driver, call: Call) -> None:
    body = os.urandom(8 << 20)
    driver.to_give = [{"type": "http.request", "body": body}]
    assert outcome(call, "send", {"type": "a", "body": body}) == Outcome()
    assert driver.taken[0]["body"] == body
    assert outcome(call, "receive") == Outcome({"type": "http.request", "body": body})


def test_the_probe_does_not_wait_for_us_to_read(driver: Driver, call: Call) -> None:
    driver.loop_may_end.clear()
    number, _ = call.orders(("evaluate", "bytes(4 << 20)"), ("return", None))
    assert driver.returned.wait(5)
    assert call.ending() == ("returned", "")
    assert call.hears(number) == Outcome(bytes(4 << 20))
    driver.loop_may_end.set()
