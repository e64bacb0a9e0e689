"""From what the user types to one server, or one sentence."""

import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from asgi_conformance.servers import BadServer, NoSetting, resolve

ADAPTER = """
from asgi_conformance.servers import Adapter
ADAPTER = Adapter(name="mine", command="python mine.py {app}", tcp="--fd {fd}", variants={"fast": "--fast"})
"""
SECOND = 'OTHER = Adapter(name="other", command="python other.py {app}", tcp="--fd {fd}")\n'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "adapter.py"
    path.write_text(ADAPTER)
    return path


def script(path: Path, text: str) -> str:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


def refusal(text: str, python: str | None = None) -> str:
    with pytest.raises(BadServer) as refused:
        resolve(text, python)
    return str(refused.value)


def test_a_name() -> None:
    choice = resolve("uvicorn")
    assert (choice.label, choice.name, choice.interpreter) == ("uvicorn", "uvicorn", sys.executable)
    assert choice.version[0].isdigit()
    assert choice.python == ".".join(map(str, sys.version_info[:3]))


def test_a_variant() -> None:
    choice = resolve("uvicorn:h11")
    assert choice.label == "uvicorn:h11"
    assert choice.command.endswith("--http h11 --ws wsproto")


def test_a_name_with_arguments() -> None:
    choice = resolve("uvicorn:h11  --header 'x: y'")
    assert choice.label == "uvicorn:h11 --header 'x: y'"
    assert choice.command.endswith("--ws wsproto --header 'x: y'")


def test_a_template() -> None:
    choice = resolve("uvicorn {app} --port {port}")
    assert choice.command == "uvicorn {app} --port {port}"
    assert choice.adapter.speaks == resolve("uvicorn").adapter.speaks


def test_a_template_of_an_unknown_server_is_named_after_what_it_runs(tmp_path: Path) -> None:
    (tmp_path / "mine.py").touch()
    choice = resolve(f"{sys.executable} {tmp_path}/mine.py {{app}} --fd {{fd}}")
    assert (choice.name, choice.version) == ("mine", "")
    assert choice.label.endswith("mine.py {app} --fd {fd}")


def test_relative_paths_are_those_of_the_present_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine.py").touch()
    monkeypatch.chdir(tmp_path)
    assert (
        resolve("python mine.py {app} --fd {fd}").command == f"python {tmp_path}/mine.py {{app}} --fd {{fd}}"
    )


def test_a_file_with_an_adapter(file: Path) -> None:
    assert resolve(str(file)).label == "mine"
    assert resolve(f"{file}:fast").command == "python mine.py {app} --fd {fd} --fast"


def test_a_file_with_several_adapters_wants_a_name(file: Path) -> None:
    file.write_text(ADAPTER + SECOND)
    assert resolve(f"{file}:mine:fast").label == "mine:fast"
    assert "has mine, other in it" in refusal(str(file))


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "no adapter"), ("1 / 0", "ZeroDivisionError"), ("(", "SyntaxError")],
)
def test_a_file_without_an_adapter_is_refused(file: Path, text: str, words: str) -> None:
    file.write_text(text)
    assert words in refusal(str(file))


def test_a_variant_is_not_named_like_a_setting(file: Path) -> None:
    file.write_text(ADAPTER.replace("fast", "tls"))
    assert refusal(str(file)) == "mine has a variant 'tls', but that is the name of a setting"


def test_a_missing_file_is_refused() -> None:
    assert refusal("no/such.py") == "there is no file no/such.py"


def test_an_adapter_of_another_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "third_party.py").write_text(ADAPTER)
    metadata = tmp_path / "third_party-1.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Name: third-party\nVersion: 1\n")
    entries = ["mine = third_party:ADAPTER", "wrong = third_party:__name__", "broken = nowhere:ADAPTER"]
    (metadata / "entry_points.txt").write_text("\n".join(["[asgi_conformance.servers]", *entries]))
    monkeypatch.syspath_prepend(tmp_path)
    assert resolve("mine:fast").label == "mine:fast"
    assert "is no Adapter but of type str" in refusal("wrong")
    assert "cannot be loaded: ModuleNotFoundError" in refusal("broken")


def test_an_unknown_server_is_told_the_nearest_names() -> None:
    assert refusal("uvicron").startswith(
        "there is no server 'uvicron', did you mean uvicorn?: known are anycorn, "
    )


