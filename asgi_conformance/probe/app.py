"""The application inside the server: it does what our end of the string orders, and judges nothing.

Standard library only, Python 3.8+; it is copied, with `literals` and `loops`, to where the server runs.
One connection is one call; each message on it is made of plain values.
"""

from __future__ import annotations

import ast
import asyncio
import collections
import inspect
import os
import platform
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .literals import build, decode, encode, named, read, shown, type_name
from .loops import String, running_loop

if TYPE_CHECKING:
    from collections.abc import Callable

MEMORY: dict[str, Any] = {}
"""What `evaluate` and `execute` know as `memory`, the same for all calls of the process."""


@dataclass
class Ending:
    """How the call shall end."""

    how: str
    value: Any = None
    error: BaseException | None = None
    message: Any = None


class Job:
    """One order that takes its time; the first in its lane has a task of its own."""

    def __init__(self, number: int, lane: collections.deque[Job], act: Callable[[], Any]) -> None:
        self.number = number
        self.lane = lane
        self.act = act
        self.running = self.cancelled = False
        self.stop: Any = None


class Call:
    """One call of the application, from the first message on the string to the last."""

    def __init__(self, scope: Any, receive: Any, send: Any, facts: dict[str, Any]) -> None:
        self.receive = receive
        self.send = send
        self.loop = running_loop()
        self.string = String(self.loop)
        self.jobs: dict[int, Job] = {}
        self.errors: dict[int, BaseException] = {}
        self.lanes: dict[str, collections.deque[Job]] = collections.defaultdict(collections.deque)
        unrolled: dict[int, Any] = {}
        self.string.tell({"scope": encode(scope, unrolled), "call": {**facts, **self.loop.facts()}})
        spent: list[Any] = []
        if unrolled and isinstance(scope, dict):
            spent = [key for key, value in scope.items() if id(value) in unrolled]
            scope = {key: unrolled.get(id(value), value) for key, value in scope.items()}
        self.names = {"scope": scope, "receive": receive, "send": send, "memory": MEMORY, "asyncio": asyncio}
        self.names["spent"] = spent  # the keys of what can be iterated over only once, as has been done here
        self.names["errors"] = self.errors

    async def obey_all(self) -> Ending:
        """Do as ordered until the call shall end: by an order, because we left, or by the server's will."""
        try:
            async with self.loop:
                try:
                    ending = await self.listen()
                finally:
                    self.cancel_all()
            if ending.message is not None:
                ending = await self.send_last(ending.message)
        except BaseException:
            self.string.tell(("ended", "cancelled", ""))
            raise
        else:
            error = ending.error
            text = "" if error is None else f"{type_name(type(error))}: {shown(str, error)}"
            self.string.tell(("ended", ending.how, text))
            return ending
        finally:
            self.string.close()

    async def send_last(self, message: Any) -> Ending:
        try:
            await self.send(message)
            return Ending("returned")
        except Exception as error:
            return Ending("raised", error=error)

    async def listen(self) -> Ending:
        while True:
            message = await self.string.message()
            if not message:
                return Ending("returned")
            for number, verb, argument in read(message):
                try:
                    ending = self.obey(number, verb, argument)
                except BaseException as error:
                    self.tell_error(number, error)
                else:
                    if ending is not None:
                        return ending

    def obey(self, number: int, verb: str, argument: Any) -> Ending | None:
        if verb == "receive":
            self.queue(number, self.lanes[verb], self.receive)
        elif verb in ("send", "send_at_once"):
            message = decode(argument, self.build)
            lane = self.lanes[verb] if verb == "send" else collections.deque()
            self.queue(number, lane, lambda: self.send(message))
        elif verb in ("evaluate", "execute"):
            self.evaluate(number, argument, "eval" if verb == "evaluate" else "exec")
        elif verb == "cancel":
            pending = self.jobs.get(argument)
            if pending is not None:
                self.cancel(pending)
            self.string.tell((number, "done", pending is not None))
        elif verb == "return":
            return Ending("returned", value=decode(argument, self.build))
        elif verb == "send_and_return":  # in our own task, so that nothing can come between the two
            return Ending("returned", message=decode(argument, self.build))
        elif verb == "raise":
            return Ending("raised", error=named(argument[0])(argument[1]))
        elif verb == "raise_last":
            return Ending("raised", error=self.errors[argument])
        else:
            raise ValueError(f"no such verb: {verb!r}")
        return None

    def build(self, name: str, payload: Any) -> Any:
        """A real object of the named type; what is "named" is what the statements of this call know so."""
        return self.names[payload] if name == "named" else build(name, payload)

    def evaluate(self, number: int, source: str, mode: str) -> None:
        code = compile(source, "<string>", mode, ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
        if code.co_flags & inspect.CO_COROUTINE:
            self.queue(number, collections.deque(), lambda: eval(code, self.names))
        else:
            self.string.tell((number, "done", encode(eval(code, self.names))))

    def queue(self, number: int, lane: collections.deque[Job], act: Callable[[], Any]) -> None:
        self.jobs[number] = job = Job(number, lane, act)
        lane.append(job)
        if lane[0] is job:
            job.stop = self.loop.start(self.run, job)

    async def run(self, job: Job) -> None:
        try:
            if not job.cancelled:
                job.running = True
                self.string.tell((job.number, "done", encode(await job.act())))
        except BaseException as error:
            # On asyncio a server may raise CancelledError by itself; on trio nobody can.
            ours = job.cancelled or self.loop.library == "trio"
            if not (ours and isinstance(error, self.loop.Cancelled)):
                self.tell_error(job.number, error)
                return
            self.string.tell((job.number, "cancelled", None))
            if not job.cancelled:  # it is the whole call that the server cancels
                self.cancel_all()
            raise
        finally:
            del self.jobs[job.number]
            self.advance(job.lane)

    def advance(self, lane: collections.deque[Job]) -> None:
        lane.popleft()
        while lane and lane[0].cancelled:
            del self.jobs[lane.popleft().number]
        if lane:
            lane[0].stop = self.loop.start(self.run, lane[0])

    def cancel(self, job: Job) -> None:
        if job.running and not job.cancelled:
            job.stop()
        elif not job.cancelled:
            self.string.tell((job.number, "cancelled", None))
        job.cancelled = True

    def cancel_all(self) -> None:
        for job in list(self.jobs.values()):
            self.cancel(job)

    def tell_error(self, number: int, error: BaseException) -> None:
        self.errors[number] = error
        bases = [type_name(base) for base in type(error).__mro__]
        report = {"type": bases[0], "bases": bases, "text": shown(str, error)}
        self.string.tell((number, "raised", report))


async def app(scope: Any, *arguments: Any, **keywords: Any) -> Any:
    """What the server calls, as it likes. Only `scope` has a name: uvicorn tries whether we are a factory."""
    scope_is_named = bool(keywords) and not arguments  # daphne names all three
    said = {
        "positional": len(arguments) + (not scope_is_named),
        "keywords": ["scope"] * scope_is_named + list(keywords),
    }
    return await play(scope, *receive_and_send(*arguments, **keywords), said)


def legacy(scope: Any, *arguments: Any, **keywords: Any) -> Any:
    """An application of two steps: what this one returns gets `receive` and `send`."""
    said = {"positional": 1 + len(arguments), "keywords": list(keywords)}

    async def second_step(*arguments: Any, **keywords: Any) -> Any:
        return await play(scope, *receive_and_send(*arguments, **keywords), said)

    return second_step


async def play(scope: Any, receive: Any, send: Any, said: dict[str, Any]) -> Any:
    """One call, that began with what is `said` of the arguments."""
    facts = {
        "pid": os.getpid(),
        "thread": threading.get_ident(),
        "main_thread": threading.current_thread() is threading.main_thread(),
        "python": platform.python_version(),
        **said,
    }
    ending = await Call(scope, receive, send, facts).obey_all()
    if ending.error is not None:
        raise ending.error
    return ending.value


def receive_and_send(receive: Any = None, send: Any = None, *_: Any, **__: Any) -> tuple[Any, Any]:
    """The other two arguments, by position or by name, whatever else there is."""
    return receive, send
