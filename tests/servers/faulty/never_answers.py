"""A server that takes what the client says, and never answers."""

import minimal

with minimal.listening() as sock:
    accepted = []
    while True:
        accepted.append(sock.accept())
