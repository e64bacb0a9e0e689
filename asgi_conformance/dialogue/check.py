"""A check: a function that puts one requirement on trial, and is named for its claim."""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from asgi_conformance.servers import DEPLOYED, LEGACY, SETTINGS
from asgi_conformance.spec.requirement import Level, Requirement, requirement

WITHOUT_VERSION = "server"
"""The key of verdicts on what has no HTTP version: lifespan and process."""
OVER_HTTP1_ONLY = (DEPLOYED, LEGACY)
"""Settings of which one version tells all: nginx speaks no other one, and nobody is blamed for two steps."""
VERSIONED = {"http1_client": "http/1.1", "http2_client": "http/2", "http3_client": "http/3"}
"""Clients that speak a version of their own; the last of them is what a check with such clients is about."""


@dataclass(frozen=True)
class Check:
    """One requirement on trial.

    `level` and `silence` are the levels of what is broken when something wrong comes, and when nothing comes.
    """

    requirement: Requirement
    function: Callable[..., None]
    level: Level
    silence: Level

    @property
    def name(self) -> str:
        """The name of the function."""
        return self.function.__name__

    @property
    def claim(self) -> str:
        """The name as a sentence."""
        return self.name.replace("_", " ")

    @property
    def source(self) -> str:
        """Where the check is written: file and line."""
        return f"{inspect.getsourcefile(self.function)}:{self.function.__code__.co_firstlineno}"

    @property
    def actors(self) -> tuple[str, ...]:
        """The names of the parameters: who takes part."""
        return tuple(inspect.signature(self.function).parameters)

    @property
    def needs_a_new_server(self) -> bool:
        """Does it start a server of its own?"""
        return "new_server" in self.actors

    @property
    def settings(self) -> tuple[str, ...]:
        """The settings of the servers that its clients are to connect to, "" being the usual one."""
        named = {
            name.removesuffix("client").removesuffix("_") for name in self.actors if name.endswith("client")
        }
        return tuple(sorted({each if each in SETTINGS else "" for each in named} or {""}))

    @property
    def setting(self) -> str:
        """The one of them that it is held in."""
        return self.settings[-1]

    def versions(self, spoken: Sequence[str]) -> tuple[str, ...]:
        """Over which of the HTTP versions that the server speaks this check runs, or the key for none."""
        if not any(actor.endswith("client") for actor in self.actors):
            return (WITHOUT_VERSION,)
        if self.needs_a_new_server and not VERSIONED.keys() & {*self.actors}:
            return (WITHOUT_VERSION,)
        if self.setting in OVER_HTTP1_ONLY:
            spoken = [version for version in spoken if version == "http/1.1"]
        return tuple(version for version in spoken if self._applies_to(version))

    def _applies_to(self, version: str) -> bool:
        own = [VERSIONED[name] for name in self.actors if name in VERSIONED]
        if own:
            return version == max(own)
        return self.requirement.is_about(version)


def check(
    identifier: str, *, level: Level | None = None, silence: Level | None = None
) -> Callable[[Callable[..., None]], Check]:
    """Make a function the check of a requirement. Raises UnknownRequirement for an unknown id."""
    on_trial = requirement(identifier)
    broken = level or on_trial.level

    def make(function: Callable[..., None]) -> Check:
        return Check(on_trial, function, broken, silence or on_trial.silence or broken)

    return make
