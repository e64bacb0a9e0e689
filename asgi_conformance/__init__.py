"""The conformance suite for ASGI servers."""

__version__ = "0.1.0"
