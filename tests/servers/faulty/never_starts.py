"""A server that hangs before it listens or accepts."""

import signal

print("loading for ever", flush=True)
while True:
    signal.pause()
