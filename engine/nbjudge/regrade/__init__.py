"""When the assignment was wrong: grades given again by mended tests, exercises withdrawn."""
