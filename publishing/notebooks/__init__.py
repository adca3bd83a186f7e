"""What is done to notebooks: they are checked, brought into form, released, read for the book."""
