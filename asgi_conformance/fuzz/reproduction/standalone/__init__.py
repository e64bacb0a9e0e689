"""The two halves of a reproducer, without their lines: they need the standard library of Python 3.8 only."""
