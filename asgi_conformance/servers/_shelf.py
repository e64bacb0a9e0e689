"""Where adapters are found: with us, in other packages, in a file; it does not know what is installed."""

import difflib
import importlib
import importlib.util
import pkgutil
from collections.abc import Iterable, Mapping
from importlib.metadata import entry_points
from pathlib import Path

from asgi_conformance.servers._adapter import Adapter, BadServer
from asgi_conformance.servers._setting import WHOLE

GROUP = "asgi_conformance.servers"


def bundled() -> dict[str, Adapter]:
    """The adapters that come with us, by name: one for each public module of this package."""
    found = pkgutil.iter_modules([str(Path(__file__).parent)])
    names = sorted(module.name for module in found if not module.name.startswith("_"))
    return {name: importlib.import_module(f"{__package__}.{name}").ADAPTER for name in names}


def names() -> list[str]:
    """All names that can be given: ours, and those of other packages by entry point."""
    return sorted({*bundled(), *entry_points(group=GROUP).names})


def by_name(words: str) -> tuple[Adapter, str]:
    """The adapter and the variant that `name` or `name:variant` means. Raises BadServer."""
    name, _, variant = words.partition(":")
    ours = bundled()
    if name in ours:
        return ours[name], _variant(ours[name], variant)
    others, known = entry_points(group=GROUP), names()
    if name not in known:
        raise BadServer(
            f"there is no server {name!r}{_nearest(name, known)}: known are {', '.join(known)}; "
            "a command with {app} in it or a file with an adapter will do as well"
        )
    try:
        adapter = others[name].load()
    except Exception as error:
        raise BadServer(f"the adapter of {name} cannot be loaded: {type(error).__name__}: {error}") from error
    if not isinstance(adapter, Adapter):
        raise BadServer(
            f"the entry point {name} of {GROUP} is no Adapter but of type {type(adapter).__name__}"
        )
    return adapter, _variant(adapter, variant)


def in_file(words: str) -> tuple[Adapter, str]:
    """The same for `file.py`, `file.py:variant`, and `file.py:name:variant` if there are several."""
    path, _, rest = words.partition(".py")
    file = Path(f"{path}.py")
    adapters = _adapters_in(file)
    names = rest.removeprefix(":").split(":") if rest else []
    if len(adapters) == 1 and (not names or names[0] not in adapters):
        names.insert(0, next(iter(adapters)))
    name, variant = (*names, "", "")[:2]
    if name not in adapters:
        raise BadServer(
            f"{file} has {', '.join(adapters) or 'no adapter'} in it, and not {name or 'a single one'}"
        )
    return adapters[name], _variant(adapters[name], variant)


def _adapters_in(file: Path) -> Mapping[str, Adapter]:
    spec = importlib.util.spec_from_file_location(f"asgi_conformance_adapter_{file.stem}", file)
    if spec is None or spec.loader is None or not file.is_file():
        raise BadServer(f"there is no file {file}")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise BadServer(f"{file} cannot be run: {type(error).__name__}: {error}") from error
    return {value.name: value for value in vars(module).values() if isinstance(value, Adapter)}


def _variant(adapter: Adapter, variant: str) -> str:
    if shadowed := [each for each in adapter.variants if each in WHOLE]:
        raise BadServer(f"{adapter.name} has a variant {shadowed[0]!r}, but that is the name of a setting")
    if variant and variant not in adapter.variants:
        near, known = _nearest(variant, adapter.variants), ", ".join(adapter.variants) or "none"
        raise BadServer(f"{adapter.name} has no variant {variant!r}{near}: known are {known}")
    return variant


def _nearest(word: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(word, known, 1)
    return f", did you mean {near[0]}?" if near else ""
