"""A server that says why it cannot start, and goes."""

import sys

print("no database", file=sys.stderr)
sys.exit(3)
