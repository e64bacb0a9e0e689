"""The plugin does no harm where it is installed and not used."""

import subprocess
import sys

from running import Judge

LOADED = """
import sys

def test_nothing_heavy_is_loaded():
    ours = {name for name in sys.modules if name.startswith("asgi_conformance")}
    assert ours == {"asgi_conformance", "asgi_conformance.plugin"}
    assert not {"h11", "websockets"} & set(sys.modules)
"""


def test_a_run_without_a_server_loads_nothing_but_the_options(judge: Judge) -> None:
    (judge.folder / "test_plain.py").write_text(LOADED)
    run = judge("-W", "error", servers=[])
    assert "1 passed" in run.output
    assert "conformance" not in run.output
    assert run.status == 0


def test_installed_it_is_found_by_its_entry_point(judge: Judge) -> None:
    judge.extra = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "", "PYTEST_PLUGINS": ""}
    (judge.folder / "test_plain.py").write_text(LOADED)
    run = judge("-W", "error", "-p", "no:cacheprovider", servers=[])
    assert "1 passed" in run.output
    assert "asgi-conformance-" in run.output


def test_the_options_are_told_by_help(judge: Judge) -> None:
    output = judge("--help", servers=[]).output
    assert "conformance of ASGI servers:" in output
    assert "--asgi-server=SERVER" in output


def test_the_plugin_itself_costs_one_module() -> None:
    code = "import pytest, sys; before = set(sys.modules); import asgi_conformance.plugin; "
    code += "print(*sorted(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["asgi_conformance", "asgi_conformance.plugin"]
