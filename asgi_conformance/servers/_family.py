"""The processes that belong to one server, however they detached themselves; it knows only process ids."""

import contextlib
import os
import signal
import sys
import time
from multiprocessing.connection import wait
from pathlib import Path


class Family:
    """All of a process group, and on Linux of the session, and all that carry the mark in their environment.

    The mark finds daemons that left the session; the session finds workers that wrote over their environment,
    as those do that change their title, and what a supervisor puts into groups of their own. The leader must
    not be reaped while the family is in use, or its id may come to stand for a stranger.
    """

    def __init__(self, leader: int, mark: str) -> None:
        self.leader = leader
        self.mark = mark.encode()

    def members(self) -> tuple[int, ...]:
        """The ids of those that live; elsewhere than on Linux the leader's id stands for the whole group."""
        if sys.platform == "linux":
            everybody = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())
            return tuple(pid for pid in everybody if self._belongs(pid))
        try:
            os.killpg(self.leader, 0)
        except OSError:
            return ()
        return (self.leader,)

    def _belongs(self, pid: int) -> bool:
        try:
            state, _, _, session = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[:4]
            if state in b"ZX":
                return False
            return int(session) == self.leader or self.mark in Path(f"/proc/{pid}/environ").read_bytes()
        except OSError:
            return False

    def lasts(self, seconds: float) -> tuple[int, ...]:
        """Wait until none lives. Returns those that still do after `seconds`."""
        end = time.monotonic() + seconds
        while (members := self.members()) and (left := end - time.monotonic()) > 0:
            _until_one_ends(members, left)
        return members

    def kill(self, seconds: float) -> None:
        """Kill all, also those born meanwhile; `seconds` bound the wait for what the kernel holds."""
        end = time.monotonic() + seconds
        with contextlib.suppress(OSError):
            os.killpg(self.leader, signal.SIGKILL)
        while (members := self.members()) and (left := end - time.monotonic()) > 0:
            for pid in members:
                with contextlib.suppress(OSError):
                    os.kill(pid, signal.SIGKILL)
            _until_one_ends(members, left)


def _until_one_ends(members: tuple[int, ...], seconds: float) -> None:
    if sys.platform != "linux":
        # Nothing tells of the end of somebody else's child here, so look again shortly.
        time.sleep(min(seconds, 0.01))
        return
    descriptors: list[int] = []
    try:
        for pid in members:
            descriptors.append(os.pidfd_open(pid))
        wait(descriptors, seconds)
    except ProcessLookupError:
        pass  # One has ended already: that is what we wait for.
    finally:
        for descriptor in descriptors:
            os.close(descriptor)
