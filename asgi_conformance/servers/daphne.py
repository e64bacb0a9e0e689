"""How to start daphne."""

from asgi_conformance.servers._adapter import Adapter

ADAPTER = Adapter(
    name="daphne",
    package="daphne",
    install="daphne twisted[http2,tls]",
    speaks=("http/1.0", "http/1.1", "http/2", "websocket"),
    command="daphne {app} -v 0",
    tcp="--fd {fd}",
    port="-b {host} -p {port}",
    # It takes any inherited socket for one of IPv4.
    ipv6="-b {host} -p {port}",
    unix="-u {uds}",
    tls="-e ssl:{port}:privateKey={key}:certKey={certificate}:interface={escaped_host}",
    forwarded="--proxy-headers",
    root_path="--root-path {root_path}",
)
