"""What a server tells of itself: in the scopes that it gives, and by what it does at first."""

from dataclasses import dataclass, field

from asgi_conformance.dialogue.check import WITHOUT_VERSION
from asgi_conformance.dialogue.expectation import bare
from asgi_conformance.spec.conversation import Conversation


@dataclass
class Facts:
    """What the server told of itself: which protocols it calls us for, and what it announces for each."""

    start: float = 0.0
    """How many seconds it took until the first request was served."""
    lifespan: bool = False
    workers: int = 0
    """How many lifespans there were at the same time."""
    websocket: dict[str, bool] = field(default_factory=dict)
    """Whether it serves WebSocket over this version of HTTP, for those over which it has served by now."""
    spec_versions: dict[tuple[str, str], str | None] = field(default_factory=dict)
    extensions: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    """What scopes announce, by their type and the version of HTTP, a lifespan being "server"."""

    def announces(self, extension: str, version: str) -> bool:
        """Does any scope over this version of HTTP announce this extension?"""
        return any(extension in names for (_, over), names in self.extensions.items() if over == version)

    def announced(self, chapter: str, version: str) -> str | None:
        """The version of the specification that is announced for this chapter over this version of HTTP."""
        return self.spec_versions.get((chapter, WITHOUT_VERSION if chapter == "lifespan" else version))

    def learn(self, conversation: Conversation, version: str) -> None:
        """Take note of what one scope announces, over this version of HTTP."""
        kind = str(conversation.scope.get("type"))
        self.spec_versions[kind, version] = conversation.spec_version
        extensions = bare(conversation.scope.get("extensions"))
        self.extensions[kind, version] = tuple(map(str, extensions)) if isinstance(extensions, dict) else ()
