"""The rules of the house: who may import whom, how long things may be, that everything says what it is."""

import ast
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[1]
PACKAGE = HOUSE / "asgi_conformance"
FLOORS = (
    {"spec"},
    {"wire"},
    {"probe"},
    {"servers", "frameworks", "lint"},
    {"dialogue"},
    {"checks"},
    {"extensions"},
    {"fuzz"},
    {"catalogue"},
    {"report"},
    {"plugin"},
    {"__main__"},
)
FLOOR_OF = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}
CLAIMING = ("checks", "extensions")
"""Where the name of a function is all that has to be said of it."""
UNTELLING = {"utils", "helpers", "common", "manager"}
FILE_LINES = 300
FUNCTION_LINES = 40

Function = ast.FunctionDef | ast.AsyncFunctionDef


def name_of(path: Path) -> str:
    """The dotted name of a module of the package."""
    return ".".join(path.relative_to(HOUSE).with_suffix("").parts).removesuffix(".__init__")


def files_in(*folders: str) -> list[Path]:
    """All Python files of these folders."""
    return sorted(path for folder in folders for path in (HOUSE / folder).rglob("*.py"))


def named(path: Path) -> str:
    """A path as the name of a test shows it."""
    return path.relative_to(HOUSE).as_posix()


def parse(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


OURS = files_in("asgi_conformance")
EVERYTHING = files_in("asgi_conformance", "tests", "fixtures")
IN_THE_SERVER = [path for path in files_in("asgi_conformance/probe") if path.stem != "remote"]
MODULES = {name_of(path): path for path in OURS}


def imports(path: Path, *, run_only: bool = False) -> Iterator[str]:
    """The dotted name of every module that a file imports, wherever the statement stands."""
    package = name_of(path).split(".")[: None if path.stem == "__init__" else -1]
    tree = parse(path)
    unrun = [
        each for each in ast.walk(tree) if isinstance(each, ast.If) and "TYPE_CHECKING" in ast.dump(each.test)
    ]
    typing_only = {inner for each in unrun for inner in ast.walk(each)} if run_only else set()
    for node in ast.walk(tree):
        if node in typing_only:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else []
            source = ".".join([*start, *(node.module or "").split(".")]).strip(".")
            # `from package import module` is an import of the module, not of the package.
            yield from (
                full if (full := f"{source}.{alias.name}") in MODULES else source for alias in node.names
            )


def our_imports(path: Path) -> set[str]:
    """The modules of the package that a file imports."""
    return {name for name in imports(path) if name in MODULES}


def run_imports(path: Path) -> set[str]:
    """The modules of the package that a file imports when it is run."""
    return {name for name in imports(path, run_only=True) if name in MODULES}


def room_of(module: str) -> str | None:
    """The room of the house a module is in; None for the package itself."""
    return (*module.split("."), None)[1]


@pytest.mark.parametrize("path", OURS, ids=named)
def test_imports_only_go_down(path: Path) -> None:
    room = room_of(name_of(path))
    if room is None:
        return
    assert room in FLOOR_OF, f"{room} has no floor"
    others = {other for name in our_imports(path) if (other := room_of(name)) not in (None, room)}
    upwards = {other for other in others if other and FLOOR_OF[other] >= FLOOR_OF[room]}
    assert not upwards, f"{named(path)} imports {', '.join(sorted(upwards))}"


def test_no_modules_import_each_other() -> None:
    # An actor may name the type of the dialogue that it takes part in: what is imported for types is not run.
    cycle: list[str] = []
    try:
        TopologicalSorter({name: run_imports(path) - {name} for name, path in MODULES.items()}).prepare()
    except CycleError as error:
        cycle = error.args[1]
    assert not cycle, " is imported by ".join(cycle)


@pytest.mark.parametrize("path", files_in("asgi_conformance/spec", "asgi_conformance/probe"), ids=named)
def test_the_model_and_the_probe_need_the_standard_library_only(path: Path) -> None:
    roots = {name.partition(".")[0] for name in imports(path)}
    assert not roots - sys.stdlib_module_names - {"asgi_conformance"}


@pytest.mark.parametrize("path", IN_THE_SERVER, ids=named)
def test_what_runs_in_the_server_needs_nothing_else_and_an_old_python(path: Path) -> None:
    assert {room_of(name) for name in our_imports(path)} <= {"probe"}
    ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 8))


@pytest.mark.parametrize("path", EVERYTHING, ids=named)
def test_no_file_and_no_function_is_too_long(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= FILE_LINES
    for node in ast.walk(parse(path)):
        if isinstance(node, Function):
            assert (node.end_lineno or 0) - node.lineno < FUNCTION_LINES, node.name


@pytest.mark.parametrize("path", EVERYTHING, ids=named)
def test_every_module_has_a_telling_name_and_opens_by_saying_what_it_is(path: Path) -> None:
    assert path.stem.strip("_") not in UNTELLING
    assert ast.get_docstring(parse(path)), "the module has no docstring"


@pytest.mark.parametrize("path", [path for path in OURS if room_of(name_of(path)) not in CLAIMING], ids=named)
def test_what_is_public_has_a_docstring(path: Path) -> None:
    nodes = [node for node in parse(path).body if isinstance(node, ast.ClassDef | Function)]
    assert not [n.name for n in nodes if not n.name.startswith("_") and not ast.get_docstring(n)]
