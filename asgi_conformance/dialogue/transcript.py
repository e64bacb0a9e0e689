"""All that was said in one dialogue, in the order in which we heard it."""

from dataclasses import dataclass, field

from asgi_conformance.spec.kinds import shortened


@dataclass
class Transcript:
    """Lines of `actor → what it said` and `actor ← what it heard`."""

    lines: list[str] = field(default_factory=list)

    def says(self, actor: str, what: object) -> None:
        """The actor on our side said something to the server."""
        self.lines.append(f"{actor:>10} → {what}")

    def hears(self, actor: str, what: object) -> None:
        """The actor on our side heard something from the server."""
        self.lines.append(f"{actor:>10} ← {what}")

    def __str__(self) -> str:
        return "\n".join(self.lines)


def spelled(message: object) -> str:
    """An ASGI message as one line: its type and what else it holds."""
    if not isinstance(message, dict) or "type" not in message:
        return shortened(message)
    rest = ", ".join(f"{key}={shortened(value, 60)}" for key, value in message.items() if key != "type")
    return f"{message['type']} {rest}".rstrip()
