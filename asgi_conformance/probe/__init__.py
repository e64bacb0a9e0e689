"""The remote-controlled application inside the server, and our end of the string."""
