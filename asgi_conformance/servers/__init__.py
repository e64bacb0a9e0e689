"""The servers on trial: how each is started, found and ended. Nothing here knows what is asked of them."""

from asgi_conformance.servers._adapter import Adapter, BadServer
from asgi_conformance.servers._deployed import STRIPPING
from asgi_conformance.servers._launch import Running, launch
from asgi_conformance.servers._process import Log, Process, Stopped, stop_everything
from asgi_conformance.servers._resolve import Choice, resolve
from asgi_conformance.servers._setting import (
    ACCENTED,
    DEPLOYED,
    LEGACY,
    MUTUAL,
    QUIC,
    SETTINGS,
    WORKERS,
    NoSetting,
)
from asgi_conformance.servers._shelf import bundled, names

__all__ = [
    "ACCENTED",
    "DEPLOYED",
    "LEGACY",
    "MUTUAL",
    "QUIC",
    "SETTINGS",
    "STRIPPING",
    "WORKERS",
    "Adapter",
    "BadServer",
    "Choice",
    "Log",
    "NoSetting",
    "Process",
    "Running",
    "Stopped",
    "bundled",
    "launch",
    "names",
    "resolve",
    "stop_everything",
]
