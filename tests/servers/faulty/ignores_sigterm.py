"""A server that serves well, but will not stop when told."""

import signal

import minimal

signal.signal(signal.SIGTERM, signal.SIG_IGN)
minimal.serve()
