"""The files that an application sends: made by us where its server runs, and opened inside the server."""

from pathlib import Path

from asgi_conformance.dialogue.expectation import Broken
from asgi_conformance.dialogue.string_end import StringEnd
from asgi_conformance.dialogue.transcript import spelled
from asgi_conformance.spec.kinds import Foreign
from asgi_conformance.spec.model import APPLICATION, Message

FOLDER = "files"
"""Where they are, seen from the working directory of the server; they go when its stage is closed."""


class Filing(StringEnd):
    """A call of the application, as far as it deals with files."""

    _opened = 0
    """How many files this call has opened."""
    _closing: int | None = None

    def has_a_file(self, name: str, content: bytes) -> str:
        """There is a file of this name with this content; returns its absolute path."""
        path = Path(self.has_no_file(name))
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        return str(path)

    def has_no_file(self, name: str) -> str:
        """The absolute path where a file of this name would be."""
        return str(self.dialogue.stage.running.folder / FOLDER / name)

    def opens(self, path: str, *, position: int = 0, buffering: int = -1) -> Foreign:
        """Open this file inside the server, at this position; returns what stands for it in an event.

        `finds` knows it as `file_1`, the next one as `file_2`; it is closed when the call is forgotten.
        """
        self._opened += 1
        name = f"file_{self._opened}"
        self.dialogue.transcript.says("app", f"opens {path} at {position} as {name}")
        self.does(f"{name} = open({path!r}, 'rb', {buffering}); {name}.seek({position})")
        return self.knows(name)

    def knows(self, name: str) -> Foreign:
        """What stands in an event for what statements have given this name inside the server."""
        return Foreign("named", name)

    def sends_and_closes(self, message: Message) -> None:
        """Send this, and close its file as soon as `send` has ended. Does not wait for that."""
        self.dialogue.transcript.says("app", f"{spelled(message)}, and closes the file")
        self.conversation.says(APPLICATION, message)
        file = message["file"]
        assert isinstance(file, Foreign)
        rest = {key: value for key, value in message.items() if key != "file"}
        statements = f"await send({{**{rest!r}, 'file': {file.value}}}); {file.value}.close()"
        (self._closing,) = self.call.orders(("execute", statements))

    def has_closed_it(self) -> None:
        """What `sends_and_closes` began has ended well."""
        assert self._closing is not None
        outcome = self._outcome(self._closing, None)
        assert outcome is not None
        if outcome.error is not None:
            raise Broken(f"send raised {outcome.error}")
