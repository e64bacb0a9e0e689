"""How to start hypercorn."""

from asgi_conformance.servers._adapter import Adapter

ADAPTER = Adapter(
    name="hypercorn",
    package="hypercorn",
    install="hypercorn[h3,trio,uvloop]",
    speaks=("lifespan", "http/1.0", "http/1.1", "http/2", "http/3", "h2c", "websocket"),
    # As short as what others are given: a request in flight is to be answered, a call that hangs is not.
    command="hypercorn {app} --graceful-timeout 1",
    tcp="--bind fd://{fd}",
    port="--bind {host}:{port}",
    ipv6="--bind fd://{fd}",
    unix="--bind unix:{uds}",
    unix_fd="--bind fd://{fd}",
    tls="--certfile {certificate} --keyfile {key}",
    mutual="--ca-certs {authority} --verify-mode CERT_OPTIONAL",
    quic="--quic-bind fd://{quic}",
    quic_package="aioquic",
    workers="-w 2",
    alone=("hypercorn_in_a_thread",),
    root_path="--root-path {root_path}",
    # No worker process: half the time to start, and an exit code that tells of failures.
    flags={"-w 0": "0.15"},
    # On trio the signal to stop is handled only where there is a worker.
    variants={
        "asyncio": "-k asyncio",
        "uvloop": "-k uvloop",
        "trio": "-k trio -w 1",
        "thread": "{python} {programs}/hypercorn_in_a_thread.py {app}",
    },
)
