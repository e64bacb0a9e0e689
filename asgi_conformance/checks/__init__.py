"""The checks: each puts one requirement on trial."""
