"""Verifying: what a language model wrote is shown only where the pages hold it; `verification.py` is the door."""
