"""How the notebooks of the course become a book and assignments; see ``python -m publishing``."""
