"""Wait until somebody takes connections on a Unix socket, then become another program: what stands in front.

Run as a script of its own, by whatever Python there is: `_front.py SOCKET PROGRAM ARGUMENT...`
"""

import os
import socket
import sys
import time
from collections.abc import Sequence

PAUSE = 0.02


def is_taken_care_of(path: str) -> bool:
    """Does anybody listen there? A file says nothing: it is made before that, and may be left over."""
    with socket.socket(socket.AF_UNIX) as visitor:
        try:
            visitor.connect(path)
        except OSError:
            return False
    return True


def main(arguments: Sequence[str]) -> None:
    """Wait, for as long as it takes, and do not return."""
    path, *command = arguments
    # No event tells of another process that it begins to listen.
    while not is_taken_care_of(path):
        time.sleep(PAUSE)
    os.execv(command[0], command)


if __name__ == "__main__":
    main(sys.argv[1:])
