"""A server whose worker lives on in its process group when it stops."""

import os
import signal

import minimal

if os.fork() == 0:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while True:
        signal.pause()
minimal.serve()
