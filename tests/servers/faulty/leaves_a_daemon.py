"""A server that leaves a daemon: in a session of its own, its parent gone, its output nowhere."""

import os
import signal

import minimal

if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        nowhere = os.open(os.devnull, os.O_RDWR)
        for descriptor in range(3):
            os.dup2(nowhere, descriptor)
        while True:
            signal.pause()
    os._exit(0)
os.wait()
minimal.serve()
