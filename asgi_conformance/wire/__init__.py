"""What a client puts on the wire and finds there: it does not know ASGI."""
