"""Fuzzing: Hypothesis draws dialogues that no list of checks foresees; the model is the oracle."""
