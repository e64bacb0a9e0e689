"""What the user asked for, made into one server that can be started; a mistake becomes one sentence."""

import os
import re
import shlex
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from asgi_conformance.servers import _interpreter, _shelf
from asgi_conformance.servers._adapter import Adapter, BadServer
from asgi_conformance.servers._setting import (
    ALPN,
    ENCRYPTED,
    NOT_OVER_QUIC,
    PREFIXES,
    QUIC,
    SETTINGS,
    WHOLE,
    NoSetting,
    settings_with,
    template_in,
)

LABEL_WIDTH = 60


@dataclass(frozen=True)
class Choice:
    """One server to start: versions of its package ("" = unknown) and of Python, and the template.

    `settings` are those of the SETTINGS that it is in; none is the usual one.
    """

    label: str
    adapter: Adapter
    version: str
    python: str
    interpreter: str
    command: str
    settings: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name of the adapter."""
        return self.adapter.name

    @property
    def speaks(self) -> tuple[str, ...]:
        """The protocols that it speaks when it is run like this, as an adapter names them."""
        return self.adapter.protocols(self.command)

    @property
    def prefix(self) -> str:
        """Where the application is mounted."""
        return next((PREFIXES[each] for each in self.settings if each in PREFIXES), "")

    @property
    def is_encrypted(self) -> bool:
        """Does the server speak TLS?"""
        return any(each in ENCRYPTED for each in self.settings)

    @property
    def insists_on_a_lifespan(self) -> bool:
        """Was the server told that an application without lifespan is none?"""
        return any(words in self.command for words in self.adapter.insisting)

    @property
    def circumstances(self) -> str:
        """The settings in words, each after a space; "" for the usual one."""
        return "".join(f" {SETTINGS[each]}" for each in self.settings)

    def put_into(self, setting: str) -> "Choice":
        """The same server in one more setting, if any. Raises NoSetting if its adapter does not say how."""
        if not setting or setting in self.settings:
            return self
        command = template_in(setting, self.adapter, self.command)
        return replace(self, command=command, settings=settings_with(setting, self.settings))

    def over(self, version: str) -> "Choice":
        """The same server where it speaks this version of HTTP. Raises NoSetting."""
        if version == "http/3":
            return self._over_quic()
        if version != "http/2" or ("h2c" in self.speaks and not self.is_encrypted):
            return self
        # All the others negotiate it over TLS, most of them without having been told.
        return self if self.is_encrypted and not self.adapter.alpn else self.put_into(ALPN)

    def _over_quic(self) -> "Choice":
        if any(each in NOT_OVER_QUIC for each in self.settings):
            raise NoSetting(
                f"the adapter of {self.name} does not say how to listen for HTTP/3{self.circumstances}"
            )
        needed = self.adapter.quic_package
        if needed and not _interpreter.ask(self.interpreter, needed)[1]:
            raise NoSetting(f"{needed} is not installed for {self.interpreter}")
        return self.put_into(QUIC)

    def executable(self) -> list[str]:
        """What the first word of the command means. Raises BadServer."""
        return _interpreter.executable(
            shlex.split(self.command)[0], self.interpreter, module=bool(self.version)
        )


def resolve(text: str, python: str | None = None) -> Choice:
    """The server that `--asgi-server` and `--asgi-python` mean. Raises BadServer.

    `text` is a name or `name:variant`, either of them with arguments, or a command with `{app}` in it.
    A setting may follow, as if it were a variant (`name:unix`, `name:variant:tls`).
    A .py file with an adapter may stand in the place of the name. Relative paths start where we are now.
    """
    words = _words(text)
    choice = _from_template(text, words, python) if "{app}" in text else _from_adapter(text, words, python)
    choice.executable()
    return choice


def _words(text: str) -> list[str]:
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise BadServer(f"{text!r} cannot be split into words: {error}") from error
    if not words:
        raise BadServer("no server is named")
    # The server runs in a folder of its own, where a relative path would mean something else.
    return [
        os.path.abspath(word) if re.search(r"/|\.\w+$", word) and Path(word).is_file() else word
        for word in words
    ]


def _from_adapter(text: str, words: Sequence[str], python: str | None) -> Choice:
    find = _shelf.in_file if re.search(r"\.py(:|$)", words[0]) else _shelf.by_name
    first, settings = _settings(words[0])
    adapter, variant = find(first)
    interpreter = _interpreter.find(python)
    running, version = _interpreter.ask(interpreter, adapter.package)
    if adapter.package and not version:
        pip = "pip" if python is None else f"{interpreter} -m pip"
        wanted = shlex.join(shlex.split(adapter.install or adapter.package))
        raise BadServer(f"{adapter.package} is not installed for {interpreter}: {pip} install {wanted}")
    short = ":".join(filter(None, (adapter.name, variant, *settings)))
    command = " ".join([adapter.template(version, variant), *map(_quoted, words[1:])])
    label = _label(text) if len(words) > 1 else short
    choice = Choice(label, adapter, version, running, interpreter, command)
    for setting in settings:
        choice = choice.put_into(setting)
    return choice


def _settings(word: str) -> tuple[str, list[str]]:
    """What stands before the settings, and these."""
    settings: list[str] = []
    first, _, last = word.rpartition(":")
    while first and last in WHOLE:
        settings.insert(0, last)
        word = first
        first, _, last = word.rpartition(":")
    return word, settings


def _from_template(text: str, words: Sequence[str], python: str | None) -> Choice:
    beside = Path(words[0]).parent / "python"
    if python is None and "/" in words[0] and beside.is_file():
        # The interpreter that will run the command is the one whose versions count.
        python = str(beside)
    name, command = _name(words), " ".join(map(_quoted, words))
    known = _shelf.bundled().get(name, Adapter(name=name, package=name, command=command))
    # Of the words to add that an adapter knows, none need be right beside words that the user has chosen.
    adapter = Adapter(
        known.name,
        command,
        known.speaks,
        known.package,
        insisting=known.insisting,
        speaks_with=known.speaks_with,
        mute_with=known.mute_with,
        environment=known.environment,
    )
    interpreter = _interpreter.find(python)
    running, version = _interpreter.ask(interpreter, adapter.package)
    return Choice(_label(text), adapter, version, running, interpreter, command)


def _name(words: Sequence[str]) -> str:
    """The program's name, or where that is Python, of what it runs."""
    plain = [Path(word).stem for word in words if not word.startswith(("-", "{"))] or ["server"]
    return plain[1] if re.match(r"python[\d.]*$", plain[0]) and len(plain) > 1 else plain[0]


def _label(text: str) -> str:
    names = [Path(word).name if word.startswith("/") else word for word in text.split()]
    return textwrap.shorten(" ".join(names), LABEL_WIDTH, placeholder=" …")


def _quoted(word: str) -> str:
    return word if re.fullmatch(r"[\w@%+=:,./{}-]+", word) else shlex.quote(word)
