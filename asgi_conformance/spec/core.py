"""The base document: what holds for every scope and every event, whatever the protocol."""

from collections.abc import Iterator, Mapping

from asgi_conformance.spec.kinds import DICT, STR, VERSION, event_value_flaws, plain, shortened
from asgi_conformance.spec.model import Complaint

_EVENT_RULES = {
    "types": "asgi.event.values.allowed_types.server",
    "bytes": "asgi.event.values.bytes.server",
    "keys": "asgi.event.values.dict_keys_str.server",
    "float": "asgi.event.values.float_finite.server",
    "int": "asgi.event.values.int_range.server",
}
VALUES: dict[str, str] = {}
"""The requirement that an extension breaks whose value is no dict, if it has one of its own."""


def scope_complaints(scope: object) -> Iterator[Complaint]:
    """What is wrong with a scope of any protocol (main, Connection Scope, Applications, Extensions)."""
    scope = plain(scope)
    if not isinstance(scope, dict):
        yield Complaint("asgi.scope.dict", f"the scope is {shortened(scope)}, not a dict")
        return
    yield from _type_complaints(scope)
    yield from _asgi_complaints(scope)
    yield from _extension_complaints(scope)
    for key in scope:
        if not isinstance(key, str):
            yield Complaint(
                "asgi.strings.dict_keys.server", f"the scope has the key {shortened(key)}, not a str"
            )


def _type_complaints(scope: Mapping[object, object]) -> Iterator[Complaint]:
    if "type" not in scope:
        yield Complaint("asgi.scope.type.present", "the scope has no 'type'")
        return
    kind = plain(scope["type"])
    if not isinstance(kind, str):
        yield Complaint("asgi.scope.type.str", f"'type' is {shortened(scope['type'])}, not str")
    elif kind not in ("http", "websocket", "lifespan"):
        yield Complaint("asgi.scope.type.defined_values", f"'type' is {kind!r}")


def _asgi_complaints(scope: Mapping[object, object]) -> Iterator[Complaint]:
    about = plain(scope.get("asgi"))
    if not isinstance(about, dict):
        yield Complaint("asgi.scope.asgi.present", f"'asgi' is {shortened(scope.get('asgi'))}, not a dict")
        return
    chapter = scope.get("type")
    version = about.get("version")
    if "version" in about and list(STR.flaws(version)):
        yield Complaint("asgi.scope.asgi.version.type", f"asgi['version'] is {shortened(version)}, not str")
    elif plain(version) != "3.0":
        # A missing version is judged with a wrong one: the text both demands it and names a default.
        yield Complaint(
            "asgi.scope.asgi.version.value", f"asgi['version'] is {shortened(version)}, not '3.0'"
        )
    if "spec_version" in about:
        for _, flaw in VERSION.flaws(about["spec_version"]):
            requirement = (
                f"{chapter}.scope.asgi.spec_version.type"
                if chapter in ("http", "websocket", "lifespan")
                else "asgi.scope.asgi.spec_version.type"
            )
            yield Complaint(requirement, f"asgi['spec_version'] {flaw}")


def _extension_complaints(scope: Mapping[object, object]) -> Iterator[Complaint]:
    if "extensions" not in scope:
        return
    extensions = plain(scope["extensions"])
    if not isinstance(extensions, dict):
        yield Complaint(
            "asgi.extensions.dict", f"'extensions' is {shortened(scope['extensions'])}, not a dict"
        )
        return
    for name, value in extensions.items():
        if not isinstance(name, str):
            yield Complaint(
                "asgi.extensions.names_str", f"'extensions' has the name {shortened(name)}, not a str"
            )
        for _, flaw in DICT.flaws(value):
            rule = VALUES.get(str(name), "asgi.extensions.values_dict")
            yield Complaint(rule, f"extensions[{name!r}] {flaw}")


def event_complaints(message: object, declared: frozenset[str]) -> Iterator[Complaint]:
    """What is wrong with any event that `receive` gave (main, Events).

    `declared` are the keys that the event's own declaration judges: they are not judged twice.
    """
    message = plain(message)
    if not isinstance(message, dict):
        yield Complaint("asgi.event.dict.server", f"receive gave {shortened(message)}, not a dict")
        return
    if not isinstance(plain(message.get("type")), str):
        yield Complaint("asgi.event.type_key.server", f"'type' is {shortened(message.get('type'))}, not str")
    rest = {key: value for key, value in message.items() if key not in declared}
    for rule, flaw in event_value_flaws(rest):
        yield Complaint(_EVENT_RULES[rule], flaw)


def unwrapped(message: object) -> dict[str, object]:
    """A message as a plain dict, whatever guise it came in; an empty one when it is no dict at all."""
    bare = plain(message)
    return bare if isinstance(bare, dict) else {}
