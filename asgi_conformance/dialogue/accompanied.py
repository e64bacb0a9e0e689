"""What comes with a response: interim responses before it, promises beside it, trailers after it."""

from asgi_conformance.dialogue.expectation import Broken
from asgi_conformance.dialogue.wire_end import WireEnd
from asgi_conformance.wire.answer import Answer, Closed, Data, End, Head, Interim, Promise
from asgi_conformance.wire.request import Headers


class Accompanied(WireEnd):
    """A wire end that hears out a response; what it makes of that is for the check to say."""

    def hears_interims(self) -> tuple[Interim, ...]:
        """Whatever comes before something final, such as a response, which is kept for whoever asks."""
        heard: list[Interim] = []
        answer = self._next()
        while isinstance(answer, Interim):
            heard.append(answer)
            answer = self._next()
        self._heard.appendleft(answer)
        return tuple(heard)

    def hears_trailers(self) -> Headers:
        """A response, or the rest of one, comes and ends as it should; returns its trailers."""
        trailers = self.may_hear_trailers()
        if trailers is None:
            raise Broken("the response was cut off")
        return trailers

    def may_hear_trailers(self) -> Headers | None:
        """The same, or None where the response is cut off instead."""
        answer = self._final()
        while isinstance(answer, Head | Data):
            answer = self._next()
        if isinstance(answer, Closed):
            return None
        if not isinstance(answer, End):
            raise Broken(f"the client received {answer}, not the end of the response")
        return answer.trailers

    def hears_promises(self, **said: object) -> tuple[Promise, ...]:
        """A whole response comes that says at least this; returns what is promised beside it."""
        promises: list[Promise] = []
        rest: list[Answer] = []
        while not rest or isinstance(rest[-1], Interim | Head | Data):
            answer = self._next()
            if isinstance(answer, Promise):
                promises.append(answer)
            else:
                rest.append(answer)
        self._heard.extendleft(reversed(rest))
        self._receives_response(**said)
        return tuple(promises)
