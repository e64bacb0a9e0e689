"""Waiting for what can be read, of any number of open files."""

import select


def readable(*descriptors: int, wait: float | None = 0) -> list[int]:
    """Those that can be read, or have ended, as soon as there is one; none after `wait` seconds.

    None waits for as long as it takes. Raises ValueError for a descriptor that is no open file.
    """
    # Unlike `select`, which knows no descriptor above 1023.
    poll = select.poll()
    for descriptor in descriptors:
        poll.register(descriptor, select.POLLIN)
    milliseconds = None if wait is None else max(wait, 0) * 1000
    return [descriptor for descriptor, _ in poll.poll(milliseconds)]
