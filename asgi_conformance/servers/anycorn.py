"""How to start anycorn."""

from asgi_conformance.servers._adapter import Adapter

ADAPTER = Adapter(
    name="anycorn",
    package="anycorn",
    install="anycorn[h3] trio",
    speaks=("lifespan", "http/1.0", "http/1.1", "http/2", "http/3", "h2c", "websocket"),
    # As short as what others are given: a request in flight is to be answered, a call that hangs is not.
    command="anycorn {app} -w 0 --graceful-timeout 1",
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
    root_path="--root-path {root_path}",
    # On trio the signal to stop is handled only where there is a worker.
    variants={"asyncio": "-k asyncio", "trio": "-k trio -w 1"},
)
