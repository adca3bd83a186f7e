"""What a class knows: statistics of its grades, as pages and tables that need no server."""
