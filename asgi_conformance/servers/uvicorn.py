"""How to start uvicorn."""

from asgi_conformance.servers._adapter import Adapter

ADAPTER = Adapter(
    name="uvicorn",
    package="uvicorn",
    install="uvicorn[standard] wsproto zttp",
    speaks=("lifespan", "http/1.0", "http/1.1", "websocket"),
    # It trusts forwarding headers from the loopback, so a check that sends some would change the scope.
    command="uvicorn {app} --no-access-log --no-proxy-headers",
    tcp="--fd {fd}",
    port="--host {host} --port {port}",
    ipv6="--fd {fd}",
    unix="--uds {uds}",
    unix_fd="--fd {fd}",
    tls="--ssl-certfile {certificate} --ssl-keyfile {key}",
    mutual="--ssl-ca-certs {authority} --ssl-cert-reqs 1",
    workers="--workers 2",
    alone=("uvicorn_in_a_thread",),
    forwarded="--proxy-headers --forwarded-allow-ips=*",
    root_path="--root-path {root_path}",
    # Without it, a call that waits for ever keeps the server from stopping.
    flags={"--timeout-graceful-shutdown 1": "0.22"},
    speaks_with={"--http2": ("http/2", "h2c")},
    variants={
        "h11": "--http h11 --ws wsproto",
        "httptools": "--http httptools --ws websockets-sansio",
        "http2": "--http zttp --http2",
        "websockets": "--ws websockets",
        "websockets-sansio": "--ws websockets-sansio",
        "wsproto": "--ws wsproto",
        "asyncio": "--loop asyncio",
        "uvloop": "--loop uvloop",
        "thread": "{python} {programs}/uvicorn_in_a_thread.py {app}",
        "lifespan-on": "--lifespan on",
        "lifespan-off": "--lifespan off",
    },
    insisting=("--lifespan on", "--lifespan=on"),
)
