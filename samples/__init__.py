"""A sample class, made from the answer banks in ``samples/answers``: ``make run`` grades it."""
