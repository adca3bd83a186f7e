"""What Sphinx makes of the notebooks: the pages of the book, with their styles and scripts."""