def test_an_unknown_variant_is_told_the_nearest_names() -> None:
    assert refusal("uvicorn:h12").startswith(
        "uvicorn has no variant 'h12', did you mean h11?: known are h11, "
    )
    assert refusal("daphne:h11") == "daphne has no variant 'h11': known are none"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no server is named"),
        ("uvicorn 'x", "cannot be split into words"),
        ("python -m mine --fd {fd}", "there is no server 'python'"),
        ("python mine.py {app}", "must say where to listen"),
        ("no-such-program {app} --fd {fd}", "there is no program 'no-such-program'"),
    ],
)
def test_what_makes_no_command_is_refused(text: str, words: str) -> None:
    assert words in refusal(text)


def test_a_missing_server_is_told_how_to_install_it(tmp_path: Path) -> None:
    python = script(tmp_path / "python", "echo asgi-conformance 3.8.1")
    words = f"uvicorn is not installed for {python}: {python} -m pip install 'uvicorn[standard]' wsproto zttp"
    assert refusal("uvicorn", python) == words


def test_another_interpreter_tells_its_own_versions(tmp_path: Path) -> None:
    python = script(tmp_path / "python", f'exec {sys.executable} "$@"')
    choice, ours = resolve("uvicorn", python), resolve("uvicorn")
    assert (choice.version, choice.python, choice.interpreter) == (ours.version, ours.python, python)
    assert choice.executable() == [python, "-m", "uvicorn"]


def test_a_missing_interpreter_is_refused(tmp_path: Path) -> None:
    assert "no interpreter that can be run" in refusal("uvicorn", str(tmp_path / "python"))
    (tmp_path / "python").touch()
    assert "no interpreter that can be run" in refusal("uvicorn", str(tmp_path / "python"))


def test_a_program_may_be_anywhere_on_the_path() -> None:
    assert resolve("sh {app} --fd {fd}").executable() == [shutil.which("sh")]


def test_an_interpreter_that_cannot_be_run_is_refused(tmp_path: Path) -> None:
    (tmp_path / "python").touch(0o755)
    assert "cannot be asked for its version" in refusal("uvicorn", str(tmp_path / "python"))


def test_an_interpreter_that_prints_nonsense_is_refused(tmp_path: Path) -> None:
    assert "it printed 'hello\\n'" in refusal("uvicorn", script(tmp_path / "python", "echo hello"))


@pytest.mark.parametrize(
    ("text", "speaks"),
    [
        ("uvicorn", False),
        ("uvicorn:http2", True),
        ("gunicorn", True),
        ("gunicorn:uvicorn", False),
        ("granian --http 1", False),
    ],
)
def test_which_versions_a_server_speaks_depends_on_its_words(text: str, speaks: bool) -> None:
    assert ("http/2" in resolve(text).speaks) is speaks


@pytest.mark.parametrize(
    ("text", "settings"),
    [
        ("hypercorn", ()),
        ("hypercorn:tls", ("tls",)),
        ("gunicorn", ("alpn",)),
        ("gunicorn:tls", ("tls", "alpn")),
        ("daphne", ("alpn",)),
    ],
)
def test_a_server_is_put_where_it_speaks_http2(text: str, settings: tuple[str, ...]) -> None:
    assert resolve(text).over("http/2").settings == settings


@pytest.mark.parametrize(("text", "settings"), [("hypercorn", ("quic",)), ("anycorn:tls", ("tls", "quic"))])
def test_or_http3(text: str, settings: tuple[str, ...]) -> None:
    assert resolve(text).over("http/3").settings == settings


@pytest.mark.parametrize("setting", ["port", "unix", "unix_fd", "mutual", "workers"])
def test_there_is_no_http3_in_a_setting_that_is_about_another_socket(setting: str) -> None:
    with pytest.raises(NoSetting, match="the adapter of hypercorn does not say how to listen for HTTP/3 "):
        resolve("hypercorn").put_into(setting).over("http/3")


def test_nor_without_what_it_needs() -> None:
    hypercorn = resolve("hypercorn")
    lacking = replace(hypercorn, adapter=replace(hypercorn.adapter, quic_package="no-such-distribution"))
    with pytest.raises(NoSetting, match="no-such-distribution is not installed for"):
        lacking.over("http/3")
