"""All that knows nbgrader's database."""
