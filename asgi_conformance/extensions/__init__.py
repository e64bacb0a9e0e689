"""The extensions: of each its events, what it adds to a chapter, and its checks."""
