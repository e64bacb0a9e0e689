"""Two servers in the same dialogues: where they differ, and who of them is wrong."""
