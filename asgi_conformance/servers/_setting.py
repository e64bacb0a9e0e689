"""The settings a server runs in besides the usual one: it listens elsewhere, is mounted, or serves of old."""

from asgi_conformance.servers._adapter import Adapter, BadServer

IPV6, UNIX, MOUNTED, ACCENTED, LEGACY = "ipv6", "unix", "mounted", "accented", "legacy"
PREFIXES = {MOUNTED: "/mounted", ACCENTED: "/café"}
"""Where the application is mounted, in the settings in which it is."""
SETTINGS = {
    IPV6: "on IPv6",
    UNIX: "on a Unix socket",
    MOUNTED: "with an application mounted at /mounted",
    ACCENTED: "with an application mounted at /café",
    LEGACY: "with an application of two steps",
}
"""Each by its name, in words that tell of a server that is in it."""


class NoSetting(BadServer):
    """A server cannot be put into this setting; the text says why."""


def template_in(setting: str, adapter: Adapter, template: str) -> str:
    """A command of this adapter for a setting ("" = as it is). Raises NoSetting if there is no way."""
    if setting == IPV6:
        return _listening(adapter, template, adapter.ipv6, "listen on IPv6")
    if setting == UNIX:
        return _listening(adapter, template, adapter.unix, "listen on a Unix socket")
    if setting in PREFIXES:
        if not adapter.root_path:
            raise NoSetting(f"the adapter of {adapter.name} does not say how to mount an application")
        if any(word in template for word in adapter.unmounted):
            raise NoSetting(f"{adapter.name} mounts no application when it is run like this")
        return f"{template} {adapter.root_path}"
    return template


def _listening(adapter: Adapter, template: str, words: str, what: str) -> str:
    if not words:
        raise NoSetting(f"the adapter of {adapter.name} does not say how to {what}")
    return template.replace(adapter.tcp, words)
