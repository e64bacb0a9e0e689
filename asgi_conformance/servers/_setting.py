"""The settings a server runs in besides the usual one: how it listens, with how many, what it serves."""

from asgi_conformance.servers._adapter import Adapter, BadServer

PORT, IPV6, UNIX, UNIX_FD = "port", "ipv6", "unix", "unix_fd"
TLS, MUTUAL, ALPN, QUIC, WORKERS = "tls", "mutual", "alpn", "quic", "workers"
MOUNTED, ACCENTED, LEGACY, DEPLOYED = "mounted", "accented", "legacy", "deployed"
PREFIXES = {MOUNTED: "/mounted", ACCENTED: "/café", DEPLOYED: "/mounted"}
"""Where the application is mounted, in the settings in which it is."""
SETTINGS = {
    PORT: "on a port that it opens itself",
    IPV6: "on IPv6",
    UNIX: "on a Unix socket",
    UNIX_FD: "on a Unix socket that it inherits",
    TLS: "over TLS",
    MUTUAL: "over TLS with client certificates",
    ALPN: "over TLS, with HTTP/2",
    QUIC: "over TLS and QUIC",
    WORKERS: "with two workers",
    MOUNTED: "with an application mounted at /mounted",
    ACCENTED: "with an application mounted at /café",
    LEGACY: "with an application of two steps",
    DEPLOYED: "behind nginx, kept by a supervisor",
}
"""Each by its name, in words that tell of a server that is in it."""
WHOLE = (PORT, IPV6, UNIX, UNIX_FD, TLS, MUTUAL, QUIC, WORKERS)
"""The settings in which a server can be judged as a whole, as if they were variants of it."""
ENCRYPTED = (TLS, MUTUAL, ALPN, QUIC)
NOT_OVER_QUIC = (PORT, UNIX, UNIX_FD, MUTUAL, WORKERS)
"""Settings in which nobody can be told to listen for HTTP/3: its socket is inherited, and by one alone."""
PLACES = (PORT, IPV6, UNIX, UNIX_FD)
"""Of these the last one stands, but for a port that a server opens itself, which may be one of IPv6."""


class NoSetting(BadServer):
    """A server cannot be put into this setting; the text says why."""


def settings_with(setting: str, settings: tuple[str, ...]) -> tuple[str, ...]:
    """These settings, as far as they go together with one more, and that one."""
    kept = (
        each
        for each in settings
        if {each, setting} == {PORT, IPV6} or each not in PLACES or setting not in PLACES
    )
    return (*kept, setting)


def template_in(setting: str, adapter: Adapter, template: str) -> str:
    """A command of this adapter for a setting ("" = as it is). Raises NoSetting if there is no way."""
    if setting == PORT:
        return (
            template if "{port}" in template else _listening(adapter, template, adapter.port, "open a port")
        )
    if setting == IPV6:
        return _listening(adapter, template, adapter.ipv6, "listen on IPv6")
    if setting == UNIX:
        return _listening(adapter, template, adapter.unix, "listen on a Unix socket")
    if setting == UNIX_FD:
        return _listening(adapter, template, adapter.unix_fd, "inherit a Unix socket")
    if setting == TLS:
        return _encrypted(adapter, template)
    if setting == MUTUAL:
        ask = _told(adapter, adapter.mutual, "ask for client certificates")
        return f"{_encrypted(adapter, template)} {ask}"
    if setting == ALPN:
        return " ".join(filter(None, [_encrypted(adapter, template), adapter.alpn]))
    if setting == QUIC:
        return f"{_encrypted(adapter, template)} {_told(adapter, adapter.quic, 'listen for HTTP/3')}"
    if setting == WORKERS:
        if any(word in template for word in adapter.alone):
            raise NoSetting(f"{adapter.name} has no workers when it is run like this")
        return f"{template} {_told(adapter, adapter.workers, 'start several workers')}"
    if setting == DEPLOYED:
        return _deployed(adapter, template)
    if setting in PREFIXES:
        prefix = _told(adapter, adapter.root_path, "mount an application")
        if any(word in template for word in adapter.unmounted):
            raise NoSetting(f"{adapter.name} mounts no application when it is run like this")
        return f"{template} {prefix}"
    return template


def _deployed(adapter: Adapter, template: str) -> str:
    """With all that the server offers for it: a server may do without workers, prefix and proxy headers."""
    if any(each and each in template for each in (adapter.tls, adapter.mutual)):
        raise NoSetting("nginx speaks no TLS with the server behind it")
    listening = _listening(adapter, template, adapter.unix, "listen on a Unix socket")
    is_mounted = not any(word in template for word in adapter.unmounted)
    has_workers = not any(word in template for word in adapter.alone)
    words = [
        adapter.workers if has_workers else "",
        adapter.forwarded,
        adapter.root_path if is_mounted else "",
    ]
    return " ".join([listening, *filter(None, words)])


def _encrypted(adapter: Adapter, template: str) -> str:
    words = _told(adapter, adapter.tls, "listen with a certificate")
    if words in template:
        return template
    if "{port}" in words:
        if "{uds}" in template:
            raise NoSetting(f"the adapter of {adapter.name} does not say how to speak TLS on a Unix socket")
        return _listening(adapter, template, words, "listen with a certificate")
    return f"{template} {words}"


def _listening(adapter: Adapter, template: str, words: str, what: str) -> str:
    """The template with other words in the place of those that say where to listen."""
    said = next(
        (
            each
            for each in (adapter.tcp, adapter.port, adapter.ipv6, adapter.unix, adapter.unix_fd)
            if each and each in template
        ),
        "",
    )
    if not said:
        words = ""
    return template.replace(said, _told(adapter, words, what))


def _told(adapter: Adapter, words: str, what: str) -> str:
    if not words:
        raise NoSetting(f"the adapter of {adapter.name} does not say how to {what}")
    return words
