"""How to start granian."""

from asgi_conformance.servers._adapter import Adapter

ADAPTER = Adapter(
    name="granian",
    package="granian",
    install="granian[uvloop]",
    speaks=("lifespan", "http/1.0", "http/1.1", "http/2", "h2c", "websocket"),
    # Without the timeout, a call that waits for ever keeps the server from stopping.
    command="granian {app} --interface asgi --no-access-log --workers-kill-timeout 3",
    tcp="--host {host} --port {port}",
    ipv6="--host {host} --port {port}",
    unix="--uds {uds}",
    # Of itself it speaks nothing older than TLS 1.3.
    tls="--ssl-certificate {certificate} --ssl-keyfile {key} --ssl-protocol-min tls1.2",
    mutual="--ssl-ca {authority} --ssl-client-verify",
    workers="--workers 2",
    root_path="--url-path-prefix {root_path}",
    mute_with={"--http 1": ("http/2", "h2c"), "--http=1": ("http/2", "h2c")},
    variants={"rust": "--task-impl rust", "lifespan-off": "--interface asginl"},
)
