"""A sample class, made from the answer banks in ``tests/book/answers``: ``make run`` grades it."""
