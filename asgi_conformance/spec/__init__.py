"""What the ASGI specification says: a model without I/O that does not know that sockets exist."""
