"""What a browser sees of the book, page by page."""
