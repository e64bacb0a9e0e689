"""The command line beside pytest: tables of reports, requirements explained, servers that can be named."""

import argparse
import os
import sys
import textwrap
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

import asgi_conformance
from asgi_conformance.catalogue import Check, explain, find
from asgi_conformance.report.announced import announced_table
from asgi_conformance.report.baseline import baseline
from asgi_conformance.report.coverage import coverage_page
from asgi_conformance.report.lifespans import lifespan_table
from asgi_conformance.report.matrix import matrix
from asgi_conformance.report.parity import parity_table
from asgi_conformance.report.results import BadResults, Results
from asgi_conformance.report.stopping import stopping_table
from asgi_conformance.servers import BadServer, names, resolve
from asgi_conformance.spec.requirement import Level, requirement

TABLES = {
    "matrix": ("make one table, as markdown, of several reports", matrix),
    "announced": ("the same of what servers announce, and what they keep of it", announced_table),
    "lifespans": ("the same of what servers do with each kind of lifespan", lifespan_table),
    "stopping": ("the same of what comes of it when servers are told to stop", stopping_table),
    "parity": ("the same of what differs between versions, settings and implementations", parity_table),
}
BAD_INPUT = 4
"""The exit status for what cannot be read or is not known, as pytest has it for bad usage."""


class BadInput(Exception):
    """What was asked for is not there; the text is one sentence for the user."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit status."""
    told = _parser().parse_args(arguments)
    try:
        print(told.run(told), flush=True)
    except (BadInput, BadResults) as error:
        print(f"asgi-conformance: {error}", file=sys.stderr)
        return BAD_INPUT
    except BrokenPipeError:
        # Who reads has seen enough, as `head` does; Python would complain once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="asgi-conformance",
        description="Reports and requirements. A server is judged by pytest: pytest --asgi-server=uvicorn",
    )
    parser.add_argument("--version", action="version", version=asgi_conformance.__version__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, (what, of) in TABLES.items():
        table = commands.add_parser(name, help=what)
        table.add_argument("reports", nargs="+", type=Path, metavar="REPORT.json")
        table.set_defaults(run=_table, of=of)
    known = commands.add_parser(
        "baseline", help="begin a file for --asgi-baseline: what is broken, to be given reasons"
    )
    known.add_argument("reports", nargs="+", type=Path, metavar="REPORT.json")
    known.add_argument("--level", choices=["must", "should"], default="must", help="default: must")
    known.set_defaults(run=_baseline)
    about = commands.add_parser(
        "explain", help="tell all about a requirement, or find its id by a part of it"
    )
    about.add_argument("requirement", metavar="ID")
    about.add_argument("reports", nargs="*", type=Path, metavar="REPORT.json", help="tell who keeps it")
    about.set_defaults(run=_explain)
    covered = commands.add_parser(
        "coverage", help="tell, as markdown, which requirements have a check, and why others have none"
    )
    covered.add_argument("page", nargs="?", type=Path, metavar="FILE.md", help="write it there")
    covered.set_defaults(run=_coverage)
    servers = commands.add_parser("servers", help="list what --asgi-server knows by name")
    servers.set_defaults(run=_servers)
    return parser


def _table(told: argparse.Namespace) -> str:
    """One of the tables. Raises BadResults, or BadInput where there is nothing to put into it."""
    several = sorted(map(Results.read, told.reports), key=lambda results: results.server.label)
    text: str = told.of(several)
    if not text:
        raise BadInput("nothing of this was judged in these reports")
    return text.removesuffix("\n")


def _baseline(told: argparse.Namespace) -> str:
    """Deviations of servers as a baseline has them. Raises BadResults, or BadInput where there are none."""
    text = baseline([Results.read(each) for each in told.reports], Level(told.level))
    if not text:
        raise BadInput(f"no {told.level} is broken in these reports")
    return text.removesuffix("\n")


def _explain(told: argparse.Namespace) -> str:
    found = find(told.requirement)
    if told.requirement not in found and len(found) != 1:
        return _several(told.requirement, found)
    identifier = told.requirement if told.requirement in found else found[0]
    return explain(identifier, _checks(), _verdicts(identifier, told.reports))


def _coverage(told: argparse.Namespace) -> str:
    """The page, or where it was written. Raises BadInput where it cannot be."""
    page = coverage_page(_checks())
    if told.page is None:
        return page.removesuffix("\n")
    try:
        told.page.write_text(page, encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{told.page} cannot be written: {error.strerror}.") from error
    return f"{told.page} is written"


def _checks() -> Sequence[Check]:
    # Only here, as it takes a moment.
    from asgi_conformance.plugin.items import bundled as bundled_checks

    drawn: list[Check] = []
    if find_spec("hypothesis") is not None:
        from asgi_conformance.plugin.fuzzing import machines

        drawn += machines()
    return [*(check for chapter in bundled_checks().values() for check in chapter), *drawn]


def _several(wanted: str, found: Sequence[str]) -> str:
    """The ids that may be meant. Raises BadInput where there are none."""
    if not found:
        raise BadInput(f"there is no requirement with {wanted!r} in its id")
    title = "with this in their ids" if wanted.lower() in found[0] else "with an id like this"
    lines = [f"{identifier} ({requirement(identifier).level})" for identifier in found]
    return "\n".join([f"requirements {title}: {len(found)}", *(f"  {line}" for line in lines)])


def _verdicts(identifier: str, reports: Sequence[Path]) -> dict[str, dict[str, str]]:
    """By the label of each server its verdicts by version. Raises BadResults."""
    several = map(Results.read, reports)
    return {
        results.server.label: {version: str(verdict) for version, verdict in judgement.verdicts.items()}
        for results in several
        if (judgement := results.requirements.get(identifier)) is not None
    }


def _servers(_: argparse.Namespace) -> str:
    return "\n".join(line for name in names() for line in _server(name))


def _server(name: str) -> Iterator[str]:
    """What can be given for a server, and whether it is installed here."""
    try:
        choice = resolve(name)
    except BadServer as error:
        yield f"{name}: {error}"
        return
    yield f"{name} {choice.version}".rstrip()
    variants = [f"{name}:{variant}" for variant in choice.adapter.variants]
    yield from textwrap.wrap(", ".join(variants), initial_indent="  ", subsequent_indent="  ")


if __name__ == "__main__":
    sys.exit(main())
