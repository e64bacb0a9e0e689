"""How to start gunicorn, with its own ASGI worker or with uvicorn's."""

from asgi_conformance.servers._adapter import Adapter

ADAPTER = Adapter(
    name="gunicorn",
    package="gunicorn",
    install="gunicorn[http2] uvicorn-worker",
    speaks=("lifespan", "http/1.0", "http/1.1", "http/2", "websocket"),
    command="gunicorn {app} -k asgi --graceful-timeout 3",
    tcp="-b fd://{fd}",
    port="-b {host}:{port}",
    ipv6="-b fd://{fd}",
    unix="-b unix:{uds}",
    unix_fd="-b fd://{fd}",
    tls="--certfile {certificate} --keyfile {key}",
    mutual="--ca-certs {authority} --cert-reqs 1",
    alpn="--http-protocols h2,h1",
    workers="-w 2",
    forwarded="--forwarded-allow-ips=*",
    root_path="--root-path {root_path}",
    # Its option is for its own worker.
    unmounted=("uvicorn_worker.", "uvicorn.workers."),
    mute_with={"uvicorn_worker.": ("http/2",), "uvicorn.workers.": ("http/2",)},
    # All servers of a user would share one control socket.
    flags={"--no-control-socket": "25.1"},
    variants={
        "asgi": "-k asgi",
        "uvicorn": "-k uvicorn_worker.UvicornWorker",
        "lifespan-on": "--asgi-lifespan on",
        "lifespan-off": "--asgi-lifespan off",
    },
    insisting=("--asgi-lifespan on", "--asgi-lifespan=on"),
)
