"""What students and instructors open: feedback pages, and formgrader's."""
